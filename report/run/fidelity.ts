// How near the copy's shape is to production's: each table against its limit, the marginals that are furthest off, what differs in structure.
import { formatCount } from '../../core/progress.ts';
import type { Comparison, MarginalComparison, TableComparison } from '../../spec/compare/comparison.ts';
import {
  counted,
  dataTable,
  figure,
  folded,
  heads,
  legendMark,
  pictureOf,
  pointList,
  type ReportSection,
  type Row,
  verdict,
} from './parts.ts';
import { variationPicture } from './variation-picture.ts';

/** The section of compare's document. */
export function fidelitySection(comparison: Comparison): ReportSection {
  const judged = comparison.tables.filter(({ isJudged }) => isJudged);
  const alike = judged.filter(({ isOk }) => isOk).length;
  const { drift, limit, marginals, missing } = comparison;
  return {
    id: 'fidelity',
    title: 'Fidelity',
    verdict: comparison.isOk ? 'met' : 'missed',
    headline: `${alike} of ${counted(judged.length, 'table')} alike`,
    remark:
      missing.length === 0
        ? `${counted(marginals.length, 'marginal')} compared`
        : `${counted(missing.length, 'marginal')} not in the copy`,
    body: [
      `<p>A table is alike when its marginals are apart by at most ${limit} and the sampling floor, in the mean. The floor is what two samples of one distribution differ by.</p>`,
      dataTable(
        'Tables',
        heads('', 'table', '#production', '#copy', '#marginals', '#mean', '#floor', 'furthest off'),
        comparison.tables.map(tableRow),
      ),
      pictureOf(
        'Marginals that are furthest apart',
        `${legendMark('bar', 'total variation above the floor')} ${legendMark('quiet-bar', 'within it')} ${legendMark('tick', 'sampling floor')}`,
        (width) => variationPicture(marginals, width),
      ),
      folded(
        counted(marginals.length, 'marginal'),
        dataTable(
          'Marginals',
          heads('table', 'marginal', '#total variation', '#floor'),
          [...marginals].sort((left, right) => right.totalVariation - left.totalVariation).map(marginalRow),
        ),
      ),
      pairTable(comparison),
      pointList(
        missing.map((each) => `${each}: not in the copy`),
        'missed',
      ),
      drift.length === 0
        ? ''
        : `<h3>Where the structures differ</h3>\n${pointList(drift.map(({ message, path }) => `${path}: ${message}`))}`,
    ].join('\n'),
  };
}

function tableRow(table: TableComparison): Row {
  const rows = (count: number | null) => figure(count === null ? '-' : formatCount(count));
  return [
    table.isJudged ? verdict(table.isOk) : { text: table.isOk ? '·' : '✗', classes: table.isOk ? 'notMeasured' : 'missed' },
    { text: table.isJudged ? table.table : `${table.table} (too small to judge)` },
    rows(table.referenceRows),
    rows(table.candidateRows),
    figure(formatCount(table.marginals)),
    figure(table.meanTotalVariation.toFixed(4)),
    figure(table.meanFloor.toFixed(4)),
    { text: table.worst === null ? '' : `${table.worst.axis} ${table.worst.totalVariation.toFixed(4)}` },
  ];
}

function marginalRow({ axis, floor, table, totalVariation }: MarginalComparison): Row {
  return [{ text: table }, { text: axis }, figure(totalVariation.toFixed(4)), figure(floor.toFixed(4))];
}

function pairTable({ pairTables }: Comparison): string {
  const rows = pairTables.map(({ meanFloor, meanTotalVariation, pairs, table, worst }) => [
    { text: table },
    figure(formatCount(pairs)),
    figure(meanTotalVariation.toFixed(4)),
    figure(meanFloor.toFixed(4)),
    { text: worst === null ? '' : `${worst.axis} ${worst.totalVariation.toFixed(4)}` },
  ]);
  return folded(
    'Pairs of columns, shown and not judged',
    dataTable('Pairs of columns', heads('table', '#pairs', '#mean', '#floor', 'furthest off'), rows),
  );
}
