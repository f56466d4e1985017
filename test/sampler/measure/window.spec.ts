import type { Reference, Source } from '../../../sampler/introspect/source.ts';
import { keepRuleOf, looksElsewhere, windowOf } from '../../../sampler/measure/window.ts';
import { policySchema } from '../../../spec/policy.ts';
import { column, table } from './catalog-fixture.ts';

const columns = [column('id', 'int4'), column('ref', 'int4'), column('at', 'timestamptz')];

function sourceOf(edges: readonly (readonly [child: string, parent: string])[], names: readonly string[]): Source {
  const references = (name: string): Reference[] =>
    edges
      .filter(([child]) => child === name)
      .map(([child, parent]) => ({
        child: `public.${child}`,
        columns: ['ref'],
        parent: `public.${parent}`,
        referencedColumns: ['id'],
        isVirtual: false,
      }));
  return {
    enums: [],
    tables: names.map((name) => ({ key: `public.${name}`, table: table(name, columns), columns, references: references(name) })),
  };
}

const window = windowOf(30, new Date('2024-03-31T23:59:59Z'));
const timed = (...names: string[]) => policySchema.parse({ timeColumns: names.map((name) => ({ table: name, column: 'at' })) });

describe('windowOf', () => {
  test('is whole days before the UTC day, in leap years too', () => {
    expect(window).toEqual({ days: 30, from: '2024-03-01', to: '2024-03-31' });
    expect(windowOf(1, new Date('2024-03-01T00:00:00Z'))).toEqual({ days: 1, from: '2024-02-29', to: '2024-03-01' });
    expect(windowOf(null, new Date())).toBeNull();
  });
});

describe('keepRuleOf', () => {
  test('keeps every row without a window, and in tables that hang on no time', () => {
    const source = sourceOf([], ['a']);

    expect(keepRuleOf(source, timed('a'), null)('public.a', 't')).toBeNull();
    expect(keepRuleOf(source, timed(), window)('public.a', 't')).toBeNull();
  });

  test('asks a table about itself only once, in cycles and self-references', () => {
    const source = sourceOf(
      [
        ['a', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ],
      ['a', 'b'],
    );

    const condition = keepRuleOf(source, timed('a', 'b'), window)('public.a', 't');

    expect(condition?.match(/exists/g)).toHaveLength(1);
    expect(condition).toContain(`t."id" = w1."ref"`);
  });

  test('knows which conditions look at other tables', () => {
    const source = sourceOf([['child', 'parent']], ['child', 'parent']);
    const rule = keepRuleOf(source, timed('child', 'parent'), window);

    expect(looksElsewhere(rule('public.child', 't'))).toBe(false);
    expect(looksElsewhere(rule('public.parent', 't'))).toBe(true);
    expect(looksElsewhere(null)).toBe(false);
  });
});
