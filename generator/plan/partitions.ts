// Partitions at plan time: the leaf that a row belongs to follows from its value in one column, so rows go straight into the
// leaves. Where that cannot be told here (several columns, expressions, further levels, types without a hash of ours) they go
// through the root and the server chooses.
import type { CatalogPartitioning, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type BoundEdge, type PartitionBound, parsePartitionBound } from '../../postgres/catalog/partition-bound.ts';
import { isHashablePartitionKey, MAX_HASH_MODULUS } from '../../postgres/partition-hash.ts';
import type { PlanColumn, PlanPartitions } from '../../spec/plan.ts';
import { isWholeKey, isWholeValue, wholeBound } from './bound-value.ts';
import { isTextType } from './value-types.ts';

interface Leaf {
  readonly schema: string;
  readonly relation: string;
  readonly bound: PartitionBound;
}

/** The leaves of a table and the way to them; null where rows go through the root. */
export function resolvePartitions(table: CatalogTable | undefined, columns: readonly PlanColumn[]): PlanPartitions | null {
  const partitioning = table?.partitioning ?? null;
  if (table === undefined || partitioning === null || leavesColumnsToDefaults(table, columns)) return null;
  const column = keyColumn(partitioning, columns);
  const leaves = readLeaves(partitioning);
  if (column === null || leaves === null || leaves.length === 0) return null;
  switch (partitioning.strategy) {
    case 'range':
      return rangePartitions(column, leaves);
    case 'list':
      return listPartitions(column, leaves);
    case 'hash':
      return hashPartitions(column, leaves);
  }
}

/** Defaults and identities are those of the table that COPY names, and a partition may have others than its root, or none. */
function leavesColumnsToDefaults(table: CatalogTable, columns: readonly PlanColumn[]): boolean {
  const copied = new Set(columns.map((column) => column.name));
  return table.columns.some(
    (column) => !copied.has(column.name) && !column.generated && (column.hasDefault || column.identity !== 'none'),
  );
}

/** The one column that decides, or null. A constant is written as the server reads it, which we do not. */
function keyColumn(partitioning: CatalogPartitioning, columns: readonly PlanColumn[]): PlanColumn | null {
  const [name, ...others] = partitioning.columns;
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined || others.length > 0 || column.nullAs !== null) return null;
  return column.builder.kind === 'constant' && !isTextType(column.baseType) ? null : column;
}

function readLeaves(partitioning: CatalogPartitioning): Leaf[] | null {
  const leaves: Leaf[] = [];
  for (const partition of partitioning.partitions) {
    const bound = parsePartitionBound(partition.bound);
    if (bound === null || partition.isPartitioned) return null;
    leaves.push({ schema: partition.schema, relation: partition.name, bound });
  }
  return leaves;
}

/** Leaves by their lower bound, the default one last, so that a row's leaf is found by halving. */
function rangePartitions(column: PlanColumn, leaves: readonly Leaf[]): PlanPartitions | null {
  if (!isWholeKey(column.baseType)) return null;
  const ranges = leaves.flatMap((leaf) =>
    leaf.bound.kind === 'range'
      ? [{ leaf, from: edgeValue(leaf.bound.from[0], column), to: edgeValue(leaf.bound.to[0], column) }]
      : [],
  );
  if (ranges.some((range) => Number.isNaN(range.from) || Number.isNaN(range.to))) return null;
  ranges.sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : left.to - right.to));
  const others = leaves.filter((leaf) => leaf.bound.kind === 'default');
  return {
    column: column.name,
    leaves: [...ranges.map((range) => range.leaf), ...others].map(nameOf),
    routing: {
      kind: 'range',
      from: ranges.map((range) => finite(range.from)),
      to: ranges.map((range) => finite(range.to)),
      other: others.length > 0 ? ranges.length : null,
    },
  };
}

function edgeValue(edge: BoundEdge | undefined, column: PlanColumn): number {
  if (edge === undefined) return Number.NaN;
  if (edge.kind === 'lowest') return Number.NEGATIVE_INFINITY;
  if (edge.kind === 'highest') return Number.POSITIVE_INFINITY;
  return wholeBound(edge.text, column.baseType, column.decimals);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function nameOf(leaf: Leaf): { schema: string; relation: string } {
  return { schema: leaf.schema, relation: leaf.relation };
}

function listPartitions(column: PlanColumn, leaves: readonly Leaf[]): PlanPartitions | null {
  const isListable = isWholeKey(column.baseType) || column.baseType === 'uuid' || isPlainText(column.baseType);
  const listed = leaves.flatMap((leaf, index) =>
    leaf.bound.kind === 'list' ? leaf.bound.values.map((value) => ({ value, index })) : [],
  );
  const leafOf = listed.flatMap(({ value, index }) => (value === null ? [] : listKeys(value, column).map((key) => [key, index])));
  if (!isListable || leafOf.some(([key]) => key === null)) return null;
  return {
    column: column.name,
    leaves: leaves.map(nameOf),
    routing: {
      kind: 'list',
      leafOf: Object.fromEntries(leafOf),
      nullLeaf: listed.find(({ value }) => value === null)?.index ?? null,
      other: indexOrNull(leaves.findIndex((leaf) => leaf.bound.kind === 'default')),
    },
  };
}

function indexOrNull(index: number): number | null {
  return index < 0 ? null : index;
}

/** The key of a literal; none for one between two of our values, to which no row is equal. */
function listKeys(text: string, column: PlanColumn): (string | null)[] {
  return isWholeValue(text, column.baseType, column.decimals) ? [listKey(text, column)] : [];
}

// citext compares without case, which is the server's business.
function isPlainText(baseType: string): boolean {
  return isTextType(baseType) && baseType !== 'citext';
}

/** How a row's value is looked up: whole numbers in decimal, UUIDs in hex digits alone, char(n) without its padding. */
function listKey(text: string, column: PlanColumn): string | null {
  if (column.baseType === 'uuid') return text.replaceAll('-', '').toLowerCase();
  if (column.baseType === 'bpchar') return text.replace(/ +$/, '');
  if (!isWholeKey(column.baseType)) return text;
  const value = wholeBound(text, column.baseType, column.decimals);
  return Number.isNaN(value) ? null : String(value);
}

function hashPartitions(column: PlanColumn, leaves: readonly Leaf[]): PlanPartitions | null {
  if (!isHashablePartitionKey(column.baseType)) return null;
  const parts = leaves.flatMap((leaf, index) => (leaf.bound.kind === 'hash' ? [{ ...leaf.bound, index }] : []));
  const modulus = Math.max(...parts.map((part) => part.modulus));
  // The server sees to it that every modulus divides the next larger one.
  if (parts.length !== leaves.length || modulus > MAX_HASH_MODULUS) return null;
  const leafOfRemainder = Array.from(
    { length: modulus },
    (_, remainder) => parts.find((part) => remainder % part.modulus === part.remainder)?.index ?? -1,
  );
  return { column: column.name, leaves: leaves.map(nameOf), routing: { kind: 'hash', modulus, leafOfRemainder } };
}
