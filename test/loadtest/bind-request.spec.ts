// What a request may ask for: exactly the query's parameters, short, and of ranks only those that the workload declares.
import { createRequestBinder, MAX_VALUE_LENGTH } from '../../loadtest/gateway/bind-request.ts';
import { listSlugs, slugOf } from '../../loadtest/gateway/endpoints.ts';
import { parseWorkload } from '../../spec/workload.ts';

const bind = createRequestBinder({
  parameters: [
    { name: 'room', values: new Map([['hot', '4711']]) },
    { name: 'price', values: new Map([['quantile 0.9', '12.50']]) },
  ],
});

test('a rank is the value that was looked up, everything else is itself', () => {
  expect(bind({ room: 'hot', price: 'quantile 0.9' })).toEqual({ state: 'bound', values: ['4711', '12.50'] });
  expect(bind({ price: '', room: "1'; drop table x" })).toEqual({ state: 'bound', values: ["1'; drop table x", ''] });
});

test.each([
  ['a missing parameter', { room: 'hot' }, ['price']],
  ['an unknown one, which is not repeated', { room: 'hot', price: '1', sql: 'select 1' }, []],
  ['a repeated one', { room: ['hot', 'hot'], price: '1' }, ['room']],
  ['a value that is too long', { room: 'x'.repeat(MAX_VALUE_LENGTH + 1), price: '1' }, ['room']],
  ['a NUL', { room: 'a\0', price: '1' }, ['room']],
  ['a rank that the workload does not declare', { room: 'cold', price: 'quantile 0.5' }, ['room', 'price']],
  ['no query string', undefined, []],
])('refuses %s', (_what, queryString, parameters) => {
  expect(bind(queryString)).toEqual({ state: 'refused', parameters });
});

test('a path is made of the letters and digits of the name, and two queries do not share one', () => {
  expect(['Message history (old)', 'a/b', 'Übersicht 2'].map(slugOf)).toEqual(['message-history-old', 'a-b', 'übersicht-2']);

  const workload = parseWorkload('-- name: a b\nselect 1;\n-- name: A-b\nselect 2;\n-- name: c\nselect 3;', 'w.sql');
  expect(() => listSlugs(workload, 'w.sql')).toThrow(/A-b: another query has the path \/queries\/a-b too/);
});
