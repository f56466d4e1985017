// Results as text: one line for a run, and the matrix of all data sets, each figure with floor, target and what changed since the
// result that is kept.
import type { Result } from './results.ts';

type ResultFigure = Result['figures'][number];

/** What one looks at after every change, in one line. */
export function summaryLine(result: Result): string {
  const value = (name: string) => show(result.figures.find((figure) => figure.name === name)?.value);
  const mistakes = /^\d+ of \d+/.exec(result.figures.find(({ number }) => number === 4)?.remark ?? '')?.[0] ?? '-';
  const parts = [
    `joins rows ${value('actual rows of joins, mean')} / ${value('actual rows of joins, p95')}`,
    `single ${value('actual rows of single tables, mean')} / ${value('actual rows of single tables, p95')}`,
    `mistakes kept ${mistakes.replace(' of ', '/')}`,
    `same plan oltp ${value('same plan, oltp')} joins ${value('same plan, joins')}`,
    `headline ${result.headline.map(({ class: queryClass, share }) => `${queryClass} ${show(share)}`).join(' ')}`,
    `correlation ${value('correlation of indexed columns')}`,
    `co-degree ${value('co-degree, sum of products')}`,
    `degree KS ${value('degrees, KS')}`,
    `hours TV ${value('hour of week, TV')}`,
    `index ${value('index decisions')}`,
  ];
  return `${result.dataSet} (${result.mode}, ${result.seconds} s): ${parts.join(' | ')}`;
}

export interface Row {
  readonly result: Result;
  /** The result that is kept; null: none. */
  readonly kept: Result | null;
}

/** Figures down, data sets across: `value (floor) change`; ! for a target that is missed. */
export function matrixText(rows: readonly Row[]): string {
  const shares = rows.map(({ result, kept }) => ({
    result: headlineFigures(result),
    kept: kept === null ? [] : headlineFigures(kept),
  }));
  const columns = rows.map(({ result, kept }, at) => ({
    name: result.dataSet,
    figures: [...(shares[at]?.result ?? []), ...result.figures],
    kept: [...(shares[at]?.kept ?? []), ...(kept?.figures ?? [])],
  }));
  const names = [...new Map(columns.flatMap(({ figures }) => figures).map((figure) => [keyOf(figure), figure])).values()];
  const lines = [...names]
    .sort((left, right) => left.number - right.number)
    .map((figure) => [
      figure.number === 0 ? '' : String(figure.number),
      figure.name,
      figure.target === null ? '-' : `${figure.direction === 'atMost' ? '<=' : '>='} ${show(figure.target)}`,
      ...columns.map(({ figures, kept }) => cell(findFigure(figures, figure), findFigure(kept, figure))),
    ]);
  return alignColumns([['#', 'figure: value (floor) change', 'target', ...columns.map(({ name }) => name)], ...lines]);
}

function headlineFigures(result: Result): ResultFigure[] {
  return result.headline.map(({ class: queryClass, share, floor, target, queries }) => ({
    number: 0,
    name: `headline, ${queryClass}`,
    value: share,
    floor,
    target,
    direction: 'atLeast',
    samples: queries,
    remark: '',
  }));
}

function keyOf({ number, name }: ResultFigure): string {
  return `${number} ${name}`;
}

function findFigure(figures: readonly ResultFigure[], like: ResultFigure): ResultFigure | undefined {
  return figures.find((figure) => keyOf(figure) === keyOf(like));
}

function cell(figure: ResultFigure | undefined, kept: ResultFigure | undefined): string {
  if (figure === undefined || figure.value === null) return '-';
  const { value, floor, target, direction } = figure;
  const isMissed = target !== null && (direction === 'atMost' ? value > target : value < target);
  const change = kept?.value === undefined || kept.value === null ? null : value - kept.value;
  const parts = [
    `${show(value)}${isMissed ? '!' : ''}`,
    floor === null ? '' : `(${show(floor)})`,
    change === null || Math.abs(change) < 0.0005 ? '' : `${change > 0 ? '+' : '-'}${show(Math.abs(change))}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function show(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return value >= 100 ? value.toFixed(0) : value.toFixed(3).replace(/\.?0+$/, '');
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((text, at) => Math.max(most[at] ?? 0, text.length)), []);
  return rows
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
