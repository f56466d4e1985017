// The parent row of any row of a table, for each reference: by an exact curve, by distinct pairs, by membership, inside a group, or by
// following other references. Nothing is looked up; parents are recomputed from the plan, so any row can be asked at any time.
import { ShapecastError } from '../../core/errors.ts';
import type { Plan, PlanPairs, PlanReference, PlanTable } from '../../spec/plan.ts';
import type { RowList } from '../columns/row-list.ts';
import { ApartSource } from './apart-source.ts';
import { MemberSource } from './member-source.ts';
import type { PairPositions } from './pairs-lookup.ts';
import { CurveSource, ParentSource } from './parent-source.ts';
import { PairSource, RankedSource } from './ranked-source.ts';
import { TableRoom } from './small-table.ts';
import { TreeSource } from './tree-source.ts';
import { WithinSource } from './within-source.ts';

/** The parents of every reference of a plan, made on demand and kept. */
export class Parents {
  private readonly plan: Plan;
  private readonly made = new Map<string, ParentSource>();
  private readonly room = new TableRoom();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /** The source of reference `reference` of table `table`, both by index. */
  source(table: number, reference: number): ParentSource {
    const key = `${table}.${reference}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = this.make(table, reference).setRows(this.plan.tables[table]?.rows ?? 0, this.room);
    this.made.set(key, made);
    return made;
  }

  /** The same where the reference has a curve of its own. */
  curve(table: number, reference: number): CurveSource {
    const source = this.source(table, reference);
    if (!isCurve(source))
      throw new ShapecastError('BUG', { what: 'the plan counts the children of a reference without a curve' });
    return source;
  }

  /** The row reached by following references, one after the other; -1 where one is NULL. */
  along(table: number, steps: readonly number[]): ParentSource {
    let at = table;
    const sources = steps.map((step) => {
      const source = this.source(at, step);
      at = this.plan.tables[at]?.references[step]?.table ?? at;
      return source;
    });
    return sources.length === 1 ? (sources[0] as ParentSource) : new AlongSource(sources);
  }

  /** Which row has which position among the pairs of a table: by profile where the side that owns the runs goes by profile. */
  pairPositions(table: number, { runs }: PlanPairs): PairPositions | null {
    if (this.plan.tables[table]?.references[runs]?.ranks.order !== 'profile') return null;
    const source = this.source(table, runs);
    if (!(source instanceof RankedSource))
      throw new ShapecastError('BUG', { what: 'the side of pairs that owns the runs has no curve' });
    return source;
  }

  private make(tableIndex: number, index: number): ParentSource {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const reference = table.references[index] as PlanReference;
    const { membership, within, through } = reference;
    if (through !== null) return this.along(tableIndex, through);
    if (membership !== null) {
      return new MemberSource({
        group: this.curve(membership.table, membership.group),
        member: this.source(membership.table, membership.member),
        given: this.along(tableIndex, membership.given),
        except: membership.except === null ? null : this.along(tableIndex, membership.except),
        key: membership.key,
      });
    }
    if (within !== null) {
      return new WithinSource({
        group: this.curve(reference.table, within.reference),
        given: this.along(tableIndex, within.given),
        siblings: within.distinctFor === null ? null : this.curve(tableIndex, within.distinctFor),
        isSelf: within.isSelf,
        key: within.key,
        ranks: reference.ranks,
        table,
      });
    }
    if (reference.tree !== null) return new TreeSource(table, reference, reference.tree);
    const parents = this.plan.tables[reference.table] as PlanTable;
    const pairs = table.pairs.find((pair) => pair.other === index);
    if (pairs !== undefined) return new PairSource(pairs, this.pairPositions(tableIndex, pairs), reference, parents);
    const ranked = new RankedSource(table, reference, parents, this.room);
    return reference.otherThan === undefined ? ranked : new ApartSource(ranked, this.source(tableIndex, reference.otherThan));
  }
}

function isCurve(source: ParentSource): source is CurveSource {
  return source instanceof CurveSource;
}

/** Several references one after the other. */
class AlongSource extends ParentSource {
  private readonly sources: readonly ParentSource[];

  constructor(sources: readonly ParentSource[]) {
    super();
    this.sources = sources;
  }

  parentOf(row: number): number {
    let at = row;
    for (const source of this.sources) {
      if (at < 0) return -1;
      at = source.parentOf(at);
    }
    return at;
  }

  override parentsOf(list: RowList): RowList {
    return this.sources.reduce((rows, source) => source.parentsOf(rows), list);
  }
}
