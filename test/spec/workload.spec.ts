// What a workload file says, and that every fault is told by its line and without its text.
import { ShapecastError } from '../../core/errors.ts';
import { listBindings, nameBinding, parseWorkload } from '../../spec/workload.ts';

function faultsOf(text: string): string[] {
  try {
    parseWorkload(text, 'w.sql');
  } catch (error) {
    if (!(error instanceof ShapecastError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

test('a query has a name, a weight and parameters bound by rank', () => {
  const { queries } = parseWorkload(
    `-- name: message history
     -- weight: 3
     -- :conversation = hot | p50 of messages."conversationId"
     -- :since = quantile 0.9 of chat."Old.Messages".at
     select * from messages where "conversationId" = :conversation and at > :since or "conversationId" = :conversation;`,
    'w.sql',
  );

  expect(queries).toHaveLength(1);
  expect(queries[0]).toMatchObject({
    name: 'message history',
    weight: 3,
    sql: 'select * from messages where "conversationId" = $1 and at > $2 or "conversationId" = $1',
    parameters: [
      { name: 'conversation', table: { schema: 'public', name: 'messages' }, hasSchema: false, column: 'conversationId' },
      { name: 'since', table: { schema: 'chat', name: 'Old.Messages' }, hasSchema: true, column: 'at' },
    ],
  });
  expect(queries.flatMap((query) => listBindings(query).map((binding) => nameBinding(query, binding)))).toEqual([
    'conversation hot, since quantile 0.9',
    'conversation p50, since quantile 0.9',
  ]);
});

test('plain queries are taken as they are; colons and semicolons in strings, casts and comments mean nothing', () => {
  const { queries } = parseWorkload(
    `select 'a;:b', e'it\\'s; :c', "x;:y", $q$ ; :z $q$ from t where d > '2014-01-01'::timestamp; -- done; :x
     /* select 1; */ with q as (select 1) select * from q`,
    'w.sql',
  );

  expect(queries.map((query) => query.name)).toEqual(['query 1', 'query 2']);
  expect(queries[0]?.sql).toBe(`select 'a;:b', e'it\\'s; :c', "x;:y", $q$ ; :z $q$ from t where d > '2014-01-01'::timestamp`);
  expect(queries[1]?.sql).toBe('with q as (select 1) select * from q');
});

test.each([
  ['a parameter that nobody declared', 'select :a', 'line 1: the parameter :a is not declared'],
  ['a parameter that nobody uses', '-- :a = hot of t.c\nselect 1', 'line 2: the parameter :a is declared and not used'],
  ['an unknown rank', '-- :a = tepid of t.c\nselect :a', 'line 1: :a needs ranks and a column'],
  ['a column without a table', '-- :a = hot of c\nselect :a', 'line 1: :a needs ranks and a column'],
  ['a statement that is no query', 'select 1;\ndelete from t', 'line 2: expected one SELECT'],
  ['a weight of nothing', '-- weight: 0\nselect 1', 'line 1: a weight is a number above 0'],
  ['markup in a name', '-- name: <script>\nselect 1', 'line 1: a name has at most 80'],
  ['a name used twice', '-- name: a\nselect 1;\n-- name: a\nselect 2', 'line 1: two queries are named a'],
  ['nothing', '-- only words', 'line 1: no query'],
])('refuses %s', (_what, text, fault) => {
  expect(faultsOf(text).join('\n')).toContain(fault);
});

test('a fault repeats nothing of the query', () => {
  expect(faultsOf("select 'canary-4711' where :a").join()).not.toContain('canary');
});
