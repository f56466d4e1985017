import { formatTableKey } from '../../../core/identifiers.ts';
import type { CatalogTable } from '../../../postgres/catalog/catalog.ts';
import { nameValue } from '../../../postgres/catalog/checks.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { withDatabase } from '../../support/database.ts';

const schema = `
create schema "Odd Schema";
create type "Odd Schema"."Mood" as enum ('sad', 'ok');
create domain public.mood_of_day as "Odd Schema"."Mood";
create domain public.small as int check (value < 100);
create domain public.tiny as public.small constraint is_positive check (value > 0);
create domain public.word as text constraint "no VALUE" check (value <> 'VALUE' and value <> E'\\\\VALUE''s' and length(value) < 9);
create table public.t (
  id int primary key,
  gone int,
  mood "Odd Schema"."Mood",
  day public.mood_of_day,
  moods "Odd Schema"."Mood"[],
  days public.mood_of_day[],
  numbers public.tiny[],
  size public.tiny,
  "a ""VALUE""" public.word,
  email text,
  "Is Open" boolean,
  at timestamptz,
  constraint ordered check (id < size)
);
alter table public.t drop column gone;
create unique index by_lower on public.t (lower(email), id) where "Is Open" and at is not null;
create unique index one_null on public.t (email) nulls not distinct;
create index mixed on public.t ((id + size), "a ""VALUE""");
`;

describe('what the catalog says of types, checks and index expressions', () => {
  let t: CatalogTable;

  beforeAll(async () => {
    const catalog = await withDatabase(schema, (_url, client) => readCatalog(client));
    t = catalog.tables.find((table) => formatTableKey(table) === 'public.t') as CatalogTable;
  });

  test('finds the enum under a domain and in an array, and the stored type of array elements', () => {
    const found = t.columns.map((column) => [column.name, column.baseType, column.elementType, column.enumType?.name ?? null]);

    expect(found).toEqual([
      ['id', 'int4', null, null],
      ['mood', 'enum', null, 'Mood'],
      ['day', 'enum', null, 'Mood'],
      ['moods', '_Mood', 'enum', 'Mood'],
      ['days', '_mood_of_day', 'enum', 'Mood'],
      ['numbers', '_tiny', 'int4', null],
      ['size', 'int4', null, null],
      ['a "VALUE"', 'text', null, null],
      ['email', 'text', null, null],
      ['Is Open', 'bool', null, null],
      ['at', 'timestamptz', null, null],
    ]);
    expect(t.columns[2]?.enumType).toEqual({ schema: 'Odd Schema', name: 'Mood' });
  });

  test('reads the checks of the table, then those that the domains of its columns bring along, over the column', () => {
    const found = t.checks.map((check) => [check.name, check.columns, check.domain?.name ?? null, check.expression]);

    expect(found).toEqual([
      ['ordered', ['id', 'size'], null, '(id < (size)::integer)'],
      ['is_positive', ['size'], 'tiny', '(("size")::integer > 0)'],
      ['small_check', ['size'], 'small', '("size" < 100)'],
      [
        'no VALUE',
        ['a "VALUE"'],
        'word',
        `(("a ""VALUE""" <> 'VALUE'::text) AND ("a ""VALUE""" <> '\\VALUE''s'::text) AND (length("a ""VALUE""") < 9))`,
      ],
    ]);
  });

  test('reads the parts of an index, the columns of its expressions and its condition, each apart', () => {
    const found = t.indexes.map((index) => [
      index.name,
      index.parts,
      index.expressionColumns,
      index.predicateColumns,
      index.nullsNotDistinct,
    ]);

    expect(found).toEqual([
      ['by_lower', ['lower(email)', 'id'], ['email'], ['Is Open', 'at'], false],
      ['mixed', ['((id + (size)::integer))', '"a ""VALUE"""'], ['id', 'size'], [], false],
      ['one_null', ['email'], [], [], true],
      ['t_pkey', ['id'], [], [], false],
    ]);
    expect(t.indexes.map((index) => index.predicate)).toEqual(['("Is Open" AND (at IS NOT NULL))', null, null, null]);
  });
});

test('nameValue leaves the word alone in strings, names and longer words', () => {
  const text = `(VALUE > 'VALUE ''VALUE'''::text AND "VALUE" = E'\\'VALUE' AND VALUES = VALUE_1 AND f(VALUE))`;

  expect(nameValue(text, 'a"b')).toBe(
    `("a""b" > 'VALUE ''VALUE'''::text AND "VALUE" = E'\\'VALUE' AND VALUES = VALUE_1 AND f("a""b"))`,
  );
});
