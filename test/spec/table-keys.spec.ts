import { indexPack } from '../../spec/calibrate/pack-index.ts';
import { resolveSharedKeys } from '../../spec/calibrate/shared-keys.ts';
import { resolveKeys, type TableKeys } from '../../spec/calibrate/table-keys.ts';
import type { Marginal, Pack, PackColumn, PackTable } from '../../spec/pack.ts';
import { buildTestPack } from '../support/sample-pack.ts';

function column(name: string, baseType = 'int4', rest: Partial<PackColumn> = {}): PackColumn {
  return {
    name,
    type: baseType,
    baseType,
    kind: 'base',
    nullable: false,
    generated: false,
    identity: 'none',
    hasDefault: false,
    ...rest,
  };
}

function table(name: string, columns: readonly PackColumn[], rest: Partial<PackTable> = {}): PackTable {
  return {
    name,
    unit: 'row',
    columns: [...columns],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    indexes: [],
    isPartitioned: false,
    rows: 1000,
    ...rest,
  };
}

const key = (name: string, references: string) => ({
  columns: [name],
  references,
  referencedColumns: ['id'],
  virtual: false,
});

const users = table('users', [column('id')], { primaryKey: ['id'], rows: 400 });
const rooms = table('rooms', [column('id')], { primaryKey: ['id'], rows: 100 });

function marginal(
  on: string,
  axis: Marginal['axes'][number],
  cells: readonly (readonly [bin: number, count: number])[],
): Marginal {
  const total = cells.reduce((sum, [, count]) => sum + count, 0);
  return { table: on, axes: [axis], total, cells: cells.map(([bin, count]) => [0, bin, count]), other: 0, cost: { rho: '0/1' } };
}

/** What keeps the keys of the table, beside users and rooms. */
function keysOf(one: PackTable, marginals: readonly Marginal[] = []): TableKeys {
  const pack: Pack = {
    ...buildTestPack(),
    structure: { enums: [{ name: 'kind', labels: ['a', 'b', 'c'] }], tables: [users, rooms, one] },
    marginals: [...marginals],
  };
  return resolveKeys(indexPack(pack), one, resolveSharedKeys(pack).references.get(one.name) ?? []);
}

const lines = (rest: Partial<PackTable>, ...more: PackColumn[]) =>
  table('lines', [column('user_id'), column('room_id'), column('n'), ...more], {
    foreignKeys: [key('user_id', 'users'), key('room_id', 'rooms')],
    ...rest,
  });

/** Every user has the children 1, 2, 3, or so many numbers of its own. */
const degrees = marginal('users', { kind: 'degree', child: 'lines', columns: ['user_id'], subBits: 7 }, [
  [2, 200],
  [3, 200],
]);
const number = (cells: readonly (readonly [number, number])[]) =>
  marginal('lines', { kind: 'number', column: 'n', decimals: 0, subBits: 12 }, cells);

describe('what keeps a key', () => {
  test('a number that counts the children of one parent is a line number', () => {
    const found = keysOf(lines({ primaryKey: ['user_id', 'n'] }), [
      degrees,
      number([
        [1, 400],
        [2, 400],
        [3, 200],
      ]),
    ]);
    expect([...found.ordinals]).toEqual([['n', 'user_id']]);
  });

  test('a number that is none of those pairs with the reference where its values are few', () => {
    const found = keysOf(lines({ primaryKey: ['user_id', 'n'] }), [
      degrees,
      number(
        [
          [10, 300],
          [20, 300],
          [30, 400],
        ].map(([bin, count]) => [bin ?? 0, count ?? 0]),
      ),
    ]);
    expect(found.ordinals.size).toBe(0);
    expect(found.uniqueColumns.size).toBe(1);
    const many = Array.from({ length: 40 }, (_, at): [number, number] => [100 + at, 25]);
    expect(keysOf(lines({ primaryKey: ['user_id', 'n'] }), [degrees, number(many)]).distinctPairs).toEqual([['user_id', 'n']]);
  });

  test('a serial number stays one', () => {
    const found = keysOf(lines({ primaryKey: ['user_id', 'id'] }, column('id', 'int8', { identity: 'always' })));
    expect([...found.uniqueColumns]).toEqual(['id']);
  });

  test('two references are distinct pairs; a second key that shares one of them as well', () => {
    const found = keysOf(
      lines(
        { primaryKey: ['user_id', 'room_id'], uniques: [{ columns: ['user_id', 'kind'], nullsNotDistinct: false }] },
        column('kind', 'enum', { kind: 'enum', type: 'kind' }),
      ),
    );
    expect(found.distinctPairs).toContainEqual(['user_id', 'room_id']);
    expect(found.unkept).toEqual([]);
  });

  test('a reference that is the whole key has one child for each parent', () => {
    expect([...keysOf(lines({ primaryKey: ['user_id'] })).oneToOne]).toEqual(['user_id']);
  });

  test('of a time in the key the time is unique, and the references keep their fan-out', () => {
    const found = keysOf(lines({ primaryKey: ['user_id', 'room_id', 'at'] }, column('at', 'timestamptz')));
    expect([...found.uniqueColumns]).toEqual(['at']);
    expect(found.distinctPairs).toEqual([]);
  });

  test('every text of an expression is unique; a key over some rows leaves the reference alone', () => {
    const index = { method: 'btree', isUnique: true };
    const found = keysOf(
      lines(
        {
          indexes: [
            { ...index, columns: [null], expressionColumns: ['first', 'last'] },
            { ...index, columns: ['user_id'], predicateColumns: ['n'] },
          ],
        },
        column('first', 'text'),
        column('last', 'text'),
      ),
    );
    expect([...found.uniqueColumns].sort()).toEqual(['first', 'last']);
    expect([found.oneToOne.size, found.unkept]).toEqual([0, []]);
  });

  test('NULLs that count as equal are left out', () => {
    const found = keysOf(lines({ uniques: [{ columns: ['n'], nullsNotDistinct: true }] }));
    expect([...found.withoutNulls]).toEqual(['n']);
  });
});
