// How far marginals of copy and original are apart: a bar, and a tick where two samples of one distribution would be.
import * as Plot from '@observablehq/plot';
import type { MarginalComparison } from '../../spec/compare/comparison.ts';
import { plotSvg } from '../plot.ts';
import { amountAxis, nameRows, ROWS_FRAME } from './name-rows.ts';

const MAX_BARS = 20;
/** Of the width: a tick nearer to the bar's end than this is in the way of its figure. */
const FIGURE_WIDTH = 0.09;

/** SVG of the marginals that are furthest apart; empty for none. */
export function variationPicture(marginals: readonly MarginalComparison[], width: number): string {
  const worst = furthestApart(marginals);
  if (worst.length === 0) return '';
  const named = nameRows(
    worst.map(({ axis, table }) => `${table} ${axis}`),
    width,
    20,
  );
  const largest = Math.max(0.01, ...worst.flatMap(({ floor, totalVariation }) => [totalVariation, floor]));
  const room = (largest * FIGURE_WIDTH * 900) / width;
  const bars = worst.map(({ floor, totalVariation }, at) => ({
    at: String(at),
    totalVariation,
    floor,
    colour: totalVariation > floor ? 'var(--bar)' : 'var(--quiet-bar)',
    text: totalVariation.toFixed(3),
    textAt: floor > totalVariation && floor < totalVariation + room ? floor : totalVariation,
  }));
  return plotSvg({
    ...ROWS_FRAME,
    name: `Total variation of the ${worst.length} marginals that are furthest apart, with the sampling floor; the figures are in the table below`,
    width,
    height: named.height,
    marginLeft: named.margin,
    marginRight: 48,
    x: { ...amountAxis('total variation'), ticks: width < 500 ? 3 : 6, domain: [0, largest] },
    y: named.scale,
    marks: [
      Plot.barX(bars, { x: 'totalVariation', y: 'at', fill: 'colour', insetTop: named.inset + 2, insetBottom: 2 }),
      Plot.tickX(bars, { x: 'floor', y: 'at', stroke: 'currentColor', strokeWidth: 2, insetTop: named.inset }),
      Plot.text(bars, {
        x: 'textAt',
        y: 'at',
        text: 'text',
        textAnchor: 'start',
        dx: 5,
        dy: named.inset / 2,
        fill: 'currentColor',
      }),
      ...named.marks,
    ],
  });
}

/** How often values repeat is not judged, and would fill the picture. */
function furthestApart(marginals: readonly MarginalComparison[]): MarginalComparison[] {
  return marginals
    .filter(({ axis }) => !axis.startsWith('repeat('))
    .sort((left, right) => right.totalVariation - left.totalVariation)
    .slice(0, MAX_BARS);
}
