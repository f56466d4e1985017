import fc from 'fast-check';
import { type FinePairCell, type FoldedPair, foldPair } from '../../../sampler/protect/fold-pairs.ts';
import { coarseClass, PAIR_LEVELS, type PairAxis } from '../../../spec/pair-axis.ts';

const NUMBER: PairAxis = { kind: 'number', column: 'n', decimals: 0, cuts: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
const LABELS: PairAxis = { kind: 'category', column: 'c', labels: [0, 1, 2, 3] };
const K = 10;

/** Rows: two classes and the person behind. */
const row = fc.tuple(fc.nat(11), fc.nat(5), fc.nat(120)).map(([first, second, person]) => ({ first, second, person }));
const rows = fc.array(row, { maxLength: 900 });
const axesOf = fc.constantFrom<[PairAxis, PairAxis]>([NUMBER, LABELS], [NUMBER, NUMBER], [LABELS, LABELS]);

type Row = { first: number; second: number; person: number };

function cellsOf(all: readonly Row[]): FinePairCell[] {
  const cells = new Map<string, FinePairCell & { count: number }>();
  for (const { first, second, person } of all) {
    const key = `${first} ${second}`;
    const cell = cells.get(key) ?? { classes: [first, second], count: 0, units: [new Uint32Array(8)] };
    const [bits] = cell.units;
    if (bits instanceof Uint32Array) bits[person >> 5] = (bits[person >> 5] ?? 0) | (1 << (person & 31));
    cells.set(key, { ...cell, count: cell.count + 1 });
  }
  return [...cells.values()];
}

function people(all: readonly Pick<Row, 'person'>[]): number {
  return new Set(all.map(({ person }) => person)).size;
}

/** The rows of each released cell, and those that are in none: what every row's finest released cell is. */
function assign<R extends Row>(all: readonly R[], axes: readonly PairAxis[], { cells }: FoldedPair) {
  const places = new Set(cells.map((cell) => cell.slice(0, -1).join(' ')));
  return all.map((each) => {
    let classes = [each.first, each.second];
    for (let level = 0; level < PAIR_LEVELS; level++) {
      const key = [level, ...classes].join(' ');
      if (places.has(key)) return { ...each, cell: key, level };
      classes = axes.map((axis, at) => coarseClass(axis, 1, classes[at] ?? 0));
    }
    return { ...each, cell: null, level: PAIR_LEVELS };
  });
}

describe('foldPair', () => {
  test('counts add up, and the order of the cells does not matter', () => {
    fc.assert(
      fc.property(rows, axesOf, (all, axes) => {
        const cells = cellsOf(all);
        const folded = foldPair(cells, axes, { k: K });

        expect(folded.cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), folded.other)).toBe(folded.total);
        expect([0, all.length]).toContain(folded.total);
        expect(foldPair([...cells].reverse(), axes, { k: K })).toEqual(folded);
      }),
    );
  });

  test('k = 1 publishes every cell as it is', () => {
    fc.assert(
      fc.property(rows, axesOf, (all, axes) => {
        const folded = foldPair(cellsOf(all), axes, { k: 1 });

        expect(folded.cells.every(([level]) => level === 0)).toBe(true);
        expect(folded.cells).toHaveLength(cellsOf(all).length);
      }),
    );
  });

  test('no cell, no other and no hidden part of a shown line stands on fewer than k people', () => {
    fc.assert(
      fc.property(rows, axesOf, (all, axes) => {
        const folded = foldPair(cellsOf(all), axes, { k: K });
        const placed = assign(all, axes, folded);

        for (const [level, one, two, count] of folded.cells) {
          const inside = placed.filter(({ cell }) => cell === `${level} ${one} ${two}`);
          expect(people(inside)).toBeGreaterThanOrEqual(K);
          expect(inside).toHaveLength(count ?? -1);
        }
        const outside = placed.filter(({ cell }) => cell === null);
        expect(folded.total === 0 || outside.length === folded.other).toBe(true);
        expect(folded.other === 0 || people(outside) >= K).toBe(true);
        for (const axis of ['first', 'second'] as const) {
          for (const value of new Set(placed.map((each) => each[axis]))) {
            const line = placed.filter((each) => each[axis] === value);
            const hidden = line.filter(({ level }) => level > 0);
            const isSafe = hidden.length === 0 || hidden.length === line.length || people(hidden) >= K;
            expect(isSafe).toBe(true);
          }
        }
      }),
    );
  });

  test('every kind of unit must be k: ten owners of rows that all lead to one person are folded', () => {
    const owners = Uint32Array.from([0xffff, 0, 0, 0, 0, 0, 0, 0]);
    const onePerson = Uint32Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
    const many = { classes: [2, 2], count: 40, units: [owners, owners] };
    const few = { classes: [7, 4], count: 40, units: [owners, onePerson] };

    const folded = foldPair([many, few], [NUMBER, LABELS], { k: K });

    expect(folded.cells.some(([level, first]) => level === 0 && first === 7)).toBe(false);
    expect(folded.total).toBe(80);
  });

  test('owners of children: none are needed where there is no child, k where there is one, and nobody reads as a few', () => {
    const threshold = { k: 1, childK: K };
    const owners = (first: number, count: number) => {
      const bits = new Uint32Array(8);
      for (let at = first; at < first + count; at++) bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
      return bits;
    };
    const cell = (first: number, second: number, count: number, child: Uint32Array): FinePairCell => ({
      classes: [first, second],
      count,
      units: [count],
      childUnits: [child],
    });
    const none = cell(2, 2, 3, owners(0, 0));
    const many = [cell(2, 3, 1, owners(0, 40)), cell(2, 4, 1, owners(0, 40))];

    expect(foldPair([none, ...many], [LABELS, NUMBER], threshold)).toEqual({
      total: 5,
      cells: [
        [0, 2, 2, 3],
        [0, 2, 3, 1],
        [0, 2, 4, 1],
      ],
      other: 0,
    });
    // One person owns all children of a cell: it is hidden, and so much with it that the hidden part of its line has k owners.
    const lone = foldPair([none, ...many, cell(2, 5, 30, owners(7, 1))], [LABELS, NUMBER], threshold);
    expect(lone.cells.filter(([level]) => level === 0)).not.toContainEqual([0, 2, 5, 30]);
    expect(lone.cells).toContainEqual([2, 2, 2, 31]);
    const withheld = { total: 0, cells: [], other: 0 };
    expect(foldPair([none, cell(2, 3, 30, owners(0, K - 1))], [LABELS, NUMBER], threshold)).toEqual(withheld);
    expect(foldPair([none, cell(2, 6, 30, owners(0, 0))], [LABELS, NUMBER], threshold)).toEqual(withheld);
    expect(foldPair([none, cell(2, 3, 30, owners(0, 1))], [LABELS, NUMBER], { k: 1 }).cells).toHaveLength(2);
  });

  test('no cell, no other and no hidden part of a shown line has children of fewer than k owners', () => {
    const parent = fc.tuple(row, fc.array(fc.nat(40), { maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(parent, { maxLength: 600 }), axesOf, (all, axes) => {
        const cells = all.map(([each, children]): FinePairCell => {
          const [units = 0] = cellsOf([each])[0]?.units ?? [];
          const child = new Uint32Array(8);
          for (const person of children) child[person >> 5] = (child[person >> 5] ?? 0) | (1 << (person & 31));
          return { classes: [each.first, each.second], count: 1, units: [units], childUnits: [child] };
        });
        const folded = foldPair(cells, axes, { k: K, childK: K + 5 });
        const placed = assign(
          all.map(([each], at) => ({ ...each, at })),
          axes,
          folded,
        );
        const hasEnough = (inside: readonly { at: number; person: number }[]) => {
          const owners = new Set(inside.flatMap(({ at }) => all[at]?.[1] ?? [])).size;
          return inside.length === 0 || (people(inside) >= K && (owners === 0 || owners >= K + 5));
        };
        const groups = new Set(placed.map(({ cell }) => cell));
        const judged = [...groups].map((key) => placed.filter(({ cell }) => cell === key));
        if (folded.total > 0) expect(judged.every(hasEnough)).toBe(true);
        for (const axis of ['first', 'second'] as const) {
          for (const value of new Set(placed.map((each) => each[axis]))) {
            const line = placed.filter((each) => each[axis] === value);
            const hidden = line.filter(({ level }) => level > 0);
            expect(hidden.length === line.length || hasEnough(hidden)).toBe(true);
          }
        }
      }),
    );
  });
});
