// What stays of a condition: columns, never a literal.
import { readConditions } from '../../../loader/fidelity/condition-columns.ts';

test('columns of two relations that are equal are told from those that are compared with values', () => {
  const found = readConditions(["((p.owneruserid = u.id) AND (p.score >= 5) AND (u.name = 'p.secret = u.other'::text))"]);

  expect(found.equalities).toEqual([
    [
      { alias: 'p', column: 'owneruserid' },
      { alias: 'u', column: 'id' },
    ],
  ]);
  expect(found.filters).toEqual([
    { alias: 'p', column: 'score' },
    { alias: 'u', column: 'name' },
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
});

test('quoted names and casts are read, calls of functions are not columns', () => {
  const found = readConditions([`((m."conversationId")::bigint = c.id)`, `(public.lower(c.title) = 'x'::text)`]);

  expect(found.equalities).toEqual([
    [
      { alias: 'm', column: 'conversationId' },
      { alias: 'c', column: 'id' },
    ],
  ]);
  expect(found.filters).toEqual([{ alias: 'c', column: 'title' }]);
});

test('two columns of one relation are both filters', () => {
  expect(readConditions(['(p.a = p.b)']).filters).toEqual([
    { alias: 'p', column: 'a' },
    { alias: 'p', column: 'b' },
  ]);
});
