// Conditions are read back from a real server, because its way of writing them is what the parser knows.
import { formatTableKey } from '../../../core/identifiers.ts';
import { type Condition, parseCondition } from '../../../postgres/catalog/condition.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { withDatabase } from '../../support/database.ts';

const table = `create domain public.small as int;
create type public.mood as enum ('sad', 'it''s ok');
create table public.t (a int, b int, "C d" numeric(10, 2), f float8, s text, v varchar(20), day date, at timestamptz,
  later timestamptz, ok boolean, size public.small, mood public.mood, "quo""te" text, length int, n bpchar(4))`;

/** The condition of each check, in order. */
async function readBack(checks: readonly string[]): Promise<Condition[]> {
  const named = checks.map(
    (check, index) => `alter table public.t add constraint c${String(index).padStart(3, '0')} check (${check})`,
  );
  return withDatabase([table, ...named], async (_url, client) => {
    const catalog = await readCatalog(client);
    const found = catalog.tables.find((one) => formatTableKey(one) === 'public.t');
    const types = new Map((found?.columns ?? []).map((column) => [column.name, column.baseType]));
    return (found?.checks ?? []).map((check) => parseCondition(check.expression, types));
  });
}

const compare = (column: string, operator: string, value: string) => ({ kind: 'compare', column, operator, value });
const and = (...parts: unknown[]) => ({ kind: 'and', parts });
const or = (...parts: unknown[]) => ({ kind: 'or', parts });
const other = { kind: 'other' };

const cases: readonly (readonly [string, unknown])[] = [
  ['a > 0', compare('a', '>', '0')],
  ['5 >= a', compare('a', '<=', '5')],
  ['a > -5', compare('a', '>', '-5')],
  ['"C d" >= 0', compare('C d', '>=', '0')],
  ['"C d" < -1.25', compare('C d', '<', '-1.25')],
  ['f <> 0', compare('f', '<>', '0')],
  ['size between 1 and 9', and(compare('size', '>=', '1'), compare('size', '<=', '9'))],
  ['a not between 1 and 9', or(compare('a', '<', '1'), compare('a', '>', '9'))],
  [
    "s in ('x', 'it''s', E'back\\\\slash', '')",
    { kind: 'in', column: 's', values: ['x', "it's", 'back\\slash', ''], isNegated: false },
  ],
  ["v in ('a', 'b')", { kind: 'in', column: 'v', values: ['a', 'b'], isNegated: false }],
  ["v not in ('a', 'b')", { kind: 'in', column: 'v', values: ['a', 'b'], isNegated: true }],
  ["mood in ('sad', 'it''s ok')", { kind: 'in', column: 'mood', values: ['sad', "it's ok"], isNegated: false }],
  ['a in (1, -2)', { kind: 'in', column: 'a', values: ['1', '-2'], isNegated: false }],
  ["s = 'x' or s = 'y'", or(compare('s', '=', 'x'), compare('s', '=', 'y'))],
  ["n = 'x'", compare('n', '=', 'x')],
  ["day > '2000-01-01'", compare('day', '>', '2000-01-01')],
  ["at >= '2000-01-01 10:00+02'", compare('at', '>=', '2000-01-01 08:00:00+00')],
  ['at < later', { kind: 'columns', left: 'at', operator: '<', right: 'later' }],
  ['"C d" >= a', { kind: 'columns', left: 'C d', operator: '>=', right: 'a' }],
  ['a is not null', { kind: 'null', column: 'a', isNegated: true }],
  ['a is null or a > 0', or({ kind: 'null', column: 'a', isNegated: false }, compare('a', '>', '0'))],
  ['ok', compare('ok', '=', 'true')],
  ['not ok', compare('ok', '<>', 'true')],
  ['length(s) > 3', { kind: 'length', column: 's', operator: '>', value: 3 }],
  [
    'char_length(v) between 2 and 5',
    and({ kind: 'length', column: 'v', operator: '>=', value: 2 }, { kind: 'length', column: 'v', operator: '<=', value: 5 }),
  ],
  ['length > 3', compare('length', '>', '3')],
  ['"quo""te" <> \'\'', compare('quo"te', '<>', '')],
  ['not (a > 0 and b > 0)', or(compare('a', '<=', '0'), compare('b', '<=', '0'))],
  // What is not understood, alone and beside what is.
  ['a % 2 = 0', other],
  ['a + b > 0', other],
  ["s ~ '^[a-z]+$'", other],
  ["s like 'a%' and a > 0", and(other, compare('a', '>', '0'))],
  ['a > 0 and case when b > 0 then f > 0 else f < 0 end and b < 9', and(compare('a', '>', '0'), other, compare('b', '<', '9'))],
  ['f::int = 3', other],
  ["at::date > '2000-01-01'", other],
  ['lower(s) = s and s is not null', and(other, { kind: 'null', column: 's', isNegated: true })],
  ['num_nonnulls(a, b) = 1', other],
  ['coalesce(a, 0) + coalesce(b, 0) > 0 and (a > 1)', and(other, compare('a', '>', '1'))],
  ['a is distinct from b', other],
  ['(ok is true) and a < 3', and(other, compare('a', '<', '3'))],
  ['s collate "C" > \'a\' and b = 1', and(other, compare('b', '=', '1'))],
  ["s = any ('{x,y}'::text[])", other],
  ['length(n) > 2', other],
  ['at < now()', other],
  ["a = 1 and at at time zone 'UTC' > '2000-01-01'", and(compare('a', '=', '1'), other)],
];

test('reads every form of condition as the server writes it', async () => {
  const found = await readBack(cases.map(([sql]) => sql));

  expect(found.map((condition, index) => [cases[index]?.[0], condition])).toEqual(cases.map((one) => [...one]));
});

test('never throws and never loops, whatever the text is cut into', () => {
  const types = new Map([
    ['a', 'int4'],
    ['s', 'text'],
  ]);
  const pieces = [
    '(',
    ')',
    'a',
    's',
    '=',
    '>',
    'AND',
    'OR',
    'NOT',
    'CASE',
    'END',
    'ARRAY',
    '[',
    ']',
    ',',
    '::',
    'text',
    "'x'",
    '1',
    '-',
    '.',
    'IS',
    'NULL',
    'ANY',
    '"',
    "'",
    'DISTINCT',
    'COLLATE',
    '$',
  ];
  let state = 7;
  const next = (size: number) => {
    state = (state * 48271) % 2147483647;
    return state % size;
  };

  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: next(14) }, () => pieces[next(pieces.length)]).join(' ');
    expect(typeof parseCondition(text, types).kind).toBe('string');
  }
  expect(parseCondition(`${'('.repeat(50_000)}a > 0${')'.repeat(50_000)}`, types)).toEqual({ kind: 'other' });
});
