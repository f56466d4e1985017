// Random valid packs for property tests: any column type, any released cells, any keys.
import fc from 'fast-check';
import { type Axis, binningOf } from '../../spec/axis.ts';
import { type Marginal, type Pack, packSchema } from '../../spec/pack.ts';
import { binOf, levelCount } from '../../stats/binning.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const TYPES = [
  'int2',
  'int4',
  'int8',
  'numeric',
  'float8',
  'bool',
  'text',
  'varchar',
  'bpchar',
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
  'jsonb',
  'inet',
];

interface RandomColumn {
  readonly type: string;
  readonly nullable: boolean;
  readonly generated: boolean;
  readonly maxLength: number | undefined;
}

const arbitraryColumn: fc.Arbitrary<RandomColumn> = fc.record({
  type: fc.constantFrom(...TYPES),
  nullable: fc.boolean(),
  generated: fc.nat(9).map((n) => n === 0),
  maxLength: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined }),
});

const name = fc
  .oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }))
  .filter(isUsableName);

function isUsableName(text: string): boolean {
  return text.length <= 60 && !['__proto__', 'constructor', 'prototype'].includes(text);
}

/** Cells on any levels around the value, with counts; the marginal's total is made to fit. */
function arbitraryMarginal(table: string, axis: Axis): fc.Arbitrary<Marginal> {
  const binning = binningOf(axis);
  const value =
    binning.kind === 'cyclic'
      ? fc.nat(Math.max(0, binning.size - 1))
      : fc.integer({ min: axis.kind === 'number' || axis.kind === 'time' ? -1e6 : 0, max: 1e6 });
  const cell = fc
    .tuple(fc.nat(levelCount(binning) - 1), value, fc.integer({ min: 0, max: 5000 }))
    .map(([level, at, count]) => [level, binOf(binning, level, at), count]);
  const cells = fc.uniqueArray(cell, { maxLength: 40, selector: ([level, bin]) => `${level} ${bin}` });
  return fc.tuple(cells, fc.constantFrom<number>(0, 0, 25)).map(([drawn, other]) => {
    const kept = binning.kind === 'cyclic' && binning.size === 0 ? [] : drawn;
    return {
      table,
      axes: [axis],
      cells: kept,
      other,
      total: kept.reduce((sum, each) => sum + (each[2] ?? 0), other),
      cost: { rho: '0/1' },
    };
  });
}

function axesOf(column: string, { type, nullable }: RandomColumn): Axis[] {
  const presence: Axis[] = nullable ? [{ kind: 'presence', column }] : [];
  if (['int2', 'int4', 'int8', 'numeric', 'float8'].includes(type))
    return [...presence, { kind: 'number', column, decimals: type.startsWith('int') ? 0 : 2, subBits: 12 }];
  if (['text', 'varchar', 'bpchar'].includes(type)) {
    const labels = [{ token: '0123456789abcdef' }, { token: 'ffffffffffffffff' }, { label: 'a: "b" # c' }];
    return [...presence, { kind: 'length', column, of: 'characters', subBits: 7 }, { kind: 'category', column, labels }];
  }
  if (type === 'bool') return [...presence, { kind: 'category', column, labels: [{ label: 'false' }, { label: 'true' }] }];
  if (['date', 'timestamp', 'timestamptz'].includes(type)) {
    return [...presence, { kind: 'time', column }, { kind: 'hourOfWeek', column }, { kind: 'resolution', column }];
  }
  return presence;
}

const arbitraryTable = fc.record({
  rows: fc.option(fc.nat(100_000)),
  unit: fc.constantFrom('subject' as const, 'row' as const, 'public' as const),
  columns: fc.uniqueArray(fc.tuple(name, arbitraryColumn), { minLength: 1, maxLength: 6, selector: ([column]) => column }),
  keySize: fc.nat(3),
  foreignKeys: fc.array(fc.record({ at: fc.nat(5), virtual: fc.boolean() }), { maxLength: 3 }),
  hasMarginals: fc.boolean(),
});

/** A pack of one or two tables over the sample pack's `public.users`. */
export const arbitraryPack: fc.Arbitrary<Pack> = fc
  .array(arbitraryTable, { minLength: 1, maxLength: 2 })
  .chain((tables) => {
    const named = tables.map((table, at) => ({ ...table, name: `public.t${at}` }));
    const degrees = named.flatMap((table) =>
      keysOf(table).map((key) => ({ table: 'public.users', axis: degreeAxis(table.name, key.columns) })),
    );
    const axes = named.flatMap((table) =>
      table.hasMarginals
        ? table.columns.flatMap(([column, spec]) => axesOf(column, spec).map((axis) => ({ table: table.name, axis })))
        : [],
    );
    const unique = [...new Map([...degrees, ...axes].map((each) => [JSON.stringify(each), each])).values()];
    return fc.tuple(fc.constant(named), fc.tuple(...unique.map(({ table, axis }) => arbitraryMarginal(table, axis))));
  })
  .map(([tables, marginals]) => {
    const base = buildTestPack();
    const users = base.structure.tables.filter((table) => table.name === 'public.users');
    return packSchema.parse({ ...base, structure: { ...base.structure, tables: [...users, ...tables.map(tableOf)] }, marginals });
  });

type RandomTable = { readonly name: string } & (typeof arbitraryTable extends fc.Arbitrary<infer Table> ? Table : never);

function degreeAxis(child: string, columns: string[]): Axis {
  return { kind: 'degree', child, columns, subBits: 7 };
}

function keysOf({ foreignKeys, columns }: RandomTable) {
  return foreignKeys.flatMap(({ at, virtual }) => {
    const [column] = columns[at] ?? [];
    return column === undefined ? [] : [{ columns: [column], references: 'public.users', referencedColumns: ['id'], virtual }];
  });
}

function tableOf(table: RandomTable) {
  return {
    name: table.name,
    unit: table.unit,
    columns: table.columns.map(([column, { type, nullable, generated, maxLength }]) => ({
      name: column,
      type,
      baseType: type,
      kind: 'base',
      ...(maxLength === undefined || !['varchar', 'bpchar'].includes(type) ? {} : { maxLength }),
      nullable,
      generated,
      identity: 'none',
      hasDefault: false,
    })),
    primaryKey: table.keySize === 0 ? null : table.columns.slice(0, table.keySize).map(([column]) => column),
    uniques: [],
    foreignKeys: keysOf(table),
    indexes: [],
    isPartitioned: false,
    rows: table.rows,
  };
}
