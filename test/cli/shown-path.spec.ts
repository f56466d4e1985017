// How a file is named to the person at the terminal, and in receipts of the evidence log.
import path from 'node:path';
import { shownPath } from '../../cli/shown-path.ts';

test('what lies in the current folder is named from it, and so is the folder itself; the rest is named whole', () => {
  const files = ['.', 'docs/perf-data', '..', '/elsewhere/report.json'].map((file) => shownPath(path.resolve(file)));

  expect(files).toEqual(['.', path.join('docs', 'perf-data'), path.resolve('..'), path.resolve('/elsewhere/report.json')]);
});
