// Every refusal of a plan, each provoked by the smallest spec and target that has it, with its text.

import { examinePlan, type PlanRequest, resolvePlan } from '../../../generator/plan/resolve-plan.ts';
import type { CatalogEnum, CatalogTable } from '../../../postgres/catalog/catalog.ts';
import { specSchema } from '../../../spec/spec.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';

interface Case {
  /** Tables of the spec. */
  readonly tables: Record<string, unknown>;
  readonly target: readonly CatalogTable[];
  readonly enums?: readonly CatalogEnum[];
  readonly head?: Record<string, unknown>;
  readonly request?: Partial<PlanRequest>;
}

const HEAD = { format: 'shapecast-spec', version: 1, name: 's', bands: { dev: { scale: 1 } } };

function examine({ tables, target, enums = [], head = {}, request = {} }: Case) {
  const spec = specSchema.parse({ ...HEAD, tables, ...head });
  const catalog = { serverVersion: 18, tables: target, enums };
  return examinePlan({ spec, catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map(), ...request });
}

const problemsOf = (one: Case) =>
  examine(one)
    .problems.all()
    .map(({ path, message }) => `${path}: ${message}`);
const id = column('id', 'int8', { isNullable: false });
const sequence = { kind: 'sequence' };

/** A table `t` of 100 rows with an id and one more column. */
function one(
  spec: unknown,
  target: ReturnType<typeof column>,
  rest: Partial<Case> & { readonly keys?: Partial<CatalogTable> } = {},
): Case {
  const { keys, ...more } = rest;
  return {
    tables: { t: { rows: { count: 100 }, columns: { id: sequence, c: spec } } },
    target: [table('t', [id, target], keys)],
    ...more,
  };
}

const mood = { schema: 'public', name: 'mood', labels: ['sad', 'ok'] };
const moodColumn = column('c', 'enum', {
  kind: 'enum',
  type: 'mood',
  typeSchema: 'public',
  enumType: { schema: 'public', name: 'mood' },
});
const uniqueOn = (...columns: string[]) => ({ uniques: [{ name: 'u', columns, nullsNotDistinct: false }] });
const number = (from: number, to: number) => ({ kind: 'number', distribution: { family: 'uniform', min: from, max: to } });
const parentRows = (count: number) => ({ rows: { count }, columns: { id: sequence } });
const fanOut = { family: 'constant', value: 1 };

const cases: [name: string, one: Case, expected: string | RegExp][] = [
  [
    'a band that is not there',
    { tables: {}, target: [], request: { band: 'perf' } },
    'bands.perf: is missing: add it to the spec, or choose another --band',
  ],
  [
    'a missing table',
    { tables: { t: { rows: { count: 1 } } }, target: [] },
    'tables.public.t: the target has no such table: create it first, or pass --create schema.sql',
  ],
  [
    '--rows of another table',
    { tables: {}, target: [], request: { rows: new Map([['public.x', 1]]) } },
    '--rows: the spec has no table public.x: name one of its tables',
  ],
  [
    'too many rows',
    { tables: { t: { rows: { count: 5_000_000_000 } } }, target: [table('t', [])] },
    'tables.public.t.rows: 5000000000 rows are more than 4294967295: lower --scale or --rows',
  ],
  [
    'no figure for the band',
    { tables: { t: { rows: { bands: { perf: 5 } } } }, target: [table('t', [])] },
    'tables.public.t.rows.bands: has no figure for band dev: add one, or choose another --band',
  ],
  [
    'rows that follow nothing',
    { tables: { t: { rows: { follows: 'x' } } }, target: [table('t', [])] },
    'tables.public.t.rows.follows: there is no reference x with a fanOut: name one that has it, or give a count',
  ],
  [
    'rows that follow each other',
    {
      tables: {
        a: { rows: { follows: 'b' }, references: { b: { columns: ['b'], table: 'b', to: ['id'], fanOut } } },
        b: { rows: { follows: 'a' }, references: { a: { columns: ['a'], table: 'a', to: ['id'], fanOut } } },
      },
      target: [table('a', [column('b', 'int8')]), table('b', [column('a', 'int8')])],
    },
    'tables.public.a.rows: follows a fan-out that follows this table: give one of them a count',
  ],
  [
    'a missing column',
    one(sequence, column('other', 'int4')),
    'tables.public.t.columns.c: the target table has no such column: take it out of the spec, or add it to the target',
  ],
  [
    'a missing column of a reference',
    {
      tables: {
        p: parentRows(5),
        t: { rows: { count: 5 }, references: { p: { columns: ['p_id'], table: 'p', to: ['id'], fanOut } } },
      },
      target: [table('p', [id]), table('t', [])],
    },
    'tables.public.t.references.p: the target table has no column p_id: change the reference, or add the column to the target',
  ],
  [
    'a NOT NULL column that nothing makes',
    { tables: { t: { rows: { count: 1 } } }, target: [table('t', [column('c', 'text', { isNullable: false })])] },
    'tables.public.t.columns.c: is NOT NULL in the target and the spec does not make it: add the column to the spec, for example as a constant',
  ],
  [
    'a generated column',
    one(sequence, column('c', 'int4', { generated: true })),
    'tables.public.t.columns.c: is generated by the server: set kind: server, or take it out of the spec',
  ],
  [
    'NULLs in a NOT NULL column',
    one({ ...number(0, 9), nullFraction: 0.5 }, column('c', 'int4', { isNullable: false })),
    'tables.public.t.columns.c.nullFraction: the column is NOT NULL in the target: set it to 0 (or give a value), or drop NOT NULL there',
  ],
  [
    'a kind that does not make the type',
    one({ kind: 'uuid' }, column('c', 'int4')),
    'tables.public.t.columns.c: kind uuid does not make values of type int4: choose a kind that does, or take the column out of the spec',
  ],
  [
    'a type without a builder',
    one({ kind: 'unsupported', type: 'box' }, column('c', 'box')),
    'tables.public.t.columns.c: has type box, which no builder makes: exclude the column in the policy (excludedColumns), or give it a constant in the spec (kind: constant)',
  ],
  [
    'a sequence that runs over',
    one(sequence, column('c', 'int2'), { request: { scale: 1000 } }),
    'tables.public.t.columns.c: 100000 keys from 1 on do not fit int2 (at most 32767): use at most --scale 327, or widen the column',
  ],
  [
    'a sequence that runs over with --rows',
    one(sequence, column('c', 'int2'), { request: { rows: new Map([['public.t', 40_000]]) } }),
    'tables.public.t.columns.c: 40000 keys from 1 on do not fit int2 (at most 32767): use at most --rows public.t=32767, or widen the column',
  ],
  [
    'texts that cannot differ',
    one({ kind: 'text', isUnique: true, length: { family: 'constant', value: 1 } }, column('c', 'varchar', { maxLength: 1 })),
    'tables.public.t.columns.c: 100 different texts do not fit 1 characters: use at most --scale 0.36, or widen the column',
  ],
  [
    'a template without {row}',
    one({ kind: 'template', template: 'x' }, column('c', 'text')),
    'tables.public.t.columns.c: the template needs {row} exactly once: correct it, or use a constant',
  ],
  [
    'a template that is too long',
    one({ kind: 'template', template: 'long-{row}' }, column('c', 'varchar', { maxLength: 6 })),
    'tables.public.t.columns.c: needs 8 characters and the column takes 6: shorten the template, or widen the column',
  ],
  [
    'a label that is too long',
    one({ kind: 'category', values: [{ label: 'confidential', weight: 1 }] }, column('c', 'varchar', { maxLength: 6 })),
    'tables.public.t.columns.c: a label is longer than the 6 characters of the column: shorten it here, or widen the column',
  ],
  [
    'a constant that is too long',
    one({ kind: 'constant', value: 'confidential' }, column('c', 'varchar', { maxLength: 6 })),
    'tables.public.t.columns.c: its values have up to 12 characters and the column takes 6: widen the column, or shorten what the spec makes',
  ],
  [
    'a uuid that is too long',
    one({ kind: 'uuid' }, column('c', 'varchar', { maxLength: 20 })),
    'tables.public.t.columns.c: its values have up to 36 characters and the column takes 20: widen the column, or shorten what the spec makes',
  ],
  [
    'a distribution without weight',
    one({ kind: 'number', distribution: { family: 'empirical', bins: [[0, 5, 0]] } }, column('c', 'int2')),
    'tables.public.t.columns.c: the distribution has no weight inside its bounds',
  ],
  [
    'a window calendar without a window',
    one({ kind: 'time', calendar: { kind: 'window' } }, column('c', 'timestamptz')),
    'tables.public.t.columns.c: a window calendar needs windowEnd in the spec and windowDays in the band: give both, or use bins',
  ],
  [
    'a calendar without weight',
    one({ kind: 'time', calendar: { kind: 'bins', bins: [['2024-01-02', '2024-01-01', 1]] } }, column('c', 'timestamptz')),
    'tables.public.t.columns.c: the calendar has no weight anywhere: give one of its bins a weight above 0',
  ],
  [
    'a delay after nothing',
    one({ kind: 'delay', reference: 'x', column: 'at', seconds: fanOut }, column('c', 'timestamptz')),
    'tables.public.t.columns.c: reference x does not lead to a time column at: name a reference of this table and a time of its parent',
  ],
  [
    'a degree class of nobody',
    one({ kind: 'degreeClass', child: 'x', reference: 'y', classes: [{ upTo: 1, label: 'a' }] }, column('c', 'text')),
    'tables.public.t.columns.c: public.x has no reference y to this table: name one that it has',
  ],
  [
    'labels that the enum lacks',
    one(
      {
        kind: 'category',
        values: [
          { label: 'ok', weight: 1 },
          { label: 'confidential', weight: 1 },
        ],
      },
      moodColumn,
      { enums: [mood] },
    ),
    "tables.public.t.columns.c: 1 of its 2 labels are not in the target's enum public.mood (2 labels): add them to the enum, or change the labels here",
  ],
  [
    'an enum constant that the enum lacks',
    one({ kind: 'constant', value: 'confidential' }, moodColumn, { enums: [mood] }),
    "tables.public.t.columns.c: 1 of its 1 labels are not in the target's enum public.mood (2 labels): add them to the enum, or change the labels here",
  ],
  [
    'a unique boolean',
    one({ kind: 'boolean', trueFraction: 0.5 }, column('c', 'bool'), { keys: uniqueOn('c') }),
    'tables.public.t.columns.c: the unique key (c) has at most 2 different values and 100 rows need one each: use at most --scale 0.02, or give a column of it more values',
  ],
  [
    'a unique pair of few labels and few numbers',
    {
      tables: {
        t: {
          rows: { count: 100 },
          columns: {
            id: sequence,
            a: {
              kind: 'category',
              values: [
                { label: 'x', weight: 1 },
                { label: 'y', weight: 1 },
              ],
            },
            b: number(0, 9),
          },
        },
      },
      target: [table('t', [id, column('a', 'text'), column('b', 'int4')], uniqueOn('a', 'b'))],
    },
    'tables.public.t: the unique key (a, b) has at most 18 different values (2 x 9) and 100 rows need one each: use at most --scale 0.18, or give a column of it more values',
  ],
  [
    'an int2 that refers to a bigint key',
    {
      tables: {
        p: parentRows(100_000),
        t: { rows: { count: 100_000 }, references: { p: { columns: ['p_id'], table: 'p', to: ['id'], fanOut } } },
      },
      target: [table('p', [id]), table('t', [column('p_id', 'int2')], { primaryKey: null })],
    },
    'tables.public.t.columns.p_id: keys of public.p go up to 100000 and do not fit int2 (-32768 to 32767): use at most --scale 0.327, or widen the column',
  ],
  [
    'a varchar that refers to longer keys',
    {
      tables: {
        p: { rows: { count: 10 }, columns: { id: { kind: 'template', template: 'person-{row}' } } },
        t: { rows: { count: 10 }, references: { p: { columns: ['p_id'], table: 'p', to: ['id'], fanOut } } },
      },
      target: [
        table('p', [column('id', 'text')]),
        table('t', [column('p_id', 'varchar', { maxLength: 5 })], { primaryKey: null }),
      ],
    },
    'tables.public.t.columns.p_id: the keys that it refers to have up to 9 characters and the column takes 5: widen the column, or shorten what the spec makes',
  ],
  [
    'a key that is copied from a column that nobody makes',
    {
      tables: {
        p: { rows: { count: 10 } },
        t: { rows: { count: 10 }, references: { p: { columns: ['p_id'], table: 'p', to: ['id'], fanOut } } },
      },
      target: [
        table('p', [column('id', 'int8', { identity: 'always' })]),
        table('t', [column('p_id', 'int8')], { primaryKey: null }),
      ],
    },
    'tables.public.t.columns.p_id: is copied from public.p.id, which the spec does not make: add that column to the spec',
  ],
];

test.each(cases)('a plan is refused for %s', (_name, given, expected) => {
  const found = problemsOf(given);

  expect(found).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  expect(found.join('\n')).not.toContain('confidential');
});

describe('a size that is named as the way out', () => {
  test.each([
    ['a sequence', one(sequence, column('c', 'int2'), { request: { scale: 327 } })],
    ['a sequence with --rows', one(sequence, column('c', 'int2'), { request: { rows: new Map([['public.t', 32_767]]) } })],
    [
      'a unique boolean',
      one({ kind: 'boolean', trueFraction: 0.5 }, column('c', 'bool'), { keys: uniqueOn('c'), request: { scale: 0.02 } }),
    ],
  ])('fits: %s', (_name, given) => {
    expect(problemsOf(given)).toEqual([]);
  });
});

test('NULLs do not use up the values of a unique key, unless they are not distinct', () => {
  const half = { kind: 'boolean', trueFraction: 0.5, nullFraction: 0.98 };
  const notDistinct = { uniques: [{ name: 'u', columns: ['c'], nullsNotDistinct: true }] };

  expect(problemsOf(one(half, column('c', 'bool'), { keys: uniqueOn('c') }))).toEqual([]);
  expect(problemsOf(one(half, column('c', 'bool'), { keys: notDistinct }))).toEqual([
    expect.stringContaining('has at most 3 different values and 100 rows need one each'),
  ]);
});

test.each([
  ['a fan-out', { p: parentRows(10) }, 'p'],
  ['a tree', {}, 't'],
])('a distribution without weight is one fault and not two: %s', (_name, tables, parent) => {
  const empty = { family: 'empirical', bins: [[0, 5, 0]] };
  const reference = { columns: ['p_id'], table: parent, to: ['id'], fanOut: empty, nullFraction: 0.5 };
  const given: Case = {
    tables: { ...tables, t: { rows: { count: 10 }, columns: { id: sequence }, references: { p: reference } } },
    target: [table('p', [id]), table('t', [id, column('p_id', 'int8', { isNullable: true })])],
  };

  expect(problemsOf(given)).toEqual(['tables.public.t.references.p.fanOut: the distribution has no weight inside its bounds']);
});

test('PLAN_IMPOSSIBLE lists all faults at once', () => {
  const columns = { a: { kind: 'uuid' }, b: { kind: 'template', template: 'x' } };
  const spec = specSchema.parse({ ...HEAD, tables: { t: { rows: { count: 100 }, columns } } });
  const target = table('t', [column('a', 'int4'), column('b', 'text'), column('c', 'text', { isNullable: false })]);
  const catalog = { serverVersion: 18, tables: [target], enums: [] };

  expect(() => resolvePlan({ spec, catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map() })).toThrow(
    /^The spec cannot be generated into this target:\n {2}tables\.public\.t\.columns\.a: .+\n {2}tables\.public\.t\.columns\.b: .+\n {2}tables\.public\.t\.columns\.c: .+$/,
  );
});
