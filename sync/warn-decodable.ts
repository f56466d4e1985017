// Tokens of whole numbers are one permutation for all tables, so that undeclared references still join. A number that stays beside such
// tokens and goes along with them in production (shop n has manager n) reads them back, everywhere; whether it does, only a person knows.
import type { PlannedColumn, PlannedTable } from './planned-table.ts';

/** A table where kept numbers may read tokens back. */
export interface Decodable {
  readonly table: string;
  /** Kept whole numbers, each alone a unique key. */
  readonly kept: readonly string[];
  /** Whole numbers that become tokens. */
  readonly tokens: readonly string[];
}

/** Every table with both kinds of columns. Pure. */
export function findDecodable(tables: readonly PlannedTable[]): Decodable[] {
  return tables.flatMap((table) => {
    const keys = table.catalog.indexes.filter(({ isUnique, columns }) => isUnique && columns.length === 1);
    const alone = new Set(keys.map(({ columns }) => columns[0]));
    const numbers = table.columns.filter(({ column }) => /^int[248]$/.test(column.baseType));
    const kept = namesOf(numbers.filter(({ column, rule }) => rule.kind === 'keep' && alone.has(column.name)));
    const tokens = namesOf(numbers.filter(({ rule }) => rule.kind === 'token'));
    return kept.length === 0 || tokens.length === 0 ? [] : [{ table: table.key, kept, tokens }];
  });
}

/** One line each. */
export function describeDecodable({ table, kept, tokens }: Decodable): string {
  const text = `${table} keeps ${kept.join(', ')} beside tokens of ${tokens.join(', ')}: where their numbers go along, the tokens can be read back`;
  return text.replaceAll(/\p{Cc}/gu, '?');
}

function namesOf(columns: readonly PlannedColumn[]): string[] {
  return columns.map(({ column }) => column.name);
}
