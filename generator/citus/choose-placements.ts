// Which tables a Citus cluster cuts into shards, by which column, and which it keeps whole on every node: as the spec says, else from the keys.
// Small tables that others refer to are kept whole. A large one is cut by the column that keeps most rows beside those that they refer to.
import type { Problem } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogForeignKey, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlacementSpec } from '../../spec/placement.ts';
import { candidateColumns, describeUnfit } from './candidate-columns.ts';

/** Larger tables are not copied to every node. */
const MOST_REFERENCE_ROWS = 1_000_000;
const LARGEST_REFERENCE_SHARE = 0.05;

export interface PlacementInput {
  readonly name: string;
  readonly rows: number;
  readonly catalog: CatalogTable;
  readonly wanted: PlacementSpec | undefined;
}

export type Placement =
  | { readonly kind: 'reference' | 'local' }
  /** `group`: the table with whose shards these lie, itself where it is the first. */
  | { readonly kind: 'distributed'; readonly by: string; readonly group: string };

export interface PlacedTable extends PlacementInput {
  readonly placement: Placement;
  readonly because: string;
}

/** A placement for every table, which come parents first. Pure. Faults of what the spec wants are the problems. */
export function choosePlacements(inputs: readonly PlacementInput[]): {
  readonly placed: readonly PlacedTable[];
  readonly problems: readonly Problem[];
} {
  const placed: PlacedTable[] = [];
  const problems: Problem[] = [];
  for (const input of inputs) {
    const fault = faultOf(input, placed);
    if (fault !== null) problems.push({ path: `tables.${input.name}.placement`, message: fault });
    placed.push({
      ...input,
      ...(input.wanted === undefined || fault !== null ? propose(input, inputs, placed) : follow(input, input.wanted, placed)),
    });
  }
  return { placed, problems };
}

type Choice = Pick<PlacedTable, 'placement' | 'because'>;

function follow(input: PlacementInput, wanted: PlacementSpec, placed: readonly PlacedTable[]): Choice {
  const because = wanted.because ?? 'the spec says so';
  if (wanted.kind !== 'distributed') return { placement: { kind: wanted.kind }, because };
  const beside = wanted.colocateWith ?? besideOf(input, wanted.by, placed)?.name;
  return {
    placement: distributed(
      input,
      wanted.by,
      placed.find(({ name }) => name === beside),
    ),
    because,
  };
}

function faultOf({ catalog, wanted }: PlacementInput, placed: readonly PlacedTable[]): string | null {
  if (wanted?.kind !== 'distributed') return null;
  const { by, colocateWith } = wanted;
  if (!candidateColumns(catalog).includes(by)) return `cannot be distributed by ${by}: ${describeUnfit(catalog, by)}`;
  if (colocateWith === undefined) return null;
  const other = placed.find(({ name }) => name === colocateWith);
  if (other?.placement.kind !== 'distributed') return `${colocateWith} is not a distributed table that comes before this one`;
  return isSameType(catalog, by, other) ? null : `${by} is not of the type by which ${colocateWith} is distributed`;
}

function propose(input: PlacementInput, inputs: readonly PlacementInput[], placed: readonly PlacedTable[]): Choice {
  const isReferenced = inputs.some((other) => other !== input && keysTo(other, input).length > 0);
  const limit = Math.min(MOST_REFERENCE_ROWS, LARGEST_REFERENCE_SHARE * Math.max(...inputs.map(({ rows }) => rows)));
  if (isReferenced && input.rows <= limit) {
    return { placement: { kind: 'reference' }, because: 'others refer to it, and it is small enough to be whole on every node' };
  }
  const [best] = candidateColumns(input.catalog)
    .map((column) => ({ column, rows: rowsBeside(input, column, inputs, placed) }))
    .sort((left, right) => right.rows - left.rows);
  if (best === undefined) {
    const because = 'no column that is never NULL is in all of its unique keys';
    return { placement: { kind: isReferenced ? 'reference' : 'local' }, because };
  }
  const parent = besideOf(input, best.column, placed);
  return {
    placement: distributed(input, best.column, parent),
    because:
      parent === undefined
        ? `${best.column} is in all of its unique keys`
        : `${best.column} leads to ${parent.name}, whose rows lie beside`,
  };
}

function distributed({ name }: PlacementInput, by: string, beside: PlacedTable | undefined): Placement {
  return { kind: 'distributed', by, group: beside?.placement.kind === 'distributed' ? beside.placement.group : name };
}

/** Rows that would lie beside the one that they refer to: of this table, and of those that refer to it. */
function rowsBeside(
  input: PlacementInput,
  column: string,
  inputs: readonly PlacementInput[],
  placed: readonly PlacedTable[],
): number {
  const up = besideOf(input, column, placed) === undefined ? 0 : input.rows;
  const children = inputs.filter(
    (child) =>
      child !== input &&
      keysTo(child, input).some((key) => {
        const from = key.columns[key.referencedColumns.indexOf(column)];
        return from !== undefined && candidateColumns(child.catalog).includes(from);
      }),
  );
  return up + children.reduce((sum, child) => sum + child.rows, 0);
}

/** The distributed parent that the column leads to by its own distribution column. */
function besideOf(input: PlacementInput, column: string, placed: readonly PlacedTable[]): PlacedTable | undefined {
  return placed.find(
    (parent) =>
      isSameType(input.catalog, column, parent) && keysTo(input, parent).some((key) => leadsTo(key, column, parent.placement)),
  );
}

/** Whether the key maps the column to the one by which its parent is distributed. */
export function leadsTo(key: CatalogForeignKey, column: string, placement: Placement): boolean {
  return placement.kind === 'distributed' && key.referencedColumns[key.columns.indexOf(column)] === placement.by;
}

function isSameType(table: CatalogTable, column: string, { catalog, placement }: PlacedTable): boolean {
  if (placement.kind !== 'distributed') return false;
  const typeOf = (of: CatalogTable, name: string) => of.columns.find((candidate) => candidate.name === name)?.typeOid;
  return typeOf(table, column) === typeOf(catalog, placement.by);
}

function keysTo(from: PlacementInput, to: PlacementInput): CatalogForeignKey[] {
  return from.catalog.foreignKeys.filter(({ references }) => formatTableKey(references) === to.name);
}
