// Columns that can be pointed at: unique by themselves, as declared, or named like a key and counted unique in the rows.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Source, SourceTable } from '../introspect/source.ts';
import { isOwnKeyName } from './names.ts';
import { askNumbers, isSampled, type KeyFamily, keyExpression, keyFamilyOf, MAX_PAGES, type Questions } from './questions.ts';

export interface ParentKey {
  readonly table: SourceTable;
  readonly column: CatalogColumn;
  readonly family: KeyFamily;
  readonly isDeclared: boolean;
}

/** Sets of columns that the table declares unique: keys, constraints and whole indexes. */
export function declaredKeys({ table }: SourceTable): (readonly string[])[] {
  const indexed = table.indexes.flatMap(({ columns, isUnique, isPartial }) => {
    const named = columns.filter((column) => column !== null);
    return isUnique && !isPartial && named.length === columns.length ? [named] : [];
  });
  return [
    ...(table.primaryKey === null ? [] : [table.primaryKey.columns]),
    ...table.uniques.map(({ columns }) => columns),
    ...indexed,
  ];
}

/** Keys of one column: all declared ones, and of tables without one those that are named like a key. Pure. */
export function listParentKeys(source: Source): ParentKey[] {
  return source.tables.flatMap((table) => {
    const declared = new Set(declaredKeys(table).flatMap((columns) => (columns.length === 1 ? columns : [])));
    return table.columns.flatMap((column): ParentKey[] => {
      const family = keyFamilyOf(column);
      const isDeclared = declared.has(column.name);
      const isCandidate = isDeclared || (declared.size === 0 && isOwnKeyName(table, column.name));
      return family === null || !isCandidate ? [] : [{ table, column, family, isDeclared }];
    });
  });
}

/** Asks each undeclared key once whether its values differ. */
export class UniqueKeys {
  private readonly known = new Map<ParentKey, Promise<boolean>>();
  private readonly questions: Questions;

  constructor(questions: Questions) {
    this.questions = questions;
  }

  isUnique(key: ParentKey): Promise<boolean> {
    if (key.isDeclared) return Promise.resolve(true);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const asked = this.count(key);
    this.known.set(key, asked);
    return asked;
  }

  private async count({ table, column }: ParentKey): Promise<boolean> {
    const what = `counting the values of ${table.key}`;
    const { rows, values } = await askNumbers(this.questions, what, countDistinctSql(table, [column]));
    return (rows ?? 0) > 0 && rows === values;
  }
}

/** Rows and different values of the columns together; of a large table those of one in so many values, all their rows. */
export function countDistinctSql(table: SourceTable, columns: readonly CatalogColumn[]): string {
  const values = columns.map((column) => keyExpression(column, 't'));
  const value = values.length === 1 ? values.join('') : `(${values.join(', ')})`;
  const text = values.map((each) => `${each}::text`).join(` || ':' || `);
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(table.table.pages / MAX_PAGES)));
  const where = isSampled(table)
    ? `\nwhere (hashtextextended((${text}) collate "C", 0) & ${parts - 1}) = 0 or ${values.join(' is null or ')} is null`
    : '';
  // A NULL is no key: it counts as a row and as no value, so such a column is not unique.
  const whole = values.map((each) => `${each} is not null`).join(' and ');
  return `select
  count(*)::float8 as rows,
  count(distinct ${value}) filter (where ${whole})::float8 as values
from ${relationOf(table.table)} as t${where}`;
}
