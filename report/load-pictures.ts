// The pictures of a load test over the seconds of a stage: latency, answers, how latencies are spread, what sessions wait for, the pool.
import { areaY, dot, lineY, rect, rectY, ruleY } from '@observablehq/plot';
import type { StageResult } from '../spec/load-result.ts';
import type { GatewayFigures, ServerFigures } from '../spec/server-figures.ts';
import { plotSvg, SERIES_COLOURS } from './plot.ts';

export interface LoadPicture {
  readonly svg: string;
  /** Names and colours, for a legend beside it. */
  readonly series: readonly (readonly [name: string, colour: string])[];
}

const FRAME = { width: 960, marginLeft: 60, marginBottom: 36 } as const;
const [BLUE, OCHRE, RED, VIOLET, GREEN] = SERIES_COLOURS;
/** Milliseconds: what a logarithmic axis can begin with. */
const LEAST_MS = 0.05;
/** Dots beyond this number hide the line. */
const MOST_DOTS = 400;
/** Of a class of waits: no class of the server's has it. */
const OTHER = 'all others';
const MOST_TICKS = 8;
/** Milliseconds: 0.01, 0.02, 0.05, ... 50,000,000. */
const LADDER = Array.from({ length: 30 }, (_, index) => Number(`${[1, 2, 5][index % 3]}e${Math.floor(index / 3) - 2}`));

/** Percentiles of latency since due; for a page of another width than ours, with that. */
export function latencyPicture(stage: StageResult, width: number = FRAME.width): LoadPicture {
  const series = [['p50', GREEN] as const, ['p90', BLUE] as const, ['p99', OCHRE] as const, ['max', RED] as const];
  const points = stage.timeline.intervals.flatMap(({ latencyMs, second }) => {
    const middle = second + stage.timeline.secondsEach / 2;
    return latencyMs === null ? [] : series.map(([name]) => ({ second: middle, name, ms: Math.max(LEAST_MS, latencyMs[name]) }));
  });
  const svg = plotSvg({
    ...FRAME,
    width,
    height: 240,
    name: `Latency over time of ${stage.name}`,
    x: secondsAxis(stage),
    y: { ...logAxis(points.map(({ ms }) => ms)), grid: true },
    color: scaleOf(series),
    marks: [
      lineY(points, { x: 'second', y: 'ms', z: 'name', stroke: 'name', strokeWidth: 1.8 }),
      ...(points.length > MOST_DOTS ? [] : [dot(points, { x: 'second', y: 'ms', fill: 'name', r: 2 })]),
    ],
  });
  return { svg, series };
}

/** Answers and errors a second; the dashed line is the rate that was asked for. */
export function throughputPicture(stage: StageResult): LoadPicture {
  const series = [['answered', BLUE] as const, ['failed', RED] as const];
  const { intervals, secondsEach } = stage.timeline;
  const bars = intervals.flatMap(({ counted, errors, second }) => [
    { from: second, to: second + secondsEach, name: 'answered', perSecond: Math.max(0, counted - errors) / secondsEach },
    { from: second, to: second + secondsEach, name: 'failed', perSecond: errors / secondsEach },
  ]);
  const svg = plotSvg({
    ...FRAME,
    height: 160,
    name: `Answers a second over time of ${stage.name}`,
    x: secondsAxis(stage),
    y: { label: 'a second', grid: true, ticks: 4 },
    color: scaleOf(series),
    marks: [
      rectY(bars, { x1: 'from', x2: 'to', y: 'perSecond', fill: 'name', fillOpacity: 0.75, insetLeft: 0.5, insetRight: 0.5 }),
      ruleY([0]),
      ...(stage.ratePerSecond === null ? [] : [ruleY([stage.ratePerSecond], { strokeDasharray: '4 3' })]),
    ],
  });
  return { svg, series };
}

/** How many answers of each interval took how long: the stronger the colour, the more. */
export function spreadPicture(stage: StageResult): LoadPicture {
  const { intervals, secondsEach } = stage.timeline;
  const cells = intervals.flatMap(({ bins, counted, second }) =>
    bins.flatMap(({ count, upToMs }) => {
      const ends = { from: second, to: second + secondsEach };
      return upToMs === null ? [] : [{ ...ends, low: lowerBound(upToMs), high: upToMs, share: count / counted }];
    }),
  );
  const svg = plotSvg({
    ...FRAME,
    height: 180,
    name: `How latencies are spread over time in ${stage.name}`,
    x: secondsAxis(stage),
    y: logAxis(cells.flatMap(({ high, low }) => [low, high])),
    opacity: { domain: [0, Math.max(...cells.map(({ share }) => share), 0)], range: [0.08, 1] },
    marks: [rect(cells, { x1: 'from', x2: 'to', y1: 'low', y2: 'high', fill: BLUE, fillOpacity: 'share' })],
  });
  return { svg, series: [] };
}

/** Sessions at work, by what they wait for. */
export function waitsPicture(stage: StageResult, waits: NonNullable<ServerFigures['database']>['waits']): LoadPicture {
  const colours = [GREEN, BLUE, OCHRE, VIOLET, RED];
  // As many as there are colours; what is rare is one.
  const shown = rankClasses(waits).slice(0, colours.length - 1);
  const points = waits.flatMap(({ second, sessions }) => {
    const counts = Object.entries(sessions);
    const rest = counts.reduce((sum, [name, count]) => sum + (shown.includes(name) ? 0 : count), 0);
    return [...shown.map((name) => ({ second, name, count: sessions[name] ?? 0 })), { second, name: OTHER, count: rest }];
  });
  const hasOther = points.some(({ count, name }) => name === OTHER && count > 0);
  const series = [...shown, ...(hasOther ? [OTHER] : [])].map((name, index) => [name, colours[index] ?? RED] as const);
  const svg = plotSvg({
    ...FRAME,
    height: 150,
    name: `What sessions wait for over time in ${stage.name}`,
    x: secondsAxis(stage),
    y: countAxis(
      'sessions',
      waits.map(({ sessions }) => Object.values(sessions).reduce((sum, each) => sum + each, 0)),
    ),
    color: scaleOf(series),
    marks: [
      areaY(hasOther ? points : points.filter(({ name }) => name !== OTHER), {
        x: 'second',
        y: 'count',
        z: 'name',
        fill: 'name',
        order: series.map(([name]) => name),
      }),
      ruleY([0]),
    ],
  });
  return { svg, series };
}

/** The gateway's sessions at work, and the statements that wait for one. */
export function poolPicture(stage: StageResult, { samples }: GatewayFigures): LoadPicture {
  const series = [['sessions at work', BLUE] as const, ['statements that wait', RED] as const];
  const points = samples.flatMap(({ idle, open, queue, second }) => [
    { second, name: 'sessions at work', count: open - idle },
    { second, name: 'statements that wait', count: queue },
  ]);
  const svg = plotSvg({
    ...FRAME,
    height: 150,
    name: `The gateway's pool over time in ${stage.name}`,
    x: secondsAxis(stage),
    y: countAxis(
      'number',
      points.map(({ count }) => count),
    ),
    color: scaleOf(series),
    marks: [lineY(points, { x: 'second', y: 'count', z: 'name', stroke: 'name', strokeWidth: 1.8 }), ruleY([0])],
  });
  return { svg, series };
}

/** Ticks at 1, 2, 5, ... around the values. */
function logAxis(valuesMs: readonly number[]) {
  const least = Math.min(...valuesMs, Number.POSITIVE_INFINITY);
  const most = Math.max(...valuesMs, 0);
  const ticks = LADDER.filter((ms, index) => (LADDER[index + 1] ?? ms) > least && (LADDER[index - 1] ?? ms) < most);
  const domain = ticks.length < 2 ? [1, 10] : [Math.min(least, ticks[0] ?? 1), ticks.at(-1) ?? 10];
  const shown = ticks.length > MOST_TICKS ? ticks.filter((ms) => ms.toExponential().startsWith('1')) : ticks;
  return { type: 'log' as const, label: 'ms', domain, ticks: shown, tickFormat: formatTick };
}

/** From nothing; a picture of zeros has an axis too. */
function countAxis(label: string, counts: readonly number[]) {
  return { label, grid: true, ticks: 4, tickFormat: 'd', domain: [0, Math.max(4, ...counts)] };
}

function secondsAxis(stage: StageResult) {
  const { intervals, secondsEach } = stage.timeline;
  const last = (intervals.at(-1)?.second ?? 0) + secondsEach;
  return { label: 'seconds', domain: [0, Math.max(last, stage.seconds)] };
}

function scaleOf(series: LoadPicture['series']) {
  return { domain: series.map(([name]) => name), range: series.map(([, colour]) => colour) };
}

function rankClasses(waits: readonly { readonly sessions: Readonly<Record<string, number>> }[]): string[] {
  const totals = new Map<string, number>();
  for (const { sessions } of waits)
    for (const [name, count] of Object.entries(sessions)) totals.set(name, (totals.get(name) ?? 0) + count);
  return [...totals].sort((left, right) => right[1] - left[1]).map(([name]) => name);
}

/** Of a ladder of 1, 2, 5: 0.5 gives 0.2. */
function lowerBound(upToMs: number): number {
  return upToMs.toExponential().startsWith('5') ? upToMs * 0.4 : upToMs / 2;
}

function formatTick(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms}`;
}
