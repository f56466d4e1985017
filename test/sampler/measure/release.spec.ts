import { OTHER_CODE, type WireCode } from '../../../sampler/measure/codes.ts';
import { NULL_CODE } from '../../../sampler/measure/copy-rows.ts';
import type { Pass } from '../../../sampler/measure/pass.ts';
import { startCounting } from '../../../sampler/measure/pass-counts.ts';
import { releaseMarginals, releaseRowCount } from '../../../sampler/measure/release.ts';
import type { Axis } from '../../../spec/axis.ts';

const wire: WireCode = { id: 'n', scalar: 't."n"', code: null };
const number: Axis = { kind: 'number', column: 'n', decimals: 0, subBits: 12 };
const presence: Axis = { kind: 'presence', column: 'n' };

function release(codes: readonly number[], options: { k: number; axes?: readonly Axis[] }) {
  const pass: Pass = {
    table: 'public.t',
    what: 'measuring',
    statements: [],
    hasBucket: false,
    codes: [wire],
    groups: [[0]],
    marginals: (options.axes ?? [number]).map((axis) => ({ axis, code: 0 })),
    k: options.k,
    childK: null,
  };
  const counts = startCounting(pass, new Map());
  for (const code of codes) counts.addRow(Int32Array.of(code));
  return { marginals: releaseMarginals(pass, counts), rows: releaseRowCount(pass, counts) };
}

function repeat(code: number, times: number): number[] {
  return new Array<number>(times).fill(code);
}

describe('releaseMarginals', () => {
  test('counts values outside of the axis as other', () => {
    const { marginals } = release([...repeat(3, 50), ...repeat(OTHER_CODE, 30)], { k: 20 });

    expect(marginals).toMatchObject([{ total: 80, cells: [[0, 3, 50]], other: 30 }]);
  });

  test('counts values outside of the axis in a cell when they are fewer than k', () => {
    const { marginals } = release([...repeat(3, 50), ...repeat(4, 60), ...repeat(OTHER_CODE, 2)], { k: 20 });

    expect(marginals).toMatchObject([
      {
        total: 112,
        cells: [
          [0, 3, 52],
          [0, 4, 60],
        ],
        other: 0,
      },
    ]);
  });

  test('leaves NULLs out of a total when their number may be known', () => {
    const { marginals } = release([...repeat(3, 50), ...repeat(NULL_CODE, 30)], { k: 20, axes: [number, presence] });

    expect(marginals).toMatchObject([
      { total: 50, cells: [[0, 3, 50]], other: 0 },
      {
        total: 80,
        cells: [
          [0, 0, 30],
          [0, 1, 50],
        ],
        other: 0,
      },
    ]);
  });

  test('does not give a small number of NULLs away as the difference of two totals', () => {
    const { marginals, rows } = release([...repeat(3, 50), ...repeat(4, 60), ...repeat(NULL_CODE, 3)], {
      k: 20,
      axes: [number, presence],
    });

    expect(rows).toBe(113);
    expect(marginals).toMatchObject([
      {
        total: 113,
        cells: [
          [0, 3, 53],
          [0, 4, 60],
        ],
        other: 0,
      },
      { total: 113, cells: [[0, 1, 113]], other: 0 },
    ]);
  });

  test('publishes everything with k = 1', () => {
    const { marginals, rows } = release([3, NULL_CODE], { k: 1, axes: [number, presence] });

    expect(rows).toBe(2);
    expect(marginals).toMatchObject([
      { total: 1, cells: [[0, 3, 1]], other: 0 },
      {
        total: 2,
        cells: [
          [0, 0, 1],
          [0, 1, 1],
        ],
        other: 0,
      },
    ]);
  });
});

describe('releaseRowCount', () => {
  test('tells a count only when at least k rows stand behind it; none reads like a few', () => {
    expect(release(repeat(1, 20), { k: 20 }).rows).toBe(20);
    expect(release(repeat(1, 19), { k: 20 }).rows).toBeNull();
    expect(release([], { k: 20 }).rows).toBeNull();
    expect(release([], { k: 1 }).rows).toBe(0);
  });
});
