// Unique indexes over some rows only: conditions that leave values out, several conditions at once, and one row in all.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';
import { countKeys, type MadeRow, madeRows, planOf, repeated } from './made-rows.ts';

interface Index {
  readonly key: readonly string[];
  readonly predicate: string | null;
  readonly reads?: readonly string[];
}

function plansTable(indexes: readonly Index[]): CatalogTable[] {
  const int = (name: string) => column(name, 'int4', { isNullable: false });
  const key = { name: 'id_key', columns: ['id'], nullsNotDistinct: false };
  return [
    table('users', [int('id')], { primaryKey: key }),
    table(
      'plans',
      [
        int('id'),
        column('user_id', 'int4'),
        column('active', 'bool'),
        column('state', 'text'),
        column('note', 'text'),
        column('ended', 'timestamp'),
      ],
      {
        primaryKey: key,
        foreignKeys: [
          {
            name: 'f',
            columns: ['user_id'],
            references: { schema: 'public', name: 'users' },
            referencedColumns: ['id'],
            isDeferrable: false,
            definition: '',
          },
        ],
        indexes: indexes.map(({ key: parts, predicate, reads = [] }, at) => ({
          name: `i${at + 1}`,
          columns: parts.length === 0 ? [null] : parts,
          method: 'btree',
          isUnique: true,
          isPrimary: false,
          isConstraint: false,
          isPartial: predicate !== null,
          nullsNotDistinct: false,
          parts: parts.length === 0 ? ['1'] : parts,
          expressionColumns: [],
          predicate,
          predicateColumns: reads,
          definition: '',
        })),
      },
    ),
  ];
}

const STATES = '{ label: a, weight: 2 }, { label: b, weight: 1 }, { label: c, weight: 17 }';
const spec = (users: number, change: { active?: string; note?: string } = {}) => `
  public.users: { rows: { count: ${users} }, columns: { id: { kind: sequence } } }
  public.plans:
    rows: { count: 900 }
    references:
      user: { columns: [user_id], table: public.users, to: [id], nullFraction: 0.1, fanOut: { family: geometric, p: 0.2, start: 0 } }
    columns:
      id: { kind: sequence }
      active: ${change.active ?? '{ kind: boolean, trueFraction: 0.9, nullFraction: 0.05 }'}
      state: { kind: category, nullFraction: 0.1, values: [${STATES}] }
      note: ${change.note ?? `{ kind: category, values: [${STATES}], other: { weight: 2, length: { family: constant, value: 5 } } }`}
      ended: { kind: time, nullFraction: 0.5, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] } }
`;

function refusal(tables: string, indexes: readonly Index[]): string {
  try {
    planOf(tables, plansTable(indexes));
  } catch (error) {
    return JSON.stringify((error as { data?: unknown }).data ?? String(error));
  }
  throw new Error('expected the plan to be refused');
}

type Inside = (row: MadeRow) => boolean;
const isSet = (value: MadeRow[string] | undefined) => value !== null && value !== undefined;

describe('one row of each parent', () => {
  const cases: [predicate: string, column: string, isInside: Inside, expected: number][] = [
    ['(NOT active)', 'active', (row) => row.active === 0, 86],
    ['(active = false)', 'active', (row) => row.active === 0, 86],
    ['(active <> true)', 'active', (row) => row.active === 0, 86],
    ["(state <> 'c'::text)", 'state', (row) => isSet(row.state) && row.state !== 'c', 122],
    ["(state <> ALL (ARRAY['c'::text, 'x'::text]))", 'state', (row) => isSet(row.state) && row.state !== 'c', 122],
    ["((state <> 'c'::text) AND (state <> 'b'::text))", 'state', (row) => row.state === 'a', 81],
    ["((ended IS NULL) AND (state <> 'c'::text))", 'state', (row) => isSet(row.state) && row.state !== 'c', 122],
    // The other texts are inside.
    ["(note <> 'c'::text)", 'note', (row) => row.note !== 'c', 205],
  ];

  test.each(cases)('where %s', (predicate, name, isInside, expected) => {
    for (const users of [400, 60]) {
      const plan = planOf(spec(users), plansTable([{ key: ['user_id'], predicate, reads: [name] }]));
      const rows = madeRows(plan, 'public.plans');
      const inside = rows.filter(isInside);
      const families = countKeys(rows, ['user_id']).size;

      expect(repeated(inside, ['user_id'])).toBe(0);
      expect(Math.abs(inside.length - Math.min(expected, families))).toBeLessThanOrEqual(1);
      expect(new Set(inside.map((row) => row.user_id)).size).toBe(inside.length);
    }
  });

  test('other texts may be the value: refused', () => {
    expect(refusal(spec(400), [{ key: ['user_id'], predicate: "(note = 'c'::text)", reads: ['note'] }])).toContain(
      'nothing keeps the unique index i1 over (user_id)',
    );
  });

  test('a value that stands for NULL meets a condition that NULL does not', () => {
    const note = `{ kind: category, nullFraction: 0.5, nullAs: '', values: [${STATES}] }`;
    const index = (predicate: string) => [{ key: ['user_id'], predicate, reads: ['note'] }];

    expect(refusal(spec(400, { note }), index("(note <> 'c'::text)"))).toContain('nothing keeps');
    const rows = madeRows(planOf(spec(400, { note }), plansTable(index("(note = 'a'::text)"))), 'public.plans');
    expect(
      repeated(
        rows.filter((row) => row.note === 'a'),
        ['user_id'],
      ),
    ).toBe(0);
  });

  test('a second condition on the same column is not taken to be kept', () => {
    expect(
      refusal(spec(400), [
        { key: ['user_id'], predicate: "(state = 'a'::text)", reads: ['state'] },
        { key: ['user_id'], predicate: "(state = 'c'::text)", reads: ['state'] },
      ]),
    ).toContain('nothing keeps the unique index i2 over (user_id)');
  });
});

describe('one row in all', () => {
  const cases: [predicate: string, key: readonly string[], reads: string[], isInside: Inside][] = [
    ['active', [], ['active'], (row) => row.active === 1],
    ['active', ['active'], ['active'], (row) => row.active === 1],
    ['(NOT active)', ['active'], ['active'], (row) => row.active === 0],
    ['(active AND (ended IS NULL))', [], ['active', 'ended'], (row) => row.active === 1 && row.ended === null],
    ["(state = 'b'::text)", [], ['state'], (row) => row.state === 'b'],
    ['(ended IS NULL)', [], ['ended'], (row) => row.ended === null],
    ['(ended IS NOT NULL)', [], ['ended'], (row) => row.ended !== null],
  ];

  test.each(cases)('where %s, key %p', (predicate, key, reads, isInside) => {
    const rows = madeRows(planOf(spec(400), plansTable([{ key, predicate, reads }])), 'public.plans');

    expect(rows).toHaveLength(900);
    expect(rows.filter(isInside).length).toBeLessThanOrEqual(1);
  });

  test('a condition with the fewest rows is the one that is changed', () => {
    const index = { key: [], predicate: "((ended IS NULL) AND (state = 'b'::text))", reads: ['ended', 'state'] };
    const rows = madeRows(planOf(spec(400), plansTable([index])), 'public.plans');

    expect(rows.filter((row) => row.ended === null)).toHaveLength(450);
    expect(rows.filter((row) => row.state === 'b')).toHaveLength(1);
  });

  test('what nothing keeps is told with ways out that apply', () => {
    const index = { key: [], predicate: '((length(note) > 3) AND (ended > now()))', reads: ['ended', 'note'] };

    expect(refusal(spec(400), [index])).toContain(
      'at most one row may meet the condition of the unique index i1 over (ended, note), and nothing keeps it: give one of these columns only values that do not meet it, or drop the index in the target',
    );
    expect(refusal(spec(400), [{ key: [], predicate: null }])).toContain(
      'the unique index i1 has no column, so one row at most may be in it: lower the rows of the table to 1, or drop the index in the target',
    );
  });

  test('values that do not meet the condition keep it', () => {
    const plan = (active: string) =>
      planOf(
        spec(400, { active }),
        plansTable([{ key: [], predicate: '(active AND (now() > ended))', reads: ['active', 'ended'] }]),
      );

    expect(madeRows(plan('{ kind: boolean, trueFraction: 0 }'), 'public.plans')).toHaveLength(900);
    expect(madeRows(plan('{ kind: constant, value: false }'), 'public.plans')).toHaveLength(900);
    expect(() => plan('{ kind: constant, value: true }')).toThrow();
  });
});
