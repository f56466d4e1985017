// The second pass run: cuts from what the first pass released, one count per pair, folding, choice. A copy is measured on exactly the
// pairs and cuts of the pack that it is compared with.
import { ShapecastError } from '../../../core/errors.ts';
import { type Marginal, NO_PAIRS, type Pack, type PackPairs, type PairMarginal } from '../../../spec/pack.ts';
import { namePairAxis, type PairAxis } from '../../../spec/pair-axis.ts';
import type { Policy } from '../../../spec/policy.ts';
import { costOfMarginal } from '../../protect/budget.ts';
import { foldPair } from '../../protect/fold-pairs.ts';
import type { Task } from '../../run-passes.ts';
import { copyOut } from '../copy-out.ts';
import type { CodeTranslation } from '../counters.ts';
import { type Candidate, type CutSource, isOfPass, listCandidates } from './candidates.ts';
import { choosePairs, type PairRule } from './choose-pairs.ts';
import { classOf } from './class-of.ts';
import { coarseAxis, degreeCuts, lagCuts } from './coarse-axes.ts';
import { startCountingPairs } from './count-pairs.ts';
import { type DistinctTimes, startDistinctTimes } from './distinct-times.ts';
import { informationOf } from './information.ts';
import { startJoined } from './measure-joined.ts';
import type { PairPass } from './pair-pass.ts';
import { nameOfSource, type PairSource } from './pair-sources.ts';
import { copyAxis } from './shape-axes.ts';

/** What the first pass gave. */
export interface Released {
  readonly marginals: readonly Marginal[];
  /** Rows of a table; null where withheld. */
  readonly rowsOf: (table: string) => number | null;
  /** From label codes to positions; null for labels that the type declares. */
  readonly labelsOf: (table: string, column: string) => CodeTranslation | null;
}

export interface PairRequest {
  readonly rule: PairRule;
  readonly policy: Policy;
  readonly passes: readonly PairPass[];
  readonly times: readonly DistinctTimes[];
  readonly released: Released;
  /** Exactly these pairs. */
  readonly shape: Pack | null;
  /** Runs the statements, on as many connections as there are. */
  readonly run: (tasks: readonly Task[]) => Promise<void>;
}

/** The pairs of the pack. Throws QUERY_FAILED, CONNECT_FAILED, INTERRUPTED, POLICY_MISMATCH for a pair that does not exist. */
export async function measurePairs(request: PairRequest): Promise<PackPairs> {
  const { rule, released } = request;
  if (rule === 'none') return NO_PAIRS;
  const work = request.passes.map((pass) => startPass(pass, request));
  const times = startDistinctTimes(request.shape === null ? request.times : [], released.marginals);
  await request.run([...work.flatMap(({ tasks }) => tasks), ...times.tasks]);
  const measured = work.flatMap(({ release }) => release());
  if (request.shape !== null) return { ...NO_PAIRS, rule, marginals: measured };
  const marginals = choosePairs(measured, rule, rule === 'policy' ? wantedPairs(measured, request) : []);
  return { rule, leftOut: measured.length - marginals.length, marginals, distinctTimes: times.counts() };
}

interface StartedPass {
  readonly tasks: readonly Task[];
  readonly release: () => PairMarginal[];
}

function startPass(pass: PairPass, request: PairRequest): StartedPass {
  const { candidates, sources } =
    request.shape === null ? freeChoice(pass, request) : choiceOfShape(pass, request.shape, request);
  if (candidates.length === 0) return { tasks: [], release: () => [] };
  const offset = pass.hasBucket ? 1 : 0;
  const fieldOf = (id: string) => offset + pass.codes.findIndex((code) => code.id === id);
  const counted = sources.map(({ source, axis }) => ({
    axis,
    field: fieldOf(source.code.id),
    classOf: classOf(axis, translationOf(source, request.released)),
  }));
  const bucketsOf = ({ axes }: Candidate) => {
    const others = axes.flatMap((at) => sources[at]?.source.units ?? []).map(({ id }) => fieldOf(id));
    return [...(pass.hasBucket ? [0] : []), ...new Set(others)];
  };
  const mapsOf = ({ axes }: Candidate) =>
    axes.flatMap((at) => {
      const source = sources[at]?.source;
      const [first] = source?.childMap ?? [];
      return source === undefined || first === undefined ? [] : [{ field: fieldOf(first.id), degree: fieldOf(source.code.id) }];
    });
  const counts = startCountingPairs(
    counted,
    candidates.map((each) => ({ axes: each.axes, buckets: pass.k > 1 ? bucketsOf(each) : [], maps: mapsOf(each) })),
  );
  const joined = startJoined({ pass, sources, candidates, fieldOf });
  const addRow = (row: Int32Array) => {
    counts.addRow(row);
    joined.addRow(row);
  };
  const fields = offset + pass.codes.length;
  return {
    tasks: pass.statements.map(({ sql, pages }) => ({
      pages,
      run: (client) => copyOut(client, sql, fields, addRow, pass.what),
    })),
    release: () =>
      candidates.map(({ axes, why }, at): PairMarginal => {
        const own = axes.flatMap((axis) => sources[axis]?.axis ?? []);
        const folded = foldPair(counts.cellsOf(at), own, { k: pass.k, childK: pass.childK ?? 1 });
        const information = informationOf(own, folded.cells);
        const joinedRows = joined.release(at, folded.cells);
        const rows = joinedRows === null ? {} : { joinedRows };
        return { table: pass.table, axes: own, why, information, ...folded, ...rows, cost: { rho: costOfMarginal() } };
      }),
  };
}

interface Choice {
  readonly sources: readonly CutSource[];
  readonly candidates: readonly Candidate[];
}

function freeChoice(pass: PairPass, { released }: PairRequest): Choice {
  const cut = pass.sources.flatMap((source) => cutSource(source, released));
  // A column with labels needs no lengths beside them.
  const hasLabels = (source: PairSource, column: string) =>
    cut.some(
      ({ axis, source: other }) => axis.kind === 'category' && axis.column === column && other.reference === source.reference,
    );
  const sources = cut.filter(({ axis, source }) => axis.kind !== 'length' || !hasLabels(source, axis.column));
  return { sources, candidates: listCandidates(sources, pass.indexed, released.rowsOf(pass.table) ?? 0) };
}

function cutSource(source: PairSource, released: Released): CutSource[] {
  const { draft, fine } = source;
  if (draft.kind === 'lag') return [{ source, axis: { ...draft, cuts: lagCuts() } }];
  if (fine === null) return [{ source, axis: draft }];
  const marginal = findFine(fine, released.marginals);
  if (draft.kind === 'degree') return [{ source, axis: { ...draft, cuts: degreeCuts(marginal, 'halfOctave') } }];
  const via = 'via' in draft ? draft.via : undefined;
  const axis = coarseAxis(fine.axis, marginal, via);
  if (axis === null) return [];
  const ofChild = 'ofChild' in draft && draft.ofChild !== undefined ? { ofChild: draft.ofChild } : {};
  return [{ source, axis: axis.kind === 'number' || axis.kind === 'category' ? { ...axis, ...ofChild } : axis }];
}

/** The released marginal over the same axis. */
function findFine({ table, axis }: NonNullable<PairSource['fine']>, marginals: readonly Marginal[]): Marginal | undefined {
  return marginals.find((marginal) => {
    const [own] = marginal.axes;
    if (marginal.table !== table || own?.kind !== axis.kind || marginal.axes.length !== 1) return false;
    if (own.kind === 'degree') {
      return axis.kind === 'degree' && own.child === axis.child && String(own.columns) === String(axis.columns);
    }
    if (own.kind === 'length' && axis.kind === 'length' && own.of !== axis.of) return false;
    return axis.kind !== 'degree' && own.column === axis.column;
  });
}

function translationOf({ draft, fine }: PairSource, released: Released): CodeTranslation | null {
  return draft.kind === 'category' && fine !== null ? released.labelsOf(fine.table, draft.column) : null;
}

/** The pairs that another pack has of this pass, on its cuts. */
function choiceOfShape(pass: PairPass, shape: Pack, { released }: PairRequest): Choice {
  const sources: CutSource[] = [];
  const place = (axis: PairAxis): number | null => {
    const source = pass.sources.find((each) => nameOfSource(each) === namePairAxis(axis) && isSameVia(each.draft, axis));
    if (source === undefined) return null;
    const fine = source.fine === null ? undefined : findFine(source.fine, released.marginals);
    const copied = copyAxis(axis, source.fine?.table ?? pass.table, fine, shape);
    const known = sources.findIndex((each) => JSON.stringify(each.axis) === JSON.stringify(copied));
    return known >= 0 ? known : sources.push({ source, axis: copied }) - 1;
  };
  const candidates = shape.pairs.marginals
    .filter(({ table }) => table === pass.table)
    .flatMap(({ axes, why }): Candidate[] => {
      const places = axes.map(place);
      const found = places.filter((at) => at !== null);
      return found.length === places.length ? [{ axes: found, why }] : [];
    })
    .filter(({ axes }) =>
      isOfPass(
        pass.sources,
        axes.flatMap((at) => sources[at]?.source ?? []),
      ),
    );
  return { sources, candidates };
}

function isSameVia(left: PairAxis, right: PairAxis): boolean {
  const viaOf = (axis: PairAxis) => ('via' in axis ? JSON.stringify(axis.via) : undefined);
  return viaOf(left) === viaOf(right);
}

/** The measured pairs that the policy lists. */
function wantedPairs(measured: readonly PairMarginal[], { policy }: PairRequest): PairMarginal[] {
  const listed = policy.pairs === undefined || policy.pairs === 'none' ? [] : policy.pairs;
  const found = listed.map(({ table, axes }) =>
    measured.find((pair) => pair.table === table && String(pair.axes.map(namePairAxis).sort()) === String([...axes].sort())),
  );
  const problems = found.flatMap((pair, at) =>
    pair === undefined
      ? [{ path: `pairs.${at}`, message: `${listed[at]?.table} has no such pair, or it could not be measured` }]
      : [],
  );
  if (problems.length > 0) throw new ShapecastError('POLICY_MISMATCH', { problems });
  return found.filter((pair) => pair !== undefined);
}
