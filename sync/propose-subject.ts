// Whose times a table's times are, for a proposed jitter: the person that a row is or belongs to, told by what the columns are called. A
// subject that is nobody (a language, an address) would move everybody's times alike.
import { formatTableKey } from '../core/identifiers.ts';
import type { CatalogTable } from '../postgres/catalog/catalog.ts';
import { isText } from './proposal.ts';

/** By the key of a table: how surely its rows are people. 2: they have mails or names of people; 1: phones; 0: none of these. */
export type PeopleRanks = ReadonlyMap<string, number>;

const CALLED = /e?_?mail|(first|last|given|family|full|display|real|user|contact|nick)_?name|forename|surname/;
const RUNG = /phone|mobile|msisdn|telefon/;

/** `fullName` and `FullName` as `full_name`. */
export function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Pure. */
export function rankPeople(tables: readonly CatalogTable[]): PeopleRanks {
  return new Map(tables.map((table) => [formatTableKey(table), rankOf(table)]));
}

function rankOf({ columns }: CatalogTable): number {
  const names = columns.filter(isText).map(({ name }) => snake(name));
  if (names.some((name) => CALLED.test(name))) return 2;
  return names.some((name) => RUNG.test(name)) ? 1 : 0;
}

/** The column that names the subject: the row itself where it is a person, else whom it points at, else the row. Null: there is none. Pure. */
export function chooseSubject(table: CatalogTable, people: PeopleRanks): string | null {
  const { primaryKey, foreignKeys } = table;
  const own = primaryKey?.columns.length === 1 ? primaryKey.columns[0] : undefined;
  if (own !== undefined && (people.get(formatTableKey(table)) ?? 0) > 0) return own;
  for (const rank of [2, 1]) {
    const found = foreignKeys.find(
      ({ columns, references }) => columns.length === 1 && people.get(formatTableKey(references)) === rank,
    );
    if (found?.columns[0] !== undefined) return found.columns[0];
  }
  return own ?? foreignKeys[0]?.columns[0] ?? primaryKey?.columns[0] ?? null;
}
