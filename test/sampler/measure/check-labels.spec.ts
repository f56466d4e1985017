import type { CatalogColumn } from '../../../postgres/catalog/catalog.ts';
import { chooseAxes, declaredLabels } from '../../../sampler/measure/axes.ts';
import { checkLabels } from '../../../sampler/measure/check-labels.ts';
import { placeLabels } from '../../../sampler/measure/labels.ts';
import { policySchema } from '../../../spec/policy.ts';
import { column, table } from './catalog-fixture.ts';

const status = column('status', 'text', { isNullable: false });

function tableWith(...expressions: readonly string[]) {
  const checks = expressions.map((expression, index) => ({
    name: `c${index}`,
    columns: ['status'],
    definition: '',
    expression,
    domain: null,
  }));
  return table('t', [status, column('n', 'int4')], { checks });
}

describe('checkLabels', () => {
  test('knows lists, single values and alternatives, also beside null and other conditions', () => {
    const cases: readonly (readonly [string, readonly string[] | null])[] = [
      [`(status = ANY (ARRAY['open'::text, 'closed'::text]))`, ['open', 'closed']],
      [`((status)::text = 'open'::text)`, ['open']],
      [`((status = 'b'::text) OR (status = 'a'::text) OR (status IS NULL))`, ['b', 'a']],
      [`((n > 0) AND (status = ANY (ARRAY['x'::text])))`, ['x']],
      [`((n > 0) OR (status = 'x'::text))`, null],
      [`(status <> ALL (ARRAY['x'::text]))`, null],
      [`(lower(status) = 'x'::text)`, null],
      [`(status = '${'x'.repeat(101)}'::text)`, null],
    ];

    expect(cases.map(([expression]) => checkLabels(status, tableWith(expression)))).toEqual(cases.map(([, labels]) => labels));
  });

  test('takes what all lists have', () => {
    const both = tableWith(`(status = ANY (ARRAY['a'::text, 'b'::text]))`, `(status = ANY (ARRAY['b'::text, 'c'::text]))`);

    expect(checkLabels(status, both)).toEqual(['b']);
  });

  test('makes a category in clear whatever the planner estimates', () => {
    const source = { key: 'public.t', table: tableWith(`(status = ANY (ARRAY['a'::text]))`), columns: [status], references: [] };

    const requests = chooseAxes({ table: source, policy: policySchema.parse({}), enums: [], isPublicTable: false });

    expect(requests.find(({ axis }) => axis.kind === 'category')).toMatchObject({
      labels: 'listed',
      axis: { labels: [{ label: 'a' }] },
    });
  });
});

test('labels of a list keep their places, and a value that the list does not have is OTHER', () => {
  const found = [
    { code: 7, category: { label: 'closed' } },
    { code: 8, category: { label: 'not in the list' } },
  ];

  const placed = placeLabels(found, ['open', 'closed']);

  expect(placed.labels).toEqual([{ label: 'open' }, { label: 'closed' }]);
  expect([...placed.translation]).toEqual([[7, 1]]);
});

test('a domain over an enum has the labels of the enum', () => {
  const mood: CatalogColumn = column('mood', 'enum', {
    type: 'mood_of_day',
    kind: 'domain',
    enumType: { schema: 'public', name: 'mood' },
  });

  expect(declaredLabels(mood, [{ schema: 'public', name: 'mood', labels: ['sad', 'ok'] }])).toEqual(['sad', 'ok']);
});
