// Differences by block: counts of all of them, and names of as many as the document holds.
import { groupDifferences } from '../../../generator/recheck/group-differences.ts';
import { formatRecheck } from '../../../spec/format-recheck.ts';
import { type Recheck, type RowDifferences, recheckSchema } from '../../../spec/recheck.ts';

const grouped = (rows: readonly number[], isComplete = true): RowDifferences =>
  groupDifferences({
    differences: rows.map((row) => ({ row, what: row % 2 === 0 ? 'missing' : 'duplicated' })),
    foreign: 0,
    key: ['id'],
    rows: 10_000,
    isComplete,
  });

test('rows are counted by block, in order, the last block as short as it is', () => {
  expect(grouped([9000, 1, 4096, 0])).toEqual({
    key: ['id'],
    counts: { changed: 0, missing: 3, duplicated: 1 },
    foreign: 0,
    blockCount: 3,
    blocks: [
      { block: 0, firstRow: 0, lastRow: 4095, changed: 0, missing: 1, duplicated: 1 },
      { block: 1, firstRow: 4096, lastRow: 8191, changed: 0, missing: 1, duplicated: 0 },
      { block: 2, firstRow: 8192, lastRow: 9999, changed: 0, missing: 1, duplicated: 0 },
    ],
    rows: [
      { row: 0, block: 0, what: 'missing' },
      { row: 1, block: 0, what: 'duplicated' },
      { row: 4096, block: 1, what: 'missing' },
      { row: 9000, block: 2, what: 'missing' },
    ],
    isComplete: true,
  });
});

test('a document and its text name some rows of many, and say when there are more than were looked at', () => {
  const differences = grouped(
    Array.from({ length: 500 }, (_, index) => index * 20),
    false,
  );
  const found: Recheck = {
    format: 'shapecast-fingerprint',
    version: 1,
    target: 'localhost:5432/dev',
    against: { kind: 'ledger', planId: '0123456789abcdef', fingerprint: null },
    tables: [
      {
        name: 'public.t',
        rowsExpected: 10_000,
        rowsFound: 9_500,
        expected: '0123456789abcdef',
        found: 'fedcba9876543210',
        notHashed: [],
        verdict: 'different',
        differences,
        reason: null,
      },
    ],
    status: 'different',
  };

  expect(differences.rows).toHaveLength(100);
  expect(recheckSchema.parse(found)).toEqual(found);
  expect(formatRecheck(found)).toMatch(/at least 500 missing; 3 of its blocks differ[\s\S]*380 missing, \.\.\./);
});
