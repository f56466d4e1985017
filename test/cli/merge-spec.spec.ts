import { mergeSpecs } from '../../cli/merge-spec.ts';

const fitted = {
  name: 'fitted',
  tables: {
    'public.users': { rows: { count: 10 }, columns: { id: { kind: 'sequence' }, name: { kind: 'text' } }, references: {} },
    'public.posts': { rows: { count: 20 }, columns: {} },
  },
};

describe('calibrate --spec', () => {
  test('lets a column of the base replace the fitted one whole, and keeps the others', () => {
    const merged = mergeSpecs(fitted, { tables: { 'public.users': { columns: { name: { kind: 'constant', value: 'x' } } } } });

    expect(merged).toMatchObject({
      name: 'fitted',
      tables: {
        'public.users': { rows: { count: 10 }, columns: { id: { kind: 'sequence' }, name: { kind: 'constant', value: 'x' } } },
        'public.posts': { rows: { count: 20 } },
      },
    });
  });

  test('adds tables that only the base has, and lets it change rows and names', () => {
    const merged = mergeSpecs(fitted, {
      name: 'mine',
      tables: { 'public.tags': { rows: { count: 1 } }, 'public.posts': { rows: { count: 5 } } },
    });

    expect(merged).toMatchObject({
      name: 'mine',
      tables: { 'public.tags': { rows: { count: 1 } }, 'public.posts': { rows: { count: 5 } } },
    });
  });

  test('changes neither document', () => {
    const before = structuredClone(fitted);

    mergeSpecs(fitted, { tables: { 'public.users': { columns: {} } } });

    expect(fitted).toEqual(before);
  });

  describe('with marginals', () => {
    const values = [
      { label: 'x', weight: 1 },
      { label: 'y', weight: 2 },
    ];
    const size = { kind: 'number', column: 'size', decimals: 0, cuts: [10] };
    const posts = {
      columns: { mood: { kind: 'category', values }, size: { kind: 'number' } },
      axes: { mood: { kind: 'category', column: 'mood', labels: [1, 0] }, size },
      marginals: [
        { axes: ['mood', 'size'], cells: '2 2 5, 2 3 6, 3 2 7', other: 3 },
        { axes: ['size'], cells: '2 1' },
      ],
    };
    const measured = { tables: { 'public.posts': posts } };
    const mergedWith = (base: object) => mergeSpecs(measured, { tables: { 'public.posts': base } }).tables as object;

    test('keeps them beside a distribution of the base', () => {
      const own = { kind: 'number', distribution: { family: 'constant', value: 3 } };

      expect(mergedWith({ columns: { size: own } })).toMatchObject({
        'public.posts': { axes: posts.axes, marginals: posts.marginals, columns: { size: own } },
      });
    });

    test('finds the labels of the base by name; rows of a label that is gone are rows of another value', () => {
      const mood = {
        kind: 'category',
        values: [
          { label: 'new', weight: 1 },
          { label: 'other', weight: 1 },
          { label: 'y', weight: 3 },
        ],
      };

      expect(mergedWith({ columns: { mood } })).toMatchObject({
        'public.posts': {
          axes: { mood: { kind: 'category', column: 'mood', labels: [2] }, size },
          marginals: [
            { axes: ['mood', 'size'], cells: '1 2 7, 2 2 5, 2 3 6', other: 3 },
            { axes: ['size'], cells: '2 1' },
          ],
        },
      });
    });

    test('leaves out those of a category that is none any more', () => {
      const merged = mergedWith({ columns: { mood: { kind: 'text' } } });

      expect(merged).toHaveProperty(['public.posts', 'axes'], expect.not.objectContaining({ mood: expect.anything() }));
      expect(merged).toHaveProperty(['public.posts', 'marginals'], [posts.marginals[1]]);
    });

    test('takes those of the base as a whole', () => {
      const axes = { mine: size };

      expect(mergedWith({ marginals: [] })).toHaveProperty(['public.posts', 'marginals'], []);
      expect(mergedWith({ marginals: [] })).not.toHaveProperty(['public.posts', 'axes']);
      expect(mergedWith({ axes })).toHaveProperty(['public.posts', 'axes'], axes);
      expect(mergedWith({ axes })).not.toHaveProperty(['public.posts', 'marginals']);
    });
  });
});
