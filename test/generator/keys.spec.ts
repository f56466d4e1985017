import fc from 'fast-check';
import type { CatalogForeignKey, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';
import { countKeys, madeRows, orphans, planOf, repeated } from './made-rows.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const key = (...columns: string[]) => ({ name: `${columns.join('_')}_key`, columns, nullsNotDistinct: false });

function foreignKey(columns: readonly string[], references: string, referencedColumns: readonly string[]): CatalogForeignKey {
  return {
    name: `${columns.join('_')}_fkey`,
    columns,
    references: { schema: 'public', name: references },
    referencedColumns,
    isDeferrable: false,
    definition: '',
  };
}

function tableOf(
  name: string,
  columns: CatalogTable['columns'],
  primaryKey: readonly string[],
  rest: Partial<CatalogTable> = {},
) {
  return table(name, columns, { primaryKey: key(...primaryKey), ...rest });
}

/** The problems that a plan is refused for. */
function problemsOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return JSON.stringify((error as { data?: unknown }).data ?? String(error));
  }
  throw new Error('expected the plan to be refused');
}

const shop: CatalogTable[] = [
  tableOf('tenants', [int('id')], ['id']),
  tableOf('orders', [int('tenant'), int('id')], ['tenant', 'id'], {
    foreignKeys: [foreignKey(['tenant'], 'tenants', ['id'])],
  }),
  tableOf('products', [int('tenant'), int('id')], ['tenant', 'id'], {
    foreignKeys: [foreignKey(['tenant'], 'tenants', ['id'])],
  }),
  tableOf('lines', [int('tenant'), int('order_id'), int('line'), int('product')], ['tenant', 'order_id', 'line'], {
    foreignKeys: [
      foreignKey(['tenant'], 'tenants', ['id']),
      foreignKey(['tenant', 'order_id'], 'orders', ['tenant', 'id']),
      foreignKey(['tenant', 'product'], 'products', ['tenant', 'id']),
    ],
  }),
];

const shopSpec = (tenants: number, products: number, lines: number) => `
  public.tenants: { rows: { count: ${tenants} }, columns: { id: { kind: sequence } } }
  public.orders:
    rows: { count: 400 }
    references:
      tenant: { columns: [tenant], table: public.tenants, to: [id], fanOut: { family: geometric, p: 0.1, start: 0 } }
    columns: { id: { kind: ordinal, reference: tenant } }
  public.products:
    rows: { count: ${products} }
    references:
      tenant: { columns: [tenant], table: public.tenants, to: [id], fanOut: { family: geometric, p: 0.3, start: 0 } }
    columns: { id: { kind: ordinal, reference: tenant, start: 100 } }
  public.lines:
    rows: { count: ${lines} }
    references:
      order: { columns: [tenant, order_id], table: public.orders, to: [tenant, id], fanOut: { family: geometric, p: 0.25, start: 1 } }
      tenant: { columns: [tenant], table: public.tenants, to: [id], through: [order, tenant] }
      product: { columns: [tenant, product], table: public.products, to: [tenant, id], within: { reference: tenant, given: [order, tenant] } }
    columns: { line: { kind: ordinal, reference: order } }
`;

describe('keys that share columns', () => {
  test('line items, products and tenants agree at any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 30, max: 90 }),
        fc.integer({ min: 0, max: 900 }),
        (tenants, products, lines) => {
          const plan = planOf(shopSpec(tenants, products, lines), shop);
          const rows = madeRows(plan, 'public.lines');
          expect(rows).toHaveLength(lines);
          expect(orphans(rows, ['tenant', 'order_id'], madeRows(plan, 'public.orders'), ['tenant', 'id'])).toBe(0);
          expect(orphans(rows, ['tenant', 'product'], madeRows(plan, 'public.products'), ['tenant', 'id'])).toBe(0);
          expect(orphans(rows, ['tenant'], madeRows(plan, 'public.tenants'), ['id'])).toBe(0);
          expect(repeated(rows, ['tenant', 'order_id', 'line'])).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a group that would be empty is refused with the rows that it needs', () => {
    expect(problemsOf(() => planOf(shopSpec(50, 40, 100), shop))).toMatch(
      /public\.lines \(product\) chooses among the rows of public\.products.*needs 1 at least: raise the rows of public\.products \(40\), or lower those of public\.tenants/,
    );
  });

  test('line numbers count from 1 to the children of each parent', () => {
    const plan = planOf(shopSpec(10, 40, 500), shop);
    const rows = madeRows(plan, 'public.lines');
    const largest = new Map<string, number>();
    for (const row of rows) {
      const parent = `${row.tenant}.${row.order_id}`;
      largest.set(parent, Math.max(largest.get(parent) ?? 0, Number(row.line)));
    }
    expect([...countKeys(rows, ['tenant', 'order_id']).values()].sort()).toEqual([...largest.values()].sort());
  });

  test('rows of one parent get different members of the group where the key asks for it', () => {
    const tables = [
      ...shop.slice(0, 3),
      tableOf('picks', [int('tenant'), int('order_id'), int('product')], ['tenant', 'order_id', 'product'], {
        foreignKeys: [
          foreignKey(['tenant', 'order_id'], 'orders', ['tenant', 'id']),
          foreignKey(['tenant', 'product'], 'products', ['tenant', 'id']),
        ],
      }),
    ];
    const picks =
      shopSpec(10, 200, 0).replace(/ {2}public\.lines:[\s\S]*$/, '') +
      `
  public.picks:
    rows: { count: 1200 }
    references:
      order: { columns: [tenant, order_id], table: public.orders, to: [tenant, id], fanOut: { family: geometric, p: 0.25, start: 0 } }
      product:
        columns: [tenant, product]
        table: public.products
        to: [tenant, id]
        within: { reference: tenant, given: [order, tenant], distinctFor: order }
`;
    const plan = planOf(picks, tables);
    const rows = madeRows(plan, 'public.picks');

    expect(rows).toHaveLength(1200);
    expect(repeated(rows, ['tenant', 'order_id', 'product'])).toBe(0);
    expect(orphans(rows, ['tenant', 'product'], madeRows(plan, 'public.products'), ['tenant', 'id'])).toBe(0);
  });

  test('a row of the same table inside the group is an earlier one, so there is no circle', () => {
    const tables = [
      shop[0] as CatalogTable,
      tableOf('nodes', [int('tenant'), int('id'), column('parent', 'int4')], ['tenant', 'id'], {
        foreignKeys: [foreignKey(['tenant', 'parent'], 'nodes', ['tenant', 'id'])],
      }),
    ];
    const plan = planOf(
      `
  public.tenants: { rows: { count: 8 }, columns: { id: { kind: sequence } } }
  public.nodes:
    rows: { count: 600 }
    references:
      tenant: { columns: [tenant], table: public.tenants, to: [id], fanOut: { family: geometric, p: 0.05, start: 0 } }
      parent: { columns: [tenant, parent], table: public.nodes, to: [tenant, id], within: { reference: tenant, given: [tenant] } }
    columns: { id: { kind: sequence } }
`,
      tables,
    );
    const rows = madeRows(plan, 'public.nodes');
    const parentOf = new Map(rows.map((row) => [Number(row.id), row.parent === null ? null : Number(row.parent)]));
    const depth = (id: number, steps = 0): number => {
      const parent = parentOf.get(id) ?? null;
      if (steps > 600) throw new Error('a circle');
      return parent === null ? steps : depth(parent, steps + 1);
    };

    expect(orphans(rows, ['tenant', 'parent'], rows, ['tenant', 'id'])).toBe(0);
    expect(Math.max(...[...parentOf.keys()].map((id) => depth(id)))).toBeGreaterThan(3);
  });
});

describe('composite keys', () => {
  const days = `{ kind: time, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] }, resolution: day }`;
  const usage = (primaryKey: readonly string[], uniques: readonly (readonly string[])[] = []) => [
    tableOf('users', [int('id')], ['id']),
    tableOf('plans', [int('id')], ['id']),
    tableOf(
      'usage',
      [
        int('user_id'),
        int('plan_id'),
        column('day', 'date', { isNullable: false }),
        column('kind', 'text', { isNullable: false }),
      ],
      primaryKey,
      {
        uniques: uniques.map((columns) => key(...columns)),
        foreignKeys: [foreignKey(['user_id'], 'users', ['id']), foreignKey(['plan_id'], 'plans', ['id'])],
      },
    ),
  ];
  const usageSpec = (pairs: string, rows = 2000) => `
  public.users: { rows: { count: 150 }, columns: { id: { kind: sequence } } }
  public.plans: { rows: { count: 60 }, columns: { id: { kind: sequence } } }
  public.usage:
    rows: { count: ${rows} }
    distinctPairs: ${pairs}
    references:
      user: { columns: [user_id], table: public.users, to: [id], fanOut: { family: geometric, p: 0.07, start: 0 } }
      plan: { columns: [plan_id], table: public.plans, to: [id], fanOut: { family: uniform, min: 10, max: 60 } }
    columns:
      day: ${days}
      kind: { kind: category, values: [{ label: a, weight: 1 }, { label: b, weight: 7 }, { label: c, weight: 2 }] }
`;

  test('a reference and a date, a reference and a label, two columns: no pair repeats', () => {
    const day = madeRows(planOf(usageSpec('[user, day]'), usage(['user_id', 'day'])), 'public.usage');
    const kind = madeRows(planOf(usageSpec('[user, kind]', 300), usage(['user_id', 'kind'])), 'public.usage');
    const plain = madeRows(planOf(usageSpec('[day, kind]', 170), usage(['day', 'kind'])), 'public.usage');

    expect([repeated(day, ['user_id', 'day']), day.length]).toEqual([0, 2000]);
    expect([repeated(kind, ['user_id', 'kind']), kind.length]).toEqual([0, 300]);
    expect([repeated(plain, ['day', 'kind']), plain.length]).toEqual([0, 170]);
  });

  test('two keys that share a reference', () => {
    const plan = planOf(usageSpec('[[user, plan], [user, day]]'), usage(['user_id', 'plan_id'], [['user_id', 'day']]));
    const rows = madeRows(plan, 'public.usage');

    expect(repeated(rows, ['user_id', 'plan_id'])).toBe(0);
    expect(repeated(rows, ['user_id', 'day'])).toBe(0);
    expect(orphans(rows, ['plan_id'], madeRows(plan, 'public.plans'), ['id'])).toBe(0);
  });

  test('labels keep their weights as far as pairs allow', () => {
    const rows = madeRows(planOf(usageSpec('[user, kind]', 200), usage(['user_id', 'kind'])), 'public.usage');
    expect(Object.fromEntries(countKeys(rows, ['kind']))).toEqual({ '["a"]': 20, '["b"]': 140, '["c"]': 40 });
  });

  test('more rows than pairs are refused', () => {
    expect(problemsOf(() => planOf(usageSpec('[user, kind]', 460), usage(['user_id', 'kind'])))).toContain(
      'more rows than pairs',
    );
  });

  test('pairs without a common member are refused', () => {
    const spec = usageSpec('[[user, plan], [day, kind]]');
    expect(problemsOf(() => planOf(spec, usage(['user_id', 'plan_id'])))).toContain('several pairs must share one member');
  });
});

describe('unique numbers and times', () => {
  test('keep their shape while there is room, and none repeats', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (rows, width, nulls) => {
          const tables = [
            tableOf('codes', [int('id'), column('code', 'int4'), column('at', 'timestamp'), column('day', 'date')], ['id'], {
              uniques: [key('code'), key('at'), key('day')],
            }),
          ];
          const rowsMade = madeRows(
            planOf(
              `
  public.codes:
    rows: { count: ${rows} }
    columns:
      id: { kind: sequence }
      code: { kind: number, isUnique: true, nullFraction: ${nulls}, distribution: { family: empirical, bins: [[100, ${100 + width}, 3], [${200 + width}, ${200 + 2 * width}, 1]] } }
      at: { kind: time, isUnique: true, resolution: second, calendar: { kind: bins, bins: [[2024-01-01T05, 2024-01-01T06, 9], [2024-02-01, 2024-02-03, 1]] } }
      day: { kind: time, isUnique: true, resolution: day, calendar: { kind: bins, bins: [[2024-01-01, 2024-01-10, 1], [2024-03-01, 2024-03-03, 5]] } }
`,
              tables,
            ),
            'public.codes',
          );
          expect(['code', 'at', 'day'].map((name) => repeated(rowsMade, [name]))).toEqual([0, 0, 0]);
          expect(rowsMade.filter(({ code }) => code === null)).toHaveLength(Math.round(rows * nulls));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what does not fit the type is refused', () => {
    const tables = [tableOf('codes', [int('id'), column('code', 'int2')], ['id'], { uniques: [key('code')] })];
    const spec = `
  public.codes:
    rows: { count: 40000 }
    columns:
      id: { kind: sequence }
      code: { kind: number, isUnique: true, distribution: { family: uniform, min: 1, max: 100 } }
`;
    expect(problemsOf(() => planOf(spec, tables))).toContain('40000 different values do not fit int2 (at most 32767)');
  });
});

describe('keys that the plan must keep', () => {
  const two = (rest: Partial<CatalogTable>) => [
    tableOf('a', [int('id'), column('code', 'text')], ['id']),
    tableOf('b', [int('id'), column('a_id', 'int4'), column('code', 'text')], ['id'], rest),
  ];
  const spec = (b: string) => `
  public.a: { rows: { count: 20 }, columns: { id: { kind: sequence }, code: { kind: template, template: 'a{row}', nullFraction: 0.25 } } }
  public.b:
    rows: { count: 50 }
    ${b}
`;
  const columns = `columns: { id: { kind: sequence }, code: { kind: text, length: { family: constant, value: 3 } } }`;

  test('a unique key that nothing keeps is named with the ways out', () => {
    expect(problemsOf(() => planOf(spec(columns), two({ uniques: [key('code')] })))).toMatch(
      /nothing keeps the unique key code_key over \(code\): make one of its columns unique \(sequence, uuid, isUnique\)/,
    );
  });

  test('NULLs that count as equal are named', () => {
    const unique = `columns: { id: { kind: sequence }, code: { kind: text, isUnique: true, nullFraction: 0.1, length: { family: constant, value: 3 } } }`;
    const uniques = [{ ...key('code'), nullsNotDistinct: true }];
    expect(problemsOf(() => planOf(spec(unique), two({ uniques })))).toContain('takes NULLs as equal');
  });

  test('a foreign key that no reference makes is named, unless its column is always NULL', () => {
    const foreignKeys = [foreignKey(['a_id'], 'a', ['id'])];
    const withNull = `columns: { id: { kind: sequence }, code: { kind: constant, value: x }, a_id: { kind: constant, value: null } }`;
    const withNumber = withNull.replace('value: null', 'value: 1');

    expect(planOf(spec(withNull), two({ foreignKeys })).tables).toHaveLength(2);
    expect(problemsOf(() => planOf(spec(withNumber), two({ foreignKeys })))).toContain(
      'nothing keeps the foreign key a_id_fkey over (a_id) to public.a: add a reference',
    );
  });

  test('a parent without a key is nobody’s parent', () => {
    const references = `
    references:
      a: { columns: [code], table: public.a, to: [code], fanOut: { family: geometric, p: 0.3, start: 0 } }
    columns: { id: { kind: sequence } }`;
    const plan = planOf(spec(references), two({}));
    const rows = madeRows(plan, 'public.b');

    expect(rows.filter(({ code }) => code === null)).toHaveLength(0);
    expect(orphans(rows, ['code'], madeRows(plan, 'public.a'), ['code'])).toBe(0);
  });

  test('a way that is no way is named', () => {
    const both = `
    references:
      a: { columns: [a_id], table: public.a, to: [id], fanOut: { family: constant, value: 1 }, through: [a] }
      x: { columns: [code], table: public.a, to: [code], through: [y] }
      w: { columns: [code], table: public.a, to: [code], within: { reference: z, given: [a] } }
    columns: { id: { kind: sequence } }`;
    const text = problemsOf(() => planOf(spec(both), two({})));

    expect(text).toContain('give exactly one of fanOut');
    expect(text).toContain('public.b has no reference y');
    expect(text).toContain('public.a has no reference z with a fanOut');
  });
});

describe('unique over some rows only', () => {
  const partial = (predicate: string, predicateColumns: readonly string[]) => [
    tableOf('users', [int('id')], ['id']),
    tableOf(
      'plans',
      [
        int('id'),
        int('user_id'),
        column('active', 'bool', { isNullable: false }),
        column('state', 'text', { isNullable: false }),
        column('ended', 'timestamp'),
      ],
      ['id'],
      {
        foreignKeys: [foreignKey(['user_id'], 'users', ['id'])],
        indexes: [
          {
            name: 'one',
            columns: ['user_id'],
            method: 'btree',
            isUnique: true,
            isPrimary: false,
            isConstraint: false,
            isPartial: true,
            nullsNotDistinct: false,
            parts: ['user_id'],
            expressionColumns: [],
            predicate,
            predicateColumns,
            definition: '',
          },
        ],
      },
    ),
  ];
  const spec = (users: number) => `
  public.users: { rows: { count: ${users} }, columns: { id: { kind: sequence } } }
  public.plans:
    rows: { count: 900 }
    references:
      user: { columns: [user_id], table: public.users, to: [id], fanOut: { family: geometric, p: 0.2, start: 0 } }
    columns:
      id: { kind: sequence }
      active: { kind: boolean, trueFraction: 0.1 }
      state: { kind: category, values: [{ label: on, weight: 1 }, { label: off, weight: 4 }, { label: new, weight: 1 }] }
      ended: { kind: time, nullFraction: 0.12, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] } }
`;
  const cases: [predicate: string, columns: string[], isInside: (row: Record<string, unknown>) => boolean, rows: number][] = [
    ['active', ['active'], (row) => row.active === 1, 90],
    ["(state = 'on'::text)", ['state'], (row) => row.state === 'on', 150],
    ["(state = ANY (ARRAY['on'::text, 'new'::text]))", ['state'], (row) => row.state !== 'off', 180],
    ['(ended IS NULL)', ['ended'], (row) => row.ended === null, 108],
    ['(active AND (ended IS NULL))', ['active', 'ended'], (row) => row.active === 1 && row.ended === null, -1],
  ];

  test.each(cases)('where %s: one row of each parent at most, and the fan-out stays', (predicate, columns, isInside, wanted) => {
    const plan = planOf(spec(200), partial(predicate, columns));
    const rows = madeRows(plan, 'public.plans');
    const inside = rows.filter(isInside);
    const families = countKeys(rows, ['user_id']).size;

    expect(repeated(inside, ['user_id'])).toBe(0);
    if (wanted >= 0) expect(inside).toHaveLength(Math.min(wanted, families));
    expect(Math.max(...countKeys(rows, ['user_id']).values())).toBeGreaterThan(8);
  });

  test('more rows inside than parents: the rest moves to other values', () => {
    const plan = planOf(spec(40), partial('active', ['active']));
    const rows = madeRows(plan, 'public.plans');

    expect(rows.filter(({ active }) => active === 1)).toHaveLength(countKeys(rows, ['user_id']).size);
    expect(
      repeated(
        rows.filter(({ active }) => active === 1),
        ['user_id'],
      ),
    ).toBe(0);
  });

  test('a condition that is not understood is refused', () => {
    expect(problemsOf(() => planOf(spec(200), partial('(md5(state) > md5(id::text))', ['state', 'id'])))).toContain(
      'nothing keeps the unique index one over (user_id)',
    );
  });
});

describe('what is refused, with its text', () => {
  const base = [
    tableOf('groups', [int('id')], ['id']),
    tableOf('people', [int('id'), column('email', 'text'), column('phone', 'text')], ['id']),
    tableOf('members', [int('group_id'), int('person_id')], ['group_id', 'person_id'], {
      foreignKeys: [foreignKey(['group_id'], 'groups', ['id']), foreignKey(['person_id'], 'people', ['id'])],
    }),
    tableOf(
      'posts',
      [int('id'), int('group_id'), column('person_id', 'int4'), column('n', 'int2'), column('at', 'timestamp')],
      ['id'],
    ),
  ];
  const spec = (posts: string, members = 'distinctPairs: [group, person]') => `
  public.groups: { rows: { count: 10 }, columns: { id: { kind: sequence } } }
  public.people:
    rows: { count: 40 }
    columns:
      id: { kind: sequence }
      email: { kind: template, template: 'a{row}', nullFraction: 0.5 }
      phone: { kind: template, template: 'b{row}', nullFraction: 0.5 }
  public.members:
    rows: { count: 100 }
    ${members}
    references:
      group: { columns: [group_id], table: public.groups, to: [id], fanOut: { family: uniform, min: 5, max: 15 } }
      person: { columns: [person_id], table: public.people, to: [id], fanOut: { family: uniform, min: 1, max: 4 } }
  public.posts:
    rows: { count: 600 }
    ${posts}
`;
  const group = 'group: { columns: [group_id], table: public.groups, to: [id], fanOut: { family: constant, value: 60 } }';
  const id = 'id: { kind: sequence }';
  const member = (rest: string) =>
    `references: { ${group}, person: { columns: [person_id], table: public.people, to: [id], memberOf: { junction: public.members, group: group, member: person, given: [group], ${rest} } } }\n    columns: { ${id} }`;

  const cases: [name: string, posts: string, text: string | RegExp, members?: string][] = [
    [
      'two nullable columns of a key',
      `references: { ${group}, person: { columns: [person_id, n], table: public.people, to: [email, phone], fanOut: { family: constant, value: 1 } } }\n    columns: { ${id} }`,
      'of the columns email, phone of public.people one at most may have NULLs',
    ],
    [
      'NULLs in a NOT NULL key',
      `references: { group: { columns: [group_id], table: public.groups, to: [id], nullFraction: 0.5, fanOut: { family: constant, value: 30 } } }\n    columns: { ${id} }`,
      'column group_id is NOT NULL in the target: set it to 0',
    ],
    ['a membership without distinct pairs', member(''), 'public.members needs both references, as distinctPairs', ''],
    ['a membership along a way that is none', member('except: [nobody]'), 'public.posts has no reference nobody'],
    [
      'a group along a way to another table',
      `references: { ${group}, person: { columns: [group_id, person_id], table: public.members, to: [group_id, person_id], within: { reference: person, given: [group] } } }\n    columns: { ${id} }`,
      'does not lead to public.people',
    ],
    [
      'different members for rows of nobody',
      `references: { ${group}, person: { columns: [group_id, person_id], table: public.members, to: [group_id, person_id], within: { reference: group, given: [group], distinctFor: nobody } } }\n    columns: { ${id} }`,
      'is not a reference with a fanOut of this table',
    ],
    [
      'an implied key along a way to another table',
      `references: { ${group}, person: { columns: [person_id], table: public.people, to: [id], through: [group] } }\n    columns: { ${id} }`,
      'does not lead to public.people',
    ],
    [
      'pairs of what is no member',
      `references: { ${group} }\n    distinctPairs: [group, id]\n    columns: { ${id} }`,
      'id is no reference with a fanOut and no column of few values',
    ],
    [
      'line numbers of no reference',
      `references: { ${group} }\n    columns: { ${id}, n: { kind: ordinal, reference: nobody } }`,
      'nobody is no reference of this table with a fanOut',
    ],
    [
      'line numbers that the type does not hold',
      `references: { ${group} }\n    columns: { ${id}, n: { kind: ordinal, reference: group, start: 32750 } }`,
      'counts up to 32809 and int2 holds 32767 at most: flatten the fanOut of group',
    ],
    [
      'more unique times than the resolution has',
      `references: { ${group} }\n    columns: { ${id}, at: { kind: time, isUnique: true, resolution: day, calendar: { kind: bins, bins: [[9999-12-01, 9999-12-31, 1]] } } }`,
      '600 different times at this resolution do not fit: lower the rows or refine the resolution',
    ],
    [
      'more children than parents take',
      `references: { ${group}, person: { columns: [person_id], table: public.people, to: [id], fanOut: { family: constant, value: 1 } } }\n    columns: { ${id}, n: { kind: constant, value: 1 } }`,
      '600 children cannot be given to 40 parents with at most 1 each',
    ],
  ];

  // Jest takes a fourth parameter for its callback, so the last part is looked up.
  test.each(cases)('%s', (name, posts, text) => {
    const members = cases.find(([other]) => other === name)?.[3];
    const unique = name.startsWith('more children')
      ? base.map((one) => (one.name === 'posts' ? { ...one, uniques: [key('person_id')] } : one))
      : base;
    const found = problemsOf(() => planOf(spec(posts, members), unique));
    expect(found).toMatch(text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  });

  test('a tree whose rows may have no children', () => {
    const tables = [tableOf('nodes', [int('id'), column('up', 'int4')], ['id'], { uniques: [key('up')] })];
    const tree = (rows: number) => `
  public.nodes:
    rows: { count: ${rows} }
    references: { up: { columns: [up], table: public.nodes, to: [id], nullFraction: 0.001, fanOut: { family: constant, value: 1 } } }
    columns: { ${id} }
`;
    const rows = madeRows(planOf(tree(500), tables), 'public.nodes');
    expect(repeated(rows, ['up'])).toBe(0);
    expect(orphans(rows, ['up'], rows, ['id'])).toBe(0);
  });
});

describe('keys over expressions and what the server fills', () => {
  const codes = (rest: Partial<CatalogTable>, ...more: CatalogTable['columns']) => [
    tableOf('codes', [int('id'), column('a', 'text'), column('b', 'text'), ...more], ['id'], rest),
  ];
  const index = (
    parts: readonly string[],
    expressionColumns: readonly string[],
    columns: readonly (string | null)[] = [null],
  ) => ({
    name: 'x',
    columns,
    method: 'btree',
    isUnique: true,
    isPrimary: false,
    isConstraint: false,
    isPartial: false,
    nullsNotDistinct: false,
    parts,
    expressionColumns,
    predicate: null,
    predicateColumns: [],
    definition: '',
  });
  const unique = '{ kind: text, isUnique: true, length: { family: constant, value: 6 } }';
  const spec = (a: string, b: string) => `
  public.codes:
    rows: { count: 100 }
    columns: { id: { kind: sequence }, a: ${a}, b: ${b} }
`;
  const plain = unique.replace('isUnique: true, ', '');

  test.each([
    ['lower((a)::text)', ['a'], unique, plain, true],
    ["COALESCE(a, 'none'::text)", ['a'], unique, plain, true],
    ['(a || b)', ['a', 'b'], unique, unique, true],
    ['(a || b)', ['a', 'b'], unique, plain, false],
    ['COALESCE(a, b)', ['a', 'b'], plain, unique, false],
    ['lower(a)', ['a'], plain, unique, false],
  ])('%s over (%s) with a %s and b %s: %s', (part, columns, a, b, isKept) => {
    const make = () => planOf(spec(a, b), codes({ indexes: [index([part], columns)] }));
    if (isKept) expect(make().tables).toHaveLength(1);
    else expect(problemsOf(make)).toContain('nothing keeps the unique index x');
  });

  test('a pair proves nothing about an expression of both', () => {
    const tables = [
      tableOf('people', [int('id')], ['id']),
      tableOf('friends', [int('a'), int('b')], ['a', 'b'], {
        foreignKeys: [foreignKey(['a'], 'people', ['id']), foreignKey(['b'], 'people', ['id'])],
        indexes: [index(['LEAST(a, b)', 'GREATEST(a, b)'], ['a', 'b'], [null, null])],
      }),
    ];
    const friends = `
  public.people: { rows: { count: 50 }, columns: { id: { kind: sequence } } }
  public.friends:
    rows: { count: 100 }
    distinctPairs: [a, b]
    references:
      a: { columns: [a], table: public.people, to: [id], fanOut: { family: constant, value: 2 } }
      b: { columns: [b], table: public.people, to: [id], fanOut: { family: constant, value: 2 } }
`;
    expect(problemsOf(() => planOf(friends, tables))).toContain('nothing keeps the unique index x over (a, b)');
  });

  test('a generated column is what it reads; of defaults a sequence keeps a key and now() does not', () => {
    const made = column('c', 'text', { generated: true, generatedFrom: ['a'] });
    const uniques = [key('c')];
    expect(planOf(spec(unique, plain), codes({ uniques }, made)).tables).toHaveLength(1);
    expect(problemsOf(() => planOf(spec(plain, unique), codes({ uniques }, made)))).toContain(
      'nothing keeps the unique key c_key',
    );

    const at = column('c', 'timestamptz', { hasDefault: true });
    const serial = column('c', 'int8', { hasDefault: true, hasUniqueDefault: true });
    expect(problemsOf(() => planOf(spec(plain, plain), codes({ uniques }, at)))).toContain('nothing keeps the unique key c_key');
    expect(planOf(spec(plain, plain), codes({ uniques }, serial)).tables).toHaveLength(1);
  });
});
