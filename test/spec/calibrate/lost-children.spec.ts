import { shareWithoutParent } from '../../../spec/calibrate/lost-children.ts';
import { indexPack } from '../../../spec/calibrate/pack-index.ts';
import type { PairMarginal } from '../../../spec/pack.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { buildTestPack } from '../../support/sample-pack.ts';

const heap: PairAxis = { kind: 'heap', ranges: 4 };
const parentHeap: PairAxis = { ...heap, via: { columns: ['user_id'], references: 'public.users' } };

function shareOf(axes: PairAxis[], cells: number[][], columns = ['user_id']): number | null {
  const pack = buildTestPack();
  const total = cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), 0);
  const pair: PairMarginal = {
    table: 'public.messages',
    axes,
    why: 'heap',
    information: 1,
    total,
    cells,
    other: 0,
    cost: { rho: '0/1' },
  };
  pack.pairs = { rule: 'tree', leftOut: 0, marginals: [pair], distinctTimes: [] };
  const table = pack.structure.tables.find(({ name }) => name === 'public.messages');
  if (table === undefined) throw new Error('no messages');
  return shareWithoutParent(indexPack(pack), table, {
    columns,
    references: 'public.users',
    referencedColumns: ['id'],
    virtual: true,
  });
}

describe('rows that no parent has', () => {
  const cells = [
    [0, 1, 0, 30],
    [0, 1, 2, 50],
    [0, 2, 0, 10],
    [0, 2, 4, 10],
  ];

  test('are those without a place of the parent in its heap', () => {
    expect(shareOf([heap, parentHeap], cells)).toBeCloseTo(0.4);
    expect(shareOf([parentHeap, heap], cells)).toBe(0);
  });

  test('are unknown where no pair has that place', () => {
    expect(shareOf([heap, heap], cells)).toBeNull();
    expect(shareOf([heap, parentHeap], cells, ['editor_id'])).toBeNull();
  });
});
