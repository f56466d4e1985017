// Latency by percentile, since requests were due and since they were sent: where the two part, the server could not keep up.
import * as Plot from '@observablehq/plot';
import type { Latency, StageResult } from '../../spec/load-result.ts';
import { plotSvg } from '../plot.ts';

const PERCENTILES = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'largest'],
] as const;

/** SVG; empty where nothing was answered. */
export function percentilesPicture({ latencyMs, measuredMs, ratePerSecond }: StageResult, width: number): string {
  if (latencyMs === null) return '';
  const due = points(latencyMs);
  const sent = ratePerSecond === null || measuredMs === null ? [] : points(measuredMs);
  return plotSvg({
    name: `Latency in milliseconds by percentile: ${due.map(({ ms, percentile }) => `${percentile} ${ms}`).join(', ')}`,
    width,
    height: 220,
    marginLeft: 48,
    marginRight: 28,
    style: { fontSize: '12px', overflow: 'visible' },
    x: { type: 'point', label: null, domain: PERCENTILES.map(([, name]) => name) },
    y: { label: 'ms', grid: true, zero: true, nice: true, ticks: 5 },
    marks: [
      Plot.lineY(sent, { x: 'percentile', y: 'ms', stroke: 'var(--series-2)', strokeWidth: 2, strokeDasharray: '5 4' }),
      Plot.dot(sent, { x: 'percentile', y: 'ms', stroke: 'var(--series-2)', strokeWidth: 2, r: 6 }),
      Plot.lineY(due, { x: 'percentile', y: 'ms', stroke: 'var(--series-1)', strokeWidth: 2 }),
      Plot.dot(due, { x: 'percentile', y: 'ms', fill: 'var(--series-1)', r: 4 }),
    ],
  });
}

function points(latency: Latency): { readonly percentile: string; readonly ms: number }[] {
  return PERCENTILES.map(([key, percentile]) => ({ percentile, ms: latency[key] }));
}
