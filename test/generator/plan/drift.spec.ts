// What a changed target means for a run: what breaks it is refused with a way out, the rest is a warning.
import { examinePlan } from '../../../generator/plan/resolve-plan.ts';
import type { CatalogTable } from '../../../postgres/catalog/catalog.ts';
import { structureOfCatalog } from '../../../postgres/catalog/catalog-structure.ts';
import { specSchema } from '../../../spec/spec.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';

const MOOD = { schema: 'public', name: 'mood', labels: ['sad', 'ok', 'happy'] };
const id = column('id', 'int8', { isNullable: false });
const email = column('email', 'varchar', { maxLength: 40 });
const age = column('age', 'int4');
const mood = column('mood', 'enum', { kind: 'enum', type: 'mood', typeSchema: 'public' });
const people = [id, email, age, mood];

const columns = {
  id: { kind: 'sequence' },
  email: { kind: 'text', length: { family: 'constant', value: 8 } },
  age: { kind: 'number', distribution: { family: 'uniform', min: 0, max: 90 }, nullFraction: 0.5 },
  mood: {
    kind: 'category',
    values: [
      { label: 'sad', weight: 1 },
      { label: 'ok', weight: 1 },
    ],
  },
};

/** The spec as it was measured on the four columns and a second table that it does not fill, against another target. */
function driftTo(target: readonly CatalogTable[], labels: readonly string[] = MOOD.labels, change: Record<string, unknown> = {}) {
  const source = { serverVersion: 18, tables: [table('people', people), table('logs', [id])], enums: [MOOD] };
  const spec = specSchema.parse({
    format: 'shapecast-spec',
    version: 1,
    name: 's',
    bands: { dev: { scale: 1 } },
    tables: { people: { rows: { count: 50 }, columns: { ...columns, ...change } } },
    structure: structureOfCatalog(source),
  });
  const catalog = { serverVersion: 18, tables: target, enums: [{ ...MOOD, labels }] };
  const { drift, problems } = examinePlan({ spec, catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map() });
  return {
    drift: drift.map(({ severity, path, message }) => `${severity} ${path}: ${message}`),
    problems: problems.all().map(({ path, message }) => `${path}: ${message}`),
  };
}

const logs = table('logs', [id]);
const withColumns = (...changed: readonly (typeof id)[]) => [table('people', changed), logs];

test('the same structure has no difference', () => {
  expect(driftTo([table('people', people), logs])).toEqual({ drift: [], problems: [] });
});

describe('refused', () => {
  test('a missing table that the spec fills, once', () => {
    const { drift, problems } = driftTo([logs]);

    expect(drift).toEqual([
      'refusal structure.tables.public.people: the target does not have this table: create it, or take the table out of the spec',
    ]);
    expect(problems).toEqual([
      'tables.public.people: the target has no such table: create it first, or pass --create schema.sql',
    ]);
  });

  test('a missing column that the spec fills, once', () => {
    const { drift, problems } = driftTo(withColumns(id, email, mood));

    expect(drift).toEqual([
      'refusal structure.tables.public.people.columns.age: the target does not have this column: add it to the target, or take it out of the spec',
    ]);
    expect(problems).toHaveLength(1);
  });

  test('a new NOT NULL column without a default', () => {
    const { drift } = driftTo(withColumns(...people, column('added', 'text', { isNullable: false })));

    expect(drift).toEqual([
      'refusal structure.tables.public.people.columns.added: is new in the target: text not null: add the column to the spec, for example as a constant',
    ]);
  });

  test('a column that became NOT NULL while the spec makes NULLs', () => {
    const { drift, problems } = driftTo(withColumns(id, email, { ...age, isNullable: false }, mood));

    expect(drift).toEqual([
      'refusal structure.tables.public.people.columns.age: nullable here, NOT NULL in the target: set nullFraction: 0, or drop NOT NULL in the target',
    ]);
    expect(problems).toHaveLength(1);
  });

  test('a shorter varchar', () => {
    const { problems } = driftTo(withColumns(id, { ...email, maxLength: 20 }, age, mood));

    expect(problems).toEqual([
      'tables.public.people.columns.email: varchar(40) here, varchar(20) in the target: widen the column, or write the new length into structure to accept shorter texts',
    ]);
  });

  test('a type that the builder cannot make', () => {
    const { drift, problems } = driftTo(withColumns(id, email, column('age', 'uuid'), mood));

    expect(drift).toEqual(['warning structure.tables.public.people.columns.age: int4 here, uuid in the target']);
    expect(problems).toEqual([expect.stringContaining('kind number does not make values of type uuid')]);
  });

  test('a new unique key that nothing keeps', () => {
    const target = table('people', people, { uniques: [{ name: 'u', columns: ['email'], nullsNotDistinct: true }] });
    const { problems } = driftTo([target, logs]);

    expect(problems).toEqual([
      expect.stringContaining(
        'tables.public.people: nothing keeps the unique key u over (email): make one of its columns unique',
      ),
    ]);
  });

  test('a new unique index over an expression that nothing keeps', () => {
    const index = { name: 'i', columns: [null], expressionColumns: ['email'], method: 'btree', isUnique: true, isPrimary: false };
    const rest = {
      isConstraint: false,
      isPartial: false,
      nullsNotDistinct: false,
      parts: [],
      predicate: null,
      predicateColumns: [],
      definition: '',
    };
    const { problems } = driftTo([table('people', people, { indexes: [{ ...index, ...rest }] }), logs]);

    expect(problems).toEqual([expect.stringContaining('nothing keeps the unique index i over (email)')]);
  });

  test('a new foreign key that no reference makes', () => {
    const key = {
      name: 'f',
      columns: ['age'],
      references: { schema: 'public', name: 'logs' },
      referencedColumns: ['id'],
      isDeferrable: false,
      definition: '',
    };
    const { problems } = driftTo([table('people', people, { foreignKeys: [key] }), logs]);

    expect(problems).toEqual([
      expect.stringContaining('nothing keeps the foreign key f over (age) to public.logs: add a reference'),
    ]);
  });

  test('labels of the spec that the enum lost, without naming them', () => {
    const { drift, problems } = driftTo([table('people', people), logs], ['ok', 'happy']);

    expect(drift).toEqual([
      "refusal structure.enums.public.mood: the target's enum lacks 1 label of it: add them to the target's enum, or change tables.public.people.columns.mood",
    ]);
    expect([...drift, ...problems].join()).not.toContain('sad');
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('a warning', () => {
  test.each<[string, readonly CatalogTable[], readonly string[] | undefined, string]>([
    [
      'a new table',
      [table('people', people), logs, table('new', [id])],
      undefined,
      'structure.tables.public.new: is new in the target',
    ],
    [
      'a missing table that the spec does not fill',
      [table('people', people)],
      undefined,
      'structure.tables.public.logs: the target does not have this table',
    ],
    [
      'a new nullable column',
      withColumns(...people, column('added', 'text')),
      undefined,
      'structure.tables.public.people.columns.added: is new in the target: text',
    ],
    [
      'a new column with a default',
      withColumns(...people, column('added', 'text', { isNullable: false, hasDefault: true })),
      undefined,
      'structure.tables.public.people.columns.added: is new in the target: text default not null',
    ],
    [
      'a longer varchar',
      withColumns(id, { ...email, maxLength: 80 }, age, mood),
      undefined,
      'structure.tables.public.people.columns.email: varchar(40) here, varchar(80) in the target',
    ],
    [
      'a wider number',
      withColumns(id, email, column('age', 'int8'), mood),
      undefined,
      'structure.tables.public.people.columns.age: int4 here, int8 in the target',
    ],
    [
      'a NOT NULL that is gone',
      withColumns({ ...id, isNullable: true }, email, age, mood),
      undefined,
      'structure.tables.public.people.columns.id: NOT NULL here, nullable in the target',
    ],
    [
      'a new default',
      withColumns(id, email, { ...age, hasDefault: true }, mood),
      undefined,
      'structure.tables.public.people.columns.age: int4 here, int4 default in the target',
    ],
    [
      'a key that is gone',
      [table('people', people, { primaryKey: null }), logs],
      undefined,
      'structure.tables.public.people.keys: the target does not have primary key (id)',
    ],
    [
      'a new unique key that a sequence keeps',
      [table('people', people, { uniques: [{ name: 'u', columns: ['age', 'id'], nullsNotDistinct: false }] }), logs],
      undefined,
      'structure.tables.public.people.keys: the target has a new unique (age, id)',
    ],
    [
      'a lost label that the spec does not write',
      [table('people', people), logs],
      ['sad', 'ok'],
      "structure.enums.public.mood: the target's enum lacks 1 label of it",
    ],
    [
      'a new label',
      [table('people', people), logs],
      [...MOOD.labels, 'proud'],
      "structure.enums.public.mood: the target's enum has 1 label more",
    ],
  ])('%s', (_name, target, labels, expected) => {
    expect(driftTo(target, labels)).toEqual({ drift: [`warning ${expected}`], problems: [] });
  });
});

test('a structure that was changed to what the target has is no drift: the way to accept a difference', () => {
  const spec = (length: number) =>
    specSchema.parse({
      format: 'shapecast-spec',
      version: 1,
      name: 's',
      bands: { dev: { scale: 1 } },
      tables: { t: { rows: { count: 5 }, columns: { c: columns.email } } },
      structure: { tables: { t: { columns: { c: `varchar(${length})` } } } },
    });
  const catalog = {
    serverVersion: 18,
    enums: [],
    tables: [table('t', [column('c', 'varchar', { maxLength: 20 })], { primaryKey: null })],
  };
  const faults = (length: number) =>
    examinePlan({ spec: spec(length), catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map() }).problems.all().length;

  expect([faults(40), faults(20)]).toEqual([1, 0]);
});
