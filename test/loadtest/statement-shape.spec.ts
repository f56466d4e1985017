// A statement of a workload file and the server's text of it have one shape, and the shape holds no literal.
import { subtractStatements } from '../../loadtest/server/read-statements.ts';
import { statementShape } from '../../loadtest/server/statement-shape.ts';

test.each([
  [
    `select id, "sentAt" -- newest first
     from messages where "conversationId" = $1 and text <> 'it''s' and kind in (1, 2, 3) order by id DESC limit 50;`,
    'select id, "sentAt"\nfrom messages where "conversationId" = $1 and text <> $2 and kind in ($3 /*, ... */) order by id desc limit $4',
  ],
  ["select -1, now() - interval '7 days', 2.5e3, true, null", 'select $1, now() - interval $2, $3, $4, $5'],
  ["select $tag$ ' secret $tag$, E'a\\'b'", 'select $1, $2'],
  ['select a1, t2.b from t2', 'SELECT a1 , t2.b FROM t2'],
])('%j looks like %j', (written, told) => {
  expect(statementShape(written)).toBe(statementShape(told));
});

test.each([
  ['another column', 'select a from t', 'select b from t'],
  ['another case of a quoted name', 'select "A" from t', 'select "a" from t'],
  ['another condition', 'select a from t where b = 1', 'select a from t where b < 1'],
])('%s is another shape', (_what, left, right) => {
  expect(statementShape(left)).not.toBe(statementShape(right));
});

test('no literal is left', () => {
  expect(statementShape("select 'hunter2', 4711, $$hunter2$$, E'\\'hunter2' /* hunter2 */ -- hunter2")).not.toMatch(
    /hunter2|4711/,
  );
});

const counted = (id: string, text: string, calls: number) => {
  return { id, text, calls, totalMs: calls * 2, rows: calls * 3, sharedHit: calls * 4, sharedRead: calls };
};

test('what was done in between, by name or by hash; counts that began anew are told from there', () => {
  const names = new Map([[statementShape('select a from t where b = 1'), 'by b']]);
  const before = [
    counted('1', 'select a from t where b = $1', 10),
    counted('2', "call secret('hunter2')", 50),
    counted('3', 'x', 5),
  ];
  const after = [
    counted('1', 'select a from t where b = $1', 30),
    counted('2', "call secret('hunter2')", 7),
    counted('3', 'x', 5),
  ];

  const found = subtractStatements(before, after, names);

  expect(found).toEqual([
    { name: 'by b', calls: 20, meanMs: 2, totalMs: 40, rows: 60, sharedHit: 80, sharedRead: 20 },
    {
      name: expect.stringMatching(/^statement [0-9a-f]{8}$/),
      calls: 7,
      meanMs: 2,
      totalMs: 14,
      rows: 21,
      sharedHit: 28,
      sharedRead: 7,
    },
  ]);
});
