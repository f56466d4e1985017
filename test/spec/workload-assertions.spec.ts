import { readAssertion } from '../../spec/workload/assertions.ts';

test.each([
  ['no Sort', { kind: 'no', node: 'Sort', relation: null }],
  ['no seq scan on "Odd ""Name"', { kind: 'no', node: 'Seq Scan', relation: { schema: null, name: 'Odd "Name' } }],
  ['no Seq Scan on public.t', { kind: 'no', node: 'Seq Scan', relation: { schema: 'public', name: 't' } }],
  ['no Index Scan on "A.b".T', { kind: 'no', node: 'Index Scan', relation: { schema: 'A.b', name: 't' } }],
  ['uses index I', { kind: 'uses', index: { schema: null, name: 'i' } }],
  ['uses "messages_At"', { kind: 'uses', index: { schema: null, name: 'messages_At' } }],
  ['p99.9 < 2.5ms', { kind: 'time', share: 0.9990000000000001, belowMs: 2.5 }],
])('%s', (text, expected) => {
  const { share, ...rest } = { share: undefined, ...readAssertion(text) };
  const { share: wanted, ...others } = { share: undefined, ...expected };

  expect(rest).toMatchObject(others);
  if (typeof wanted === 'number') expect(share).toBeCloseTo(wanted, 9);
});

test.each([
  ...['', 'fast', 'no', 'no Sorting', 'uses', 'p95 < 0 ms', 'p95 > 5 ms', 'p100 < 5 ms', 'no Sort on', 'uses a b', 'uses a.b.c'],
  // Nodes that are on no table: nothing could break these.
  ...['no Sort on t', 'no Bitmap Index Scan on t', 'no Hash Join on t'],
])('is none: %s', (text) => {
  expect(readAssertion(text)).toBeNull();
});
