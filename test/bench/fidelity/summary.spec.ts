// What a run shows: the figures one looks at in one line, and what changed since the result that is kept.
import type { Result } from '../../../bench/fidelity/results.ts';
import { matrixText, summaryLine } from '../../../bench/fidelity/summary.ts';

const figure = (number: number, name: string, value: number | null, remark = ''): Result['figures'][number] => ({
  number,
  name,
  value,
  floor: 1,
  target: 1.1,
  direction: 'atMost',
  samples: 3,
  remark,
});

function resultOf(...figures: Result['figures']): Result {
  return {
    dataSet: 'shop',
    day: '2024-12-31',
    serverMajor: 18,
    mode: 'fast',
    warmRuns: 0,
    seconds: 12,
    headline: [{ class: 'oltp', share: 0.5, floor: null, target: 0.9, queries: 4 }],
    figures,
    marginals: [],
  };
}

test('one line has the figures that are tuned for', () => {
  const line = summaryLine(
    resultOf(
      figure(2, 'actual rows of joins, mean', 1.234),
      figure(4, 'mistakes of the planner kept', 0.75, '12 of 16; 0 at nodes'),
      figure(10, 'co-degree, sum of products', 107),
    ),
  );

  expect(line).toContain('shop (fast, 12 s): joins rows 1.234 / -');
  expect(line).toContain('mistakes kept 12/16');
  expect(line).toContain('headline oltp 0.5');
  expect(line).toContain('co-degree 107');
});

test('the matrix marks missed targets and shows the change since the kept result', () => {
  const result = resultOf(figure(2, 'rows', 1.2), figure(3, 'estimates', 1.05));
  const kept = resultOf(figure(2, 'rows', 1.5), figure(3, 'estimates', 1.05));

  const lines = matrixText([{ result, kept }]).split('\n');

  expect(lines.find((line) => line.includes('rows'))).toMatch(/<= 1\.1 +1\.2! \(1\) -0\.3$/);
  expect(lines.find((line) => line.includes('estimates'))).toMatch(/1\.05 \(1\)$/);
  expect(matrixText([{ result, kept: null }])).not.toContain('-0.3');
});
