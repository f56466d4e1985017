// Axes and marginals of a spec that somebody wrote: every fault has its place and a sentence.
import { parseSpec, specSchema } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';

const HEAD = { format: 'shapecast-spec', version: 1, name: 's', bands: { dev: { scale: 1 } } };
const a = { kind: 'number', column: 'a', decimals: 0, cuts: [10] };
const c = { kind: 'category', column: 'c', labels: [1, 0] };
const reference = { columns: ['p'], table: 'public.p', to: ['id'], fanOut: { family: 'constant', value: 2 } };

function specOf(axes: unknown, marginals: unknown): unknown {
  const columns = {
    a: { kind: 'number', distribution: { family: 'uniform', min: 0, max: 20 } },
    c: {
      kind: 'category',
      values: [
        { label: 'x', weight: 1 },
        { label: 'y', weight: 2 },
      ],
    },
  };
  return {
    ...HEAD,
    tables: {
      'public.p': { rows: { count: 10 }, columns: { id: { kind: 'sequence' } } },
      'public.t': { rows: { count: 20 }, columns, references: { p: reference }, axes, marginals },
    },
  };
}

function faultsOf(axes: unknown, marginals: unknown): string[] {
  const result = specSchema.safeParse(specOf(axes, marginals));
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
}

const cellsFault = (cells: string, axes = ['a', 'c']) => faultsOf({ a, c }, [{ axes, cells }]);

describe('a spec with marginals', () => {
  test('reads back equal from its text, long lists of cells folded', () => {
    const cells = Array.from({ length: 64 }, (_, at) => `${at % 4} ${Math.floor(at / 4) + 2} ${at * 1000 + 0.5}`).join(',\n  ');
    const heap = { kind: 'heap', ranges: 16 };
    const spec = specSchema.parse(
      specOf({ a, heap, 'p -> heap': { ...heap, via: { columns: ['p'], references: 'public.p' } } }, [
        { axes: ['a', 'heap'], cells: cells.replace(/ {2}/g, '   ') },
        { axes: ['a'], cells: '2 3,3 4', other: 7, because: 'by hand' },
      ]),
    );

    const text = formatSpec(spec);

    expect(parseSpec(text, 'spec.yaml')).toEqual(spec);
    expect(spec.tables['public.t']?.marginals?.[1]?.cells).toBe('2 3, 3 4');
    expect(
      Math.max(
        ...text
          .split('\n')
          .filter((line) => !line.startsWith('#'))
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(110);
    expect(text).toContain('cells: >-\n');
  });

  test.each([
    ['2 2', 'cell 1: expected 2 classes and a count, separated by spaces'],
    ['2 2 1, ', 'cell 2: expected 2 classes and a count, separated by spaces'],
    ['2 2 1, 4 2 1', 'cell 2: the axes have the classes 0 to 3 and 0 to 3'],
    ['-1 2 1', 'cell 1: a class is no whole number from 0 on'],
    ['2 2 -1', 'cell 1: the count is no number from 0 on (or no such number and ~block)'],
    ['2 2 1e999', 'cell 1: the count is no number from 0 on (or no such number and ~block)'],
    ['2 2 1, 2 2 3', 'cell 2: the cell was already given'],
    ['2 2 0', 'expected a count above 0 in one of the cells'],
    ['', 'cell 1: expected 2 classes and a count, separated by spaces'],
  ])('refuses the cells %j', (cells, message) => {
    expect(cellsFault(cells)).toEqual([`public.t.marginals.0.cells: ${message}`]);
  });

  test('refuses a marginal over an axis that the table has not', () => {
    expect(cellsFault('2 1', ['b'])).toEqual(['public.t.marginals.0.axes.0: the table has no axis of this name']);
    expect(faultsOf(undefined, [{ axes: ['a'], cells: '2 1' }])).toEqual([
      'public.t.marginals.0.axes.0: the table has no axis of this name',
    ]);
  });

  test('takes a column that a reference makes', () => {
    expect(faultsOf({ p: { kind: 'presence', column: 'p' } }, [{ axes: ['p'], cells: '0 1, 2 9' }])).toEqual([]);
  });

  const via = { columns: ['p'], references: 'public.p' };
  test.each([
    [{ ...a, column: 'b' }, 'public.t has no column b here'],
    [{ ...a, via: { ...via, columns: ['q'] } }, 'no reference (q) leads to public.p'],
    [{ ...a, via: { ...via, references: 'public.q' } }, 'there is no table public.q'],
    [{ ...a, via }, 'public.p has no column a here'],
    [{ kind: 'lag', column: 'a', since: 'at', cuts: [0], via }, 'public.p has no column at here'],
    [{ kind: 'degree', child: 'public.u', columns: ['p'], cuts: [1] }, 'there is no table public.u'],
    [{ kind: 'degree', child: 'public.t', columns: ['p'], cuts: [1] }, 'no reference (p) of public.t leads here'],
    [{ kind: 'sameParent', via, other: ['q'] }, 'no reference (q) leads to public.p'],
    [{ ...c, column: 'a' }, 'a is no category'],
    [{ ...c, labels: [2] }, 'c has the labels 0 to 1'],
    [{ ...c, labels: [1, 1] }, 'a label stands in two classes'],
  ])('refuses the axis %j', (axis, message) => {
    expect(faultsOf({ wrong: axis }, undefined)).toEqual([`public.t.axes.wrong: ${message}`]);
  });

  test('joins rows of two kinds of children only', () => {
    const faults = (axes: unknown, names: string[], joinedTimesChance: number) =>
      faultsOf(axes, [{ axes: names, cells: names.length === 1 ? '2 3' : '2 2 3', joinedTimesChance }]);

    expect(faults({ a, c }, ['a', 'c'], 2)).toEqual([
      'public.t.marginals.0.joinedTimesChance: only a pair of degrees joins rows',
    ]);
    expect(faults({ a }, ['a'], 2)).toHaveLength(1);
    expect(faults({ a, c }, ['a', 'c'], -1)).toHaveLength(1);
  });
});
