import type { KeyRole } from '../../spec/calibrate/placed-keys.ts';
import { resolveSharedKeys } from '../../spec/calibrate/shared-keys.ts';
import type { Pack, PackForeignKey, PackTable } from '../../spec/pack.ts';
import { buildTestPack } from '../support/sample-pack.ts';

type Key = readonly [columns: string, references: string, to: string];

/** `name: column column ...` with its keys; the first column is the primary key unless told. */
function table(name: string, columns: string, keys: readonly Key[] = [], rest: Partial<PackTable> = {}): PackTable {
  return {
    ...emptyTable(name),
    columns: columns.split(' ').map((column) => ({
      name: column,
      type: 'int4',
      baseType: 'int4',
      kind: 'base',
      nullable: false,
      generated: false,
      identity: 'none',
      hasDefault: false,
    })),
    primaryKey: [columns.split(' ')[0] ?? ''],
    foreignKeys: keys.map(([from, references, to]): PackForeignKey => {
      return { columns: from.split(' '), references, referencedColumns: to.split(' '), virtual: false };
    }),
    ...rest,
  };
}

function emptyTable(name: string): PackTable {
  return {
    name,
    unit: 'row',
    columns: [],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    indexes: [],
    isPartitioned: false,
    rows: 100,
  };
}

/** Roles by `table.name`. */
function rolesOf(tables: readonly PackTable[]): Record<string, KeyRole> {
  const pack: Pack = { ...buildTestPack(), structure: { enums: [], tables: [...tables] } };
  const { references } = resolveSharedKeys(pack);
  return Object.fromEntries(
    [...references].flatMap(([name, keys]) => keys.map((key) => [`${name}.${key.name}`, key.role] as const)),
  );
}

function constantsOf(tables: readonly PackTable[]): Record<string, string[]> {
  const pack: Pack = { ...buildTestPack(), structure: { enums: [], tables: [...tables] } };
  return Object.fromEntries([...resolveSharedKeys(pack).constants].map(([name, columns]) => [name, [...columns]]));
}

const tenants = table('tenants', 'id');
const orders = table('orders', 'tenant id', [['tenant', 'tenants', 'id']], { primaryKey: ['tenant', 'id'] });
const products = table('products', 'tenant id', [['tenant', 'tenants', 'id']], { primaryKey: ['tenant', 'id'] });

describe('keys that share columns', () => {
  test('the identifying key is free, the tenant follows, the product is one of the same tenant', () => {
    const lines = table(
      'lines',
      'tenant order_id line product',
      [
        ['tenant', 'tenants', 'id'],
        ['tenant product', 'products', 'tenant id'],
        ['tenant order_id', 'orders', 'tenant id'],
      ],
      { primaryKey: ['tenant', 'order_id', 'line'] },
    );

    expect(rolesOf([tenants, orders, products, lines])).toMatchObject({
      'lines.tenant_order_id': { kind: 'free' },
      'lines.tenant_product': { kind: 'within', reference: 'tenant', given: ['tenant_order_id', 'tenant'] },
      'lines.tenant': { kind: 'through', steps: ['tenant_order_id', 'tenant'] },
    });
  });

  test('a key to the pairs of a junction keeps its first column, and the other keys follow from it', () => {
    const rooms = table('rooms', 'id');
    const people = table('people', 'id');
    const members = table(
      'members',
      'room person',
      [
        ['room', 'rooms', 'id'],
        ['person', 'people', 'id'],
      ],
      {
        primaryKey: ['room', 'person'],
      },
    );
    const notes = table('notes', 'id room author', [
      ['room', 'rooms', 'id'],
      ['author', 'people', 'id'],
      ['room author', 'members', 'room person'],
    ]);

    expect(rolesOf([rooms, people, members, notes])).toMatchObject({
      'notes.room': { kind: 'free' },
      'notes.room_author': { kind: 'within', reference: 'room', given: ['room'] },
      'notes.author': { kind: 'through', steps: ['room_author', 'person'] },
    });
  });

  test('a column that no table lists gets one value in every table that shares it', () => {
    const a = table('a', 'x y', [], { primaryKey: ['x', 'y'] });
    const b = table('b', 'x z', [], { primaryKey: ['x', 'z'] });
    const c = table(
      'c',
      'x y z',
      [
        ['x y', 'a', 'x y'],
        ['x z', 'b', 'x z'],
      ],
      { primaryKey: ['x', 'y', 'z'] },
    );

    expect(rolesOf([a, b, c])).toMatchObject({ 'c.x_y': { kind: 'free' }, 'c.x_z': { kind: 'free' } });
    expect(constantsOf([a, b, c])).toEqual({ a: ['x'], b: ['x'] });
  });

  test('a parent without a key of its own to the table that lists the values is taken to have one', () => {
    const bare = table('products', 'tenant id', [], { primaryKey: ['tenant', 'id'] });
    const lines = table('lines', 'tenant order_id product', [
      ['tenant order_id', 'orders', 'tenant id'],
      ['tenant product', 'products', 'tenant id'],
    ]);

    expect(rolesOf([tenants, orders, bare, lines])).toMatchObject({
      'products.tenant': { kind: 'free' },
      'lines.tenant_product': { kind: 'within', reference: 'tenant', given: ['tenant_order_id', 'tenant'] },
    });
  });

  test('a column copied from itself gets one value', () => {
    const nodes = table('nodes', 'tree id parent', [['tree parent', 'nodes', 'tree id']], { primaryKey: ['tree', 'id'] });

    expect(rolesOf([nodes])).toMatchObject({ 'nodes.tree_parent': { kind: 'free' } });
    expect(constantsOf([nodes])).toEqual({ nodes: ['tree'] });
  });

  test('teams and members of a tenant that point at each other stay inside the tenant', () => {
    const teams = table(
      'teams',
      'tenant id lead',
      [
        ['tenant lead', 'members', 'tenant id'],
        ['tenant', 'tenants', 'id'],
      ],
      {
        primaryKey: ['tenant', 'id'],
      },
    );
    const members = table(
      'members',
      'tenant id team',
      [
        ['tenant team', 'teams', 'tenant id'],
        ['tenant', 'tenants', 'id'],
      ],
      {
        primaryKey: ['tenant', 'id'],
      },
    );
    const nodes = table(
      'nodes',
      'tenant id parent',
      [
        ['tenant parent', 'nodes', 'tenant id'],
        ['tenant', 'tenants', 'id'],
      ],
      {
        primaryKey: ['tenant', 'id'],
      },
    );

    const within = { kind: 'within', reference: 'tenant', given: ['tenant'] };
    expect(rolesOf([tenants, teams, members, nodes])).toMatchObject({
      'teams.tenant': { kind: 'free' },
      'teams.tenant_lead': within,
      'members.tenant_team': within,
      'nodes.tenant_parent': within,
    });
  });

  test('a row belongs to the parent in its primary key, and longer keys choose inside it', () => {
    const staff = table('staff', 'tenant id', [['tenant', 'tenants', 'id']], { primaryKey: ['tenant', 'id'] });
    const projects = table(
      'projects',
      'tenant id owner',
      [
        ['tenant owner', 'staff', 'tenant id'],
        ['tenant', 'tenants', 'id'],
      ],
      { primaryKey: ['tenant', 'id'] },
    );

    expect(rolesOf([tenants, staff, projects])).toMatchObject({
      'projects.tenant': { kind: 'free' },
      'projects.tenant_owner': { kind: 'within', reference: 'tenant', given: ['tenant'] },
    });
  });

  test('a chain of three tables stays one chain', () => {
    const items = table('items', 'tenant order_id id', [['tenant order_id', 'orders', 'tenant id']], {
      primaryKey: ['tenant', 'order_id', 'id'],
    });
    const parts = table(
      'parts',
      'tenant order_id item part',
      [
        ['tenant order_id item', 'items', 'tenant order_id id'],
        ['tenant order_id', 'orders', 'tenant id'],
        ['tenant', 'tenants', 'id'],
      ],
      { primaryKey: ['tenant', 'order_id', 'item', 'part'] },
    );

    expect(rolesOf([tenants, orders, items, parts])).toMatchObject({
      'parts.tenant_order_id_item': { kind: 'free' },
      'parts.tenant_order_id': { kind: 'through', steps: ['tenant_order_id_item', 'tenant_order_id'] },
      'parts.tenant': { kind: 'through' },
    });
  });

  test('keys that cannot hold together are left out with the reason', () => {
    const one = table('one', 'a b', [], { primaryKey: ['a', 'b'] });
    const other = table('other', 'a b', [], { primaryKey: ['a', 'b'] });
    const both = table('both', 'id a b', [
      ['a b', 'one', 'a b'],
      ['a b', 'other', 'a b'],
    ]);

    expect(rolesOf([one, other, both])).toMatchObject({
      'both.a_b': { kind: 'free' },
      'both.a_b_2': { kind: 'dropped', reason: expect.stringContaining('no way along them leads to its table') },
    });
  });

  test('a key beside a column of one value is not looked for again and again', () => {
    const a = table('a', 'x y p', [['x p', 'a', 'x y']], { primaryKey: ['x', 'y'] });
    const b = table('b', 'id x', [['x', 'codes', 'id']]);
    const codes = table('codes', 'id');
    const c = table('c', 'k x y z', [
      ['x k', 'b', 'x id'],
      ['x y', 'a', 'x y'],
    ]);

    expect(Object.keys(rolesOf([codes, a, b, c]))).toHaveLength(4);
  });

  describe('wide schemas', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
    const secondsFor = (tables: readonly PackTable[]) => {
      const start = performance.now();
      const roles = rolesOf(tables);
      return { roles, seconds: (performance.now() - start) / 1000 };
    };

    test('hundreds of keys of a table to itself, with and without the tenant', () => {
      const columns = numbers(100).map((at) => `p${at}`);
      const nodes = table(
        'nodes',
        ['tenant', 'id', ...columns].join(' '),
        [
          ['tenant', 'tenants', 'id'],
          ...columns.map((name): Key => [`tenant ${name}`, 'nodes', 'tenant id']),
          ...columns.map((name): Key => [name, 'nodes', 'id']),
        ],
        { primaryKey: ['tenant', 'id'] },
      );

      const { roles, seconds } = secondsFor([tenants, nodes]);

      expect(seconds).toBeLessThan(3);
      expect(Object.keys(roles)).toHaveLength(201);
      expect(roles['nodes.tenant']).toEqual({ kind: 'free' });
    });

    test('hundreds of products of the same tenant', () => {
      const columns = numbers(200).map((at) => `p${at}`);
      const lines = table('lines', ['id', 'tenant', 'order_id', ...columns].join(' '), [
        ['tenant order_id', 'orders', 'tenant id'],
        ['tenant', 'tenants', 'id'],
        ...columns.map((name): Key => [`tenant ${name}`, 'products', 'tenant id']),
      ]);

      const { roles, seconds } = secondsFor([tenants, orders, products, lines]);

      expect(seconds).toBeLessThan(3);
      expect(roles).toMatchObject({
        'lines.tenant': { kind: 'through', steps: ['tenant_order_id', 'tenant'] },
        'lines.tenant_p199': { kind: 'within', reference: 'tenant', given: ['tenant_order_id', 'tenant'] },
      });
    });

    test('five hundred tables with three keys each', () => {
      const tables = numbers(500).map((at) => {
        const parents = at < 10 ? [] : [at % 10, (at + 3) % 10];
        const columns = parents.map((parent) => `q${parent}`);
        return table(
          `t${at}`,
          ['tenant', 'id', ...columns].join(' '),
          [['tenant', 'tenants', 'id'], ...parents.map((parent): Key => [`tenant q${parent}`, `t${parent}`, 'tenant id'])],
          { primaryKey: ['tenant', 'id'] },
        );
      });

      const { roles, seconds } = secondsFor([tenants, ...tables]);

      expect(seconds).toBeLessThan(3);
      expect(roles).toMatchObject({
        't499.tenant': { kind: 'free' },
        't499.tenant_q9': { kind: 'within', reference: 'tenant', given: ['tenant'] },
        't499.tenant_q2': { kind: 'within', reference: 'tenant', given: ['tenant'] },
      });
    });
  });
});
