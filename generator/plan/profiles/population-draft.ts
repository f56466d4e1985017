// The population of a table while it is put together: variables come into being when an axis asks for them.
import { classCount, FIRST_CLASS, NULL_CLASS, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import type { PlanColumn, PlanReference, PlanTable } from '../../../spec/plan.ts';
import type { TableSpec } from '../../../spec/spec.ts';
import type { PlaceAxis, PopulationVariable } from '../../../stats/population/population.ts';
import { classesByRank } from './classes-by-rank.ts';
import { parentsOfPlaces } from './line-of-parents.ts';
import { orderOfLine } from './order-of-line.ts';
import { classesOfPlaces, type RankRun } from './place-classes.ts';
import { referenceAt } from './reference-at.ts';
import { columnVariable, degreeVariable, HEAP, lineVariable, type TableShape, treeVariable } from './table-shape.ts';
import { isProfiledTree, presenceOfRanks, type TreeRanks, treeRanks } from './tree-variable.ts';
import { hasProfiledChildren, hasProfiledParents, isOtherSide, isProfiledColumn } from './usable-columns.ts';

export interface DraftRequest {
  readonly table: number;
  readonly tables: readonly PlanTable[];
  /** The table's own. */
  readonly spec: TableSpec;
  readonly size: number;
  /** Of the tables that were fitted before. */
  readonly shapes: ReadonlyMap<number, TableShape>;
  /** Columns that stand in the order of the heap: their places are the heap's. */
  readonly inHeapOrder: ReadonlySet<string>;
  /** Bounds of the heap axis by its number of ranges: ranks of the heap, one for each range. */
  readonly heapRuns: (ranges: number) => readonly RankRun[];
  /** References whose children follow the order of the heap, or of their parents' times, closer than classes say. */
  readonly startsInOrder: (reference: number) => boolean;
  /** Axes of the parents that this table's marginals speak of, by reference: what makes parents alike. */
  readonly parentAxes: (reference: number) => readonly PairAxis[];
  readonly followsOtherSide: boolean;
  /** References whose children stand in the order of their parents' heap: their places are the heap's. */
  readonly childrenInHeapOrder: (reference: number) => boolean;
}

interface Line {
  /** The parents' profile at each place; -1 without a parent. */
  readonly parents: Int32Array;
  readonly shape: TableShape;
  /** The place of each parents' profile on the line. */
  readonly line: Int32Array;
}

export class PopulationDraft {
  readonly variables: PopulationVariable[] = [{ name: HEAP, isFixed: true }];
  readonly lines = new Map<number, Line>();
  private readonly inHeapOrder = new Set<number>();
  private readonly trees = new Map<number, TreeRanks>();
  private readonly request: DraftRequest;
  private readonly table: PlanTable;

  constructor(request: DraftRequest) {
    this.request = request;
    this.table = request.tables[request.table] as PlanTable;
  }

  /** The variable's index by name; undefined when nothing asked for it. */
  find(name: string): number | undefined {
    const at = this.variables.findIndex((variable) => variable.name === name);
    return at < 0 ? undefined : at;
  }

  /** The axis over places of one variable; null where the table has nothing that follows it. Lags are not for here. */
  axis(axis: PairAxis): PlaceAxis | null {
    if ('ofChild' in axis && axis.ofChild !== undefined) return null;
    if ('via' in axis && axis.via !== undefined) return this.parentAxis(axis, axis.via);
    switch (axis.kind) {
      case 'heap':
        return this.placeAxis(0, axis, this.request.heapRuns(axis.ranges));
      case 'degree':
        return this.degreeAxis(axis);
      case 'presence':
      case 'number':
      case 'length':
      case 'time':
      case 'category':
        return this.columnAxis(axis);
      default:
        return null;
    }
  }

  /** The variable of a column; null for one that does not follow its ranks. */
  columnVariable(name: string): number | null {
    const column = this.column(name);
    if (column === undefined || !isProfiledColumn(column, this.request.table, this.request.tables)) return null;
    if (this.request.inHeapOrder.has(name)) return 0;
    return this.variable(columnVariable(name));
  }

  /** The variable of the order of parents under a child's reference. */
  degreeVariable(child: number, reference: number): number | null {
    const one = this.request.tables[child]?.references[reference];
    if (one === undefined || one.table !== this.request.table || !hasProfiledParents(one)) return null;
    return this.variable(degreeVariable(child, reference));
  }

  /** The degrees of the parents under a child's reference; null where there are none. */
  curve(child: number, reference: number): PlanReference['curve'] {
    return this.request.tables[child]?.references[reference]?.curve ?? null;
  }

  /** The reference of a child to this table by these columns; null where there is none. */
  childReference(name: string, key: readonly string[]): { readonly child: number; readonly reference: number } | null {
    const child = this.request.tables.findIndex((table) => table.name === name);
    const references = this.request.tables[child]?.references ?? [];
    const reference = references.findIndex(
      ({ columns, table }) => table === this.request.table && String(columns) === String(key),
    );
    return reference < 0 ? null : { child, reference };
  }

  /** A reference of the table to itself by its ranks, with their variable; null of others, and where profiles have several rows. */
  tree(child: number, at: number): (TreeRanks & { readonly variable: number }) | null {
    const reference = this.table.references[at];
    if (child !== this.request.table || reference === undefined) return null;
    if (!isProfiledTree(reference, this.request.size === this.table.rows)) return null;
    const ranks = this.trees.get(at) ?? treeRanks(reference, this.table.rows);
    if (ranks === null) return null;
    this.trees.set(at, ranks);
    return { ...ranks, variable: this.variable(treeVariable(at)) };
  }

  /** The line of a reference's children; null where children do not follow profiles. */
  line(at: number): Line | null {
    const known = this.lines.get(at);
    if (known !== undefined) return known;
    const reference = this.table.references[at];
    if (reference === undefined || !hasProfiledChildren(reference, at, this.request.table, this.request.tables)) return null;
    if (isOtherSide(this.table, at) && !this.request.followsOtherSide) return null;
    const shape = this.request.shapes.get(reference.table);
    const made = shape === undefined ? null : this.makeLine(reference, at, shape);
    if (made === null) return null;
    this.lines.set(at, made);
    // The other side of pairs must be free to change places, or the same pairs would meet again.
    if (this.request.childrenInHeapOrder(at) && !isOtherSide(this.table, at)) this.inHeapOrder.add(at);
    else this.variable(lineVariable(at), this.request.startsInOrder(at));
    return made;
  }

  /** The variable of a line that there is. */
  lineVariable(at: number): number {
    return this.inHeapOrder.has(at) ? 0 : (this.find(lineVariable(at)) ?? 0);
  }

  /** The reference that leads the way; -1 for none. */
  referenceOf(via: Via): number {
    return referenceAt(this.table, this.request.tables, via);
  }

  column(name: string): PlanColumn | undefined {
    return this.table.columns.find((column) => column.name === name);
  }

  private variable(name: string, startsInOrder = false): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    return this.variables.push({ name, isFixed: false, ...(startsInOrder ? { startsInOrder } : {}) }) - 1;
  }

  private placeAxis(variable: number, axis: PairAxis, runs: readonly RankRun[]): PlaceAxis {
    const classOf = classesOfPlaces(runs, this.request.size, this.table.rows);
    return { kind: 'place', variable, classes: classCount(axis), classOf };
  }

  private columnAxis(
    axis: Exclude<PairAxis, { kind: 'heap' | 'degree' | 'lag' | 'sameParent' | 'sameAsPrevious' }>,
  ): PlaceAxis | null {
    const column = this.column(axis.column);
    const variable = this.columnVariable(axis.column);
    if (column !== undefined && variable !== null) {
      const spec = this.request.spec.columns[axis.column];
      const runs = spec === undefined ? null : classesByRank({ column, spec, rows: this.table.rows }, axis);
      return runs === null ? null : this.placeAxis(variable, axis, runs);
    }
    if (axis.kind !== 'presence') return null;
    const at = this.table.references.findIndex(({ columns }) => columns.includes(axis.column));
    const tree = this.tree(this.request.table, at);
    if (tree !== null && tree.roots > 0) return this.treeAxis(tree.variable, axis, presenceOfRanks(tree));
    if (at < 0 || this.line(at) === null) return null;
    const nulls = this.table.references[at]?.nulls ?? 0;
    const runs = [
      { upTo: nulls, classOf: NULL_CLASS },
      { upTo: this.table.rows, classOf: FIRST_CLASS },
    ];
    return this.placeAxis(this.lineVariable(at), axis, nulls === 0 ? runs.slice(1) : runs);
  }

  private degreeAxis(axis: PairAxis & { kind: 'degree' }): PlaceAxis | null {
    const found = this.childReference(axis.child, axis.columns);
    if (found === null) return null;
    const classOf = (degree: number) => FIRST_CLASS + axis.cuts.filter((cut) => cut <= degree).length;
    const tree = this.tree(found.child, found.reference);
    if (tree !== null) return this.treeAxis(tree.variable, axis, Uint16Array.from(tree.degrees, classOf));
    const variable = this.degreeVariable(found.child, found.reference);
    const curve = this.curve(found.child, found.reference);
    if (variable === null || curve === null) return null;
    const runs = curve.rank.map((rank, segment): RankRun => {
      return { upTo: rank + (curve.count[segment] ?? 0), classOf: classOf(curve.degree[segment] ?? 0) };
    });
    return this.placeAxis(variable, axis, runs);
  }

  private treeAxis(variable: number, axis: PairAxis, classOf: Uint16Array): PlaceAxis {
    return { kind: 'place', variable, classes: classCount(axis), classOf };
  }

  private parentAxis(axis: PairAxis, via: Via): PlaceAxis | null {
    const at = this.referenceOf(via);
    const line = at < 0 ? null : this.line(at);
    const own = withoutVia(axis);
    const classes = line === null || own === null ? null : line.shape.classesOf(own);
    if (line === null || classes === null) return null;
    const classOf = Uint16Array.from(line.parents, (parent) => (parent < 0 ? NULL_CLASS : (classes[parent] as number)));
    return { kind: 'place', variable: this.lineVariable(at), classes: classCount(axis), classOf };
  }

  private makeLine(reference: PlanReference, at: number, shape: TableShape): Line | null {
    const { request, table } = this;
    const degreePlaces = shape.places.get(degreeVariable(request.table, at));
    if (degreePlaces === undefined || reference.curve === null) return null;
    const isFine = shape.size === shape.rows && request.size === table.rows;
    const alike = isFine ? [] : request.parentAxes(at).flatMap((axis) => shape.classesOf(axis) ?? []);
    const line = orderOfLine(shape.size, isFine, alike);
    const parents = parentsOfPlaces({
      curve: reference.curve,
      parentRows: shape.rows,
      parentSize: shape.size,
      degreePlaces,
      line,
      rows: table.rows,
      nulls: reference.nulls,
      size: request.size,
    });
    return { parents, shape, line };
  }
}

/** The axis as the parent's own; null for axes that no parent has alone. */
export function withoutVia(axis: PairAxis): PairAxis | null {
  if (axis.kind === 'lag' || axis.kind === 'sameParent' || axis.kind === 'sameAsPrevious') return null;
  const { via: _, ...own } = axis;
  return own;
}
