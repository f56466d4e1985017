// Bars of the rows by table, the largest first.
import * as Plot from '@observablehq/plot';
import { formatCount } from '../../core/progress.ts';
import { plotSvg } from '../plot.ts';
import { amountAxis, formatShort, nameRows, ROWS_FRAME } from './name-rows.ts';

const MAX_BARS = 25;

/** SVG; empty for no table. Of many tables the largest. */
export function rowsPicture(tables: readonly { readonly name: string; readonly rows: number }[], width: number): string {
  if (tables.length === 0) return '';
  const largest = [...tables].sort((left, right) => right.rows - left.rows).slice(0, MAX_BARS);
  const named = nameRows(
    largest.map(({ name }) => name),
    width,
    21,
  );
  const bars = largest.map(({ rows }, at) => ({ at: String(at), rows, text: formatCount(rows) }));
  return plotSvg({
    ...ROWS_FRAME,
    name: `Rows by table: ${largest.map(({ name, rows }) => `${name} ${formatCount(rows)}`).join(', ')}`,
    width,
    height: named.height,
    marginLeft: named.margin,
    marginRight: 70,
    x: {
      ...amountAxis('rows'),
      ticks: width < 500 ? 3 : 6,
      tickFormat: formatShort,
      domain: [0, Math.max(1, ...bars.map(({ rows }) => rows))],
    },
    y: named.scale,
    marks: [
      Plot.barX(bars, { x: 'rows', y: 'at', fill: 'var(--bar)', insetTop: named.inset + 1, insetBottom: 1 }),
      Plot.text(bars, {
        x: 'rows',
        y: 'at',
        text: 'text',
        textAnchor: 'start',
        dx: 4,
        dy: named.inset / 2,
        fill: 'currentColor',
      }),
      ...named.marks,
    ],
  });
}
