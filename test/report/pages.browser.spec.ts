// The pages in a real browser: they show what the documents say, load nothing, fit a telephone and a screen, and print.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { runReport } from '../../report/run-report.ts';
import { comparisonSchema } from '../../spec/compare.ts';
import { explanationSchema } from '../../spec/explanation.ts';
import { loadResultSchema } from '../../spec/load-result.ts';
import { reportSchema } from '../../spec/report.ts';
import { runRecordSchema } from '../../spec/run-record.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';
import { overflow, shownPictures, startBrowser, VIEWPORTS, visit } from '../support/browser.ts';
import { withDatabase } from '../support/database.ts';
import { type DocumentedRun, documentRun } from '../support/documented-run.ts';
import { HOSTILE_NAME, makeRunDocuments } from './run-documents.ts';

let browser: Browser;
let bench: TestBench;
let run: DocumentedRun;
/** What the browser showed of the gateway while it ran. */
let answer: { status: number | undefined; text: string; asked: unknown };

beforeAll(async () => {
  browser = await startBrowser();
  bench = createBench();
  await withDatabase('', async (url) => {
    run = await documentRun(bench, url, async (address) => {
      const { page } = await visit(browser, `${address}/health`, 1280);
      const response = await page.goto(`${address}/queries/message-history?conversation=hot`);
      answer = {
        status: response?.status(),
        text: await page.locator('body').innerText(),
        asked: await (await fetch(`${address}/queries/message-history?conversation=hot`)).json(),
      };
    });
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  bench?.remove();
});

/** The pages that a run leaves, and how many pictures each shows. */
const PAGES = [
  { name: 'report', file: () => run.page, pictures: 5 },
  { name: 'load test', file: () => run.loadPage, pictures: 3 },
] as const;

const cases = PAGES.flatMap((page) => VIEWPORTS.map((width) => ({ ...page, width })));

test.each(cases)('the page of the $name at $width pixels: no error, no request, no overflow, every picture', async (each) => {
  const { offences, page } = await visit(browser, pathToFileURL(each.file()).href, each.width);
  const pictures = await shownPictures(page);

  expect(offences).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(pictures).toHaveLength(each.pictures);
  for (const { height, name, width } of pictures) expect([name, width > 250, height > 40]).toEqual([name, true, true]);
  await page.close();
});

test.each(PAGES)('the page of the $name prints', async ({ file }) => {
  const { page } = await visit(browser, pathToFileURL(file()).href, 1280);
  const pdf = await page.pdf({ format: 'A4' });

  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(10_000);
  await page.close();
});

test('the report shows the figures of its documents', async () => {
  const read = (name: Parameters<DocumentedRun['file']>[0]): unknown => JSON.parse(fs.readFileSync(run.file(name), 'utf8'));
  const report = reportSchema.parse(read('report'));
  const record = runRecordSchema.parse(read('run'));
  const comparison = comparisonSchema.parse(read('comparison'));
  const explanation = explanationSchema.parse(read('explanation'));
  const [stage] = loadResultSchema.parse(read('load')).stages;
  const count = (value: number) => value.toLocaleString('en-US');
  const { page } = await visit(browser, pathToFileURL(run.page).href, 1280);
  const cards = await page.locator('nav a').allInnerTexts();
  const rowOf = (section: string, name: string) =>
    page.locator(`#${section} > .scroll tr:visible`, { has: page.getByText(name, { exact: true }) }).first();

  expect(cards.map((card) => card.split('\n')[0])).toEqual(['Generated', 'Integrity', 'Fidelity', 'Plans', 'Load']);
  expect(cards[0]).toContain(`✓ ${count(report.rowsLoaded)} rows`);
  expect(cards[1]).toContain(`${record.verdicts.filter(({ passed }) => passed).length} of ${record.verdicts.length} checks`);
  for (const id of [report.planId, report.fingerprint]) expect(await page.locator('header').getByText(id).isVisible()).toBe(true);
  for (const { name, rows } of report.tables) expect(await rowOf('generated', name).innerText()).toContain(count(rows));
  for (const { candidateRows, table } of comparison.tables.filter(({ isJudged }) => isJudged))
    expect(await rowOf('fidelity', table).innerText()).toContain(count(candidateRows ?? 0));
  for (const query of explanation.queries) {
    const row = await rowOf('plans', query.binding === '' ? query.name : `${query.name} (${query.binding})`).innerText();
    expect(row).toContain(query.figures?.p50Ms.toFixed(2));
  }
  expect(await page.locator('#load').innerText()).toContain(`${count(stage?.answered ?? 0)} in `);
  expect(await page.locator('#integrity figure svg:visible').getAttribute('aria-label')).toContain('Children per parent');
  await page.close();
});

test('what is folded opens without a script, and a table that is wider than a telephone scrolls by itself', async () => {
  const { page } = await visit(browser, pathToFileURL(run.page).href, 390);
  const plans = page.locator('details', { hasText: 'All plans' });
  await plans.locator('summary').click();
  const table = page.locator('#plans > .scroll').first();
  await table.evaluate((element) => element.scrollTo(10_000, 0));

  expect(await plans.locator('pre').first().isVisible()).toBe(true);
  expect(await table.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  expect(await overflow(page)).toBe(0);
  await page.close();
});

test.each(VIEWPORTS)('hostile names are text at %d pixels', async (width) => {
  const file = path.join(bench.folder, `hostile-${width}.html`);
  fs.writeFileSync(file, runReport(makeRunDocuments(HOSTILE_NAME)).html);
  const { offences, page } = await visit(browser, pathToFileURL(file).href, width);
  await page.waitForTimeout(100);

  expect(offences).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(await page.locator('h1').innerText()).toContain(HOSTILE_NAME.replace('\u202e', '⟨U+202E⟩'));
  expect(await page.locator('script, img').count()).toBe(0);
  expect(await shownPictures(page)).toHaveLength(5);
  await page.close();
});

test('the gateway answers a browser with JSON', () => {
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual(answer.asked);
  expect(answer.asked).toMatchObject({ rows: expect.arrayContaining([expect.objectContaining({ id: expect.anything() })]) });
});
