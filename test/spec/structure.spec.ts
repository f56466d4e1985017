// The structure in a spec: what calibrate writes from a pack reads back from YAML, and equals what a catalog of the same tables says.
import { calibrate } from '../../spec/calibrate.ts';
import { driftLines } from '../../spec/format-drift.ts';
import { parseSpec } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import { describeStructure, parseColumnText } from '../../spec/structure.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const column = { nullable: true, generated: false, identity: 'none', hasDefault: false } as const;

test('columns and keys are texts that say all that matters', () => {
  const structure = describeStructure(
    [
      {
        name: 'public.orders',
        columns: [
          { ...column, name: 'id', type: 'int8', nullable: false, identity: 'always' },
          { ...column, name: 'code', type: 'varchar', maxLength: 12, hasDefault: true, nullable: false },
          { ...column, name: 'total', type: 'numeric', precision: 10, scale: 2, generated: true },
        ],
        primaryKey: ['id'],
        uniques: [{ columns: ['code', 'total'], nullsNotDistinct: true }],
        foreignKeys: [{ columns: ['code'], references: 'public.codes', referencedColumns: ['id'] }],
        indexes: [
          { columns: ['id'], isUnique: true },
          { columns: [null], isUnique: true },
          { columns: ['total'], isUnique: false },
        ],
      },
    ],
    [{ name: 'public.mood', labels: ['sad', 'ok'] }],
  );

  expect(structure).toEqual({
    tables: {
      'public.orders': {
        columns: { id: 'int8 identity always not null', code: 'varchar(12) default not null', total: 'numeric(10,2) generated' },
        keys: [
          'foreign key (code) -> public.codes (id)',
          'primary key (id)',
          'unique (expression)',
          'unique nulls not distinct (code, total)',
        ],
      },
    },
    enums: { 'public.mood': ['sad', 'ok'] },
  });
});

test.each([
  ['varchar(20) default not null', { type: 'varchar(20)', maxLength: 20, isNotNull: true, isFilled: true }],
  ['numeric(10,2)', { type: 'numeric(10,2)', maxLength: null, isNotNull: false, isFilled: false }],
  ['int8 identity always not null', { type: 'int8', maxLength: null, isNotNull: true, isFilled: true }],
  ['public."not null"', { type: 'public."not null"', maxLength: null, isNotNull: false, isFilled: false }],
])('%s is taken apart', (text, expected) => {
  expect(parseColumnText(text)).toEqual(expected);
});

test('calibrate writes it, without virtual keys, and the YAML gives it back with hostile names', () => {
  const pack = buildTestPack();
  const [first] = pack.structure.tables;
  const hostile = ['null', 'on', 'a: b', '"quoted"', '[x]', "it's", '#', 'ünï', 'select * from t; --', ' space '];
  if (first === undefined) throw new Error('the test pack has no table');
  const [sample] = first.columns;
  if (sample === undefined) throw new Error('the test pack has no column');
  const columns = [...first.columns, ...hostile.map((name) => ({ ...sample, name, type: 'public."Od, d"' }))];
  const virtual = { columns: ['null'], references: first.name, referencedColumns: [sample.name], virtual: true };
  const tables = [{ ...first, columns, foreignKeys: [virtual] }, ...pack.structure.tables.slice(1)];
  const changed = { ...pack, structure: { enums: [{ name: 'public.on', labels: ['yes', ''] }], tables } };

  const spec = calibrate(changed, { name: 'x', now: new Date('2026-01-01') });

  expect(Object.keys(spec.structure?.tables[first.name]?.columns ?? {})).toEqual(columns.map(({ name }) => name));
  expect(JSON.stringify(spec.structure?.tables[first.name]?.keys)).not.toContain('foreign key');
  expect(parseSpec(formatSpec(spec), 'x.yaml').structure).toEqual(spec.structure);
});

test('a schema that has moved on is told in twenty lines and a count', () => {
  const drift = Array.from(
    { length: 33 },
    (_, at) => ({ path: `p${at}`, change: 'added', what: 'table', message: 'is new' }) as const,
  );

  expect(driftLines(drift)).toHaveLength(21);
  expect(driftLines(drift).at(-1)).toBe('... and 13 more differences (--json lists all)');
});
