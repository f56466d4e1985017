// Large tables are cut into ranges of pages, and partitioned ones into their partitions, so that all connections are busy to the end. Every
// row of the snapshot is in exactly one piece: the ranges of a heap touch, and the last one has no end.
import type { QualifiedName } from '../core/identifiers.ts';
import type { Heap } from '../postgres/heap-sizes.ts';
import type { PlannedTable } from './planned-table.ts';

export interface CopyPiece {
  readonly table: PlannedTable;
  /** What is read: the table itself, or one of its partitions. */
  readonly heap: QualifiedName & Pick<PlannedTable, 'isPartitioned'>;
  /** Conditions over ctid; none: all of it. */
  readonly conditions: readonly string[];
  readonly pages: number;
}

/** 64 MB: a statement for each costs nothing, and the last one is soon over. */
const PIECE_PAGES = 8192;

/** The pieces, the largest first. Pure. */
export function cutTables(tables: readonly PlannedTable[], heaps: readonly Heap[], piecePages = PIECE_PAGES): CopyPiece[] {
  const pieces = tables.flatMap((table) => {
    const own = heaps.filter(({ root }) => root === table.oid);
    const isCut = own.length > 0 && isDividable(table) && own.every(({ isReadable }) => isReadable);
    if (!isCut) return [{ table, heap: table, conditions: [], pages: table.pages }];
    return own.flatMap((heap) => cutHeap(table, heap, piecePages));
  });
  return pieces.sort((left, right) => right.pages - left.pages);
}

/** Not where a rule looks at the whole table, at rows in other places or their number, nor where every piece would look for its rows again. */
function isDividable({ columns, filter, isPartitioned }: PlannedTable): boolean {
  const isFilterCheap = filter === null || (!isPartitioned && filter.withClause === '' && !/\bselect\b/i.test(filter.condition));
  return (
    isFilterCheap &&
    columns.every(({ rule }) => {
      if (rule.kind === 'template') return !rule.text.includes('{seq}');
      // A window function counts over its statement's rows; a column of that name costs only the ranges.
      if (rule.kind === 'sql') return !/\bover\b/i.test(rule.expression);
      return rule.kind !== 'shuffle';
    })
  );
}

function cutHeap(table: PlannedTable, { name, pages, schema }: Heap, piecePages: number): CopyPiece[] {
  const heap = { schema, name, isPartitioned: false };
  const count = Math.max(1, Math.ceil(pages / piecePages));
  return Array.from({ length: count }, (_, piece): CopyPiece => {
    const from = piece === 0 ? [] : [`ctid >= '(${piece * piecePages},0)'::tid`];
    const to = piece === count - 1 ? [] : [`ctid < '(${(piece + 1) * piecePages},0)'::tid`];
    return { table, heap, conditions: [...from, ...to], pages: Math.min(piecePages, pages - piece * piecePages) };
  });
}
