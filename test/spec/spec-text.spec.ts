import fc from 'fast-check';
import { calibrate } from '../../spec/calibrate.ts';
import { parseSpec, type Spec } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const small: Spec = {
  format: 'shapecast-spec',
  version: 1,
  name: 'small',
  bands: { dev: { scale: 1 }, staging: { scale: 20 }, perf: { scale: 60, windowDays: 365 } },
  tables: {
    'public.t': {
      rows: { bands: { dev: 1, staging: 2, perf: 3 } },
      references: {},
      columns: {
        a: { kind: 'constant', value: null },
        b: {
          kind: 'number',
          decimals: 2,
          nullFraction: 1e-7,
          distribution: {
            family: 'mixture',
            parts: [
              {
                weight: 1,
                of: {
                  family: 'empirical',
                  bins: [
                    [-1e21, 0.1, 3],
                    [1, 2, 1e-9],
                  ],
                },
              },
              {
                weight: 2,
                of: {
                  family: 'quantiles',
                  points: [
                    [0, 1],
                    [1, 50_000],
                  ],
                  stretchAbove: 0.95,
                },
              },
            ],
          },
        },
      },
    },
  },
};

describe('formatSpec', () => {
  test('reads back equal, nested parts and extreme numbers included', () => {
    expect(parseSpec(formatSpec(small), 'spec.yaml')).toEqual(small);
  });

  test('any text in names, labels and reasons reads back equal', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        'null',
        'true',
        'no',
        '1e5',
        '0x1F',
        '- a',
        'a: b',
        'a #b',
        ' a',
        'a ',
        '',
        '~',
        '2024-05-01',
        '.inf',
        "it's",
        '{row}',
      ),
    );
    fc.assert(
      fc.property(text, text, (label, because) => {
        const spec: Spec = {
          ...small,
          tables: {
            'public.t': {
              rows: { count: 1, growth: 'fixed', because },
              references: {},
              columns: {
                c: { kind: 'category', nullFraction: 0, values: [{ label, weight: 1 }], because },
                d: { kind: 'constant', value: label },
              },
            },
          },
        };

        expect(parseSpec(formatSpec(spec), 'spec.yaml')).toEqual(spec);
      }),
      { numRuns: 500 },
    );
  });

  test('bins stand many on a line, no line is wider than a screen', () => {
    const text = formatSpec(calibrate(buildTestPack(), { name: 'test', now: new Date('2024-04-01') }));
    const lines = text.split('\n').filter((line) => !line.startsWith('#') && !line.includes('because:'));

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(lines.some((line) => (line.match(/\[/g) ?? []).length >= 5)).toBe(true);
  });

  test('starts by saying how to edit it', () => {
    expect(formatSpec(small)).toMatch(/^# A shapecast spec/);
  });
});
