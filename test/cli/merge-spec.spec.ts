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
});
