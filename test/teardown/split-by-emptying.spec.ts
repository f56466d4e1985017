// Which tables may be truncated together, and which have to be deleted from.
import fc from 'fast-check';
import type { TeardownTable } from '../../teardown/plan-teardown.ts';
import { splitByEmptying } from '../../teardown/split-by-emptying.ts';

function table(oid: number): TeardownTable {
  const name = { schema: 'public', name: `t${oid}` };
  return { ...name, oid, isPartitioned: false, estimatedRows: 0, recordedAs: name };
}

const oid = fc.integer({ min: 0, max: 7 });
const graphs = fc.record({
  outside: fc.array(oid, { maxLength: 3 }),
  references: fc.array(fc.record({ from: oid, to: oid }), { maxLength: 20 }),
});
const tables = [0, 1, 2, 3, 4, 5, 6, 7].map(table);

describe('splitByEmptying', () => {
  test('gives every table exactly once', () => {
    fc.assert(
      fc.property(graphs, ({ outside, references }) => {
        const { truncate, remove } = splitByEmptying(
          tables,
          outside.map((to) => ({ to: table(to) })),
          references,
        );

        expect([...truncate, ...remove].map((each) => each.oid).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      }),
    );
  });

  test('truncates no table that one outside the truncation refers to', () => {
    fc.assert(
      fc.property(graphs, ({ outside, references }) => {
        const { truncate } = splitByEmptying(
          tables,
          outside.map((to) => ({ to: table(to) })),
          references,
        );

        const together = new Set(truncate.map((each) => each.oid));
        const broken = references.filter((reference) => together.has(reference.to) && !together.has(reference.from));
        expect(broken).toEqual([]);
        expect(outside.filter((to) => together.has(to))).toEqual([]);
      }),
    );
  });

  test('truncates everything when nobody outside refers to us', () => {
    const { truncate, remove } = splitByEmptying(tables, [], [{ from: 1, to: 2 }]);

    expect(truncate).toEqual(tables);
    expect(remove).toEqual([]);
  });
});
