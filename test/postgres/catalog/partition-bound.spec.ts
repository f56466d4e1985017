import { parsePartitionBound } from '../../../postgres/catalog/partition-bound.ts';

const value = (text: string) => ({ kind: 'value', text });

test.each([
  ['DEFAULT', { kind: 'default' }],
  [`FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')`, { kind: 'range', from: [value('2024-01-01')], to: [value('2024-02-01')] }],
  ['FOR VALUES FROM (MINVALUE) TO (10)', { kind: 'range', from: [{ kind: 'lowest' }], to: [value('10')] }],
  [
    `FOR VALUES FROM (1, '-5') TO (MAXVALUE, MAXVALUE)`,
    { kind: 'range', from: [value('1'), value('-5')], to: [{ kind: 'highest' }, { kind: 'highest' }] },
  ],
  [`FOR VALUES IN ('a', NULL, 3)`, { kind: 'list', values: ['a', null, '3'] }],
  [`FOR VALUES IN ('it''s', 'a, (b)', 'NULL', '')`, { kind: 'list', values: [`it's`, 'a, (b)', 'NULL', ''] }],
  ['FOR VALUES IN (true)', { kind: 'list', values: ['true'] }],
  ['FOR VALUES WITH (modulus 4, remainder 3)', { kind: 'hash', modulus: 4, remainder: 3 }],
])('%s is understood', (text, expected) => {
  expect(parsePartitionBound(text)).toEqual(expected);
});

test.each([
  '',
  'FOR VALUES',
  `FOR VALUES IN ('a'`,
  'FOR VALUES FROM (1) TO (2, 3)',
  `FOR VALUES IN ('a'::text)`,
  'FOR VALUES IN (1) x',
])('%p is not taken for a bound', (text) => {
  expect(parsePartitionBound(text)).toBeNull();
});
