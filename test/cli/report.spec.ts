// report: which documents it takes, what it refuses, where the page goes.
import fs from 'node:fs';
import path from 'node:path';
import { makeRunDocuments } from '../report/run-documents.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;

beforeEach(() => {
  bench = createBench();
  const { comparison, explanation, load, report, run } = makeRunDocuments('public.orders');
  for (const [name, document] of Object.entries({ comparison, explanation, load, report, run }))
    fs.writeFileSync(path.join(bench.folder, `${name}.json`), JSON.stringify(document));
});
afterEach(() => bench.remove());

const page = () => fs.readFileSync(path.join(bench.folder, 'report.html'), 'utf8');

test('all documents make one page, whose place it prints', async () => {
  const files = [
    '--config',
    'report.json',
    '--run',
    'run.json',
    '--comparison',
    'comparison.json',
    '--explanation',
    'explanation.json',
    '--load',
    'load.json',
  ];
  const told = await bench.run(['report', ...files]);
  const again = await bench.run(['report', ...files]);
  const forced = await bench.run(['report', ...files, '--force', '--json']);

  expect(told).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('report.html: generated, integrity, fidelity, plans, load'),
  });
  expect(page()).toContain('12,345');
  expect(fs.statSync(path.join(bench.folder, 'report.html')).mode & 0o777).toBe(0o600);
  expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_EXISTS') });
  expect(JSON.parse(forced.stdout)).toMatchObject({
    file: expect.stringContaining('report.html'),
    sections: ['Generated', 'Integrity', 'Fidelity', 'Plans', 'Load'],
  });
});

test('no document, a document of another kind, and documents of two plans are mistakes, and leave no page', async () => {
  const run = JSON.parse(fs.readFileSync(path.join(bench.folder, 'run.json'), 'utf8')) as { report: object };
  fs.writeFileSync(
    path.join(bench.folder, 'other.json'),
    JSON.stringify({ ...run, report: { ...run.report, planId: 'cd'.repeat(32) } }),
  );

  expect(await bench.run(['report'])).toMatchObject({ status: 2, stderr: expect.stringContaining('at least one of --config') });
  expect(await bench.run(['report', '--run', 'report.json'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('DOCUMENT_INVALID'),
  });
  expect(await bench.run(['report', '--config', 'report.json', '--run', 'other.json'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('REPORT_MIXED'),
  });
  expect(fs.existsSync(path.join(bench.folder, 'report.html'))).toBe(false);
});
