// For each foreign key the quantiles of children per parent: a tick where the plan has them, a dot where the target has them.
import * as Plot from '@observablehq/plot';
import type { MeasuredDistribution, RunQuantiles } from '../../spec/run-record.ts';
import { plotSvg } from '../plot.ts';
import { amountAxis, formatShort, nameRows, ROWS_FRAME } from './name-rows.ts';

const MAX_KEYS = 25;
const QUANTILES = ['p50', 'p95', 'p99', 'max'] as const;

interface Point {
  readonly at: string;
  readonly value: number;
}

/** SVG; empty where no key was measured. Of many keys those with the largest families. */
export function degreesPicture(distributions: readonly MeasuredDistribution[], width: number): string {
  const degrees = distributions
    .filter(({ measure }) => measure === 'degree')
    .sort((left, right) => right.expected.max - left.expected.max)
    .slice(0, MAX_KEYS);
  if (degrees.length === 0) return '';
  const named = nameRows(
    degrees.map(({ subject }) => subject),
    width,
    26,
  );
  const expected = pointsOf(degrees.map((each) => each.expected));
  const found = pointsOf(degrees.map((each) => each.found));
  const largest = Math.max(1, ...[...expected, ...found].map(({ value }) => value));
  const place = { x: 'value', y: 'at', dy: named.inset / 2 };
  return plotSvg({
    ...ROWS_FRAME,
    name: 'Children per parent, expected and found; the figures are in the table below',
    width,
    height: named.height,
    marginLeft: named.margin,
    marginRight: 20,
    // Families are small but for a few that are very large; symlog shows both, and zero.
    x: {
      ...amountAxis('children per parent'),
      type: 'symlog',
      domain: [0, largest],
      ticks: ticksUpTo(largest, width),
      tickFormat: formatShort,
    },
    y: named.scale,
    marks: [
      Plot.ruleY(
        found,
        Plot.groupY(
          { x1: 'min', x2: 'max' },
          { x1: 'value', x2: 'value', y: 'at', dy: place.dy, stroke: 'var(--rule)', strokeWidth: 2 },
        ),
      ),
      Plot.dot(found, { ...place, r: 4, fill: 'var(--series-1)', fillOpacity: 0.75 }),
      Plot.tickX(expected, {
        ...place,
        dy: 0,
        stroke: 'currentColor',
        strokeWidth: 1.5,
        insetTop: named.inset + 3,
        insetBottom: 3,
      }),
      ...named.marks,
    ],
  });
}

function pointsOf(quantiles: readonly (RunQuantiles | null)[]): Point[] {
  return quantiles.flatMap((each, at) =>
    each === null ? [] : QUANTILES.map((name) => ({ at: String(at), value: Math.max(0, each[name]) })),
  );
}

/** Zero and powers of ten; every second one where there is little room. */
function ticksUpTo(largest: number, width: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log10(largest)) + 1 }, (_, power) => 10 ** power);
  return [0, ...powers.filter((_, at) => width >= 500 || powers.length <= 4 || at % 2 === 0)];
}
