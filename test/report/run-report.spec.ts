// The page of a run: what the documents say is on it, names from outside stay text, and documents of two runs do not share a page.
import { parseHTML } from 'linkedom';
import { type RunDocuments, runReport } from '../../report/run-report.ts';
import { HOSTILE_NAME, makeRunDocuments } from './run-documents.ts';

const NONE: RunDocuments = { report: null, run: null, comparison: null, explanation: null, load: null };

function textOf(html: string): string {
  return parseHTML(html).document.body.textContent;
}

test('everything from outside is text: no tag, no script, no address that is loaded, no mark that turns the direction', () => {
  const { html } = runReport(makeRunDocuments(HOSTILE_NAME));

  const elements = [...parseHTML(html).document.querySelectorAll('*')];
  const attributes = elements.flatMap((element) => [...element.attributes].map(({ name, value }) => [name, value] as const));

  expect(elements.filter(({ localName }) => /^(script|img|iframe|object|link|base|form)$/.test(localName))).toEqual([]);
  expect(attributes.filter(([name]) => /^(on|src|srcset|xlink)/.test(name))).toEqual([]);
  expect(attributes.filter(([name, value]) => name === 'href' && !/^#[a-z]+$/.test(value))).toEqual([]);
  expect(html).not.toMatch(/\u202e|url\(|@import/);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('⟨U+202E⟩evil');
});

test('each section tells its verdict and its figures', () => {
  const { doubts, html, sections } = runReport(makeRunDocuments('public.orders'));
  const text = textOf(html);

  expect(sections).toEqual(['Generated', 'Integrity', 'Fidelity', 'Plans', 'Load']);
  for (const figure of [
    '12,345',
    '6,789 rows/s',
    '1 of 2 checks',
    '4,321 / 4,322',
    '0 of 1 table alike',
    '0.4321',
    '0 of 1 assertion',
    '777',
    'p99 77.3 ms',
  ])
    expect(text).toContain(figure);
  expect(text).toContain('Seq Scan on public.orders');
  expect(text).toContain('+ Sort by public.orders');
  expect(doubts.join(' ')).toContain('found 2,001 rows of public.orders, where 12,345 were made');
});

test('a page of one document has its section alone, and says what is not on it', () => {
  const { html, sections } = runReport({ ...NONE, load: makeRunDocuments('orders').load });

  expect(sections).toEqual(['Load']);
  expect(textOf(html)).toContain(
    'Not on this page: what was generated (generate), integrity (load), fidelity (compare), plans (explain).',
  );
});

test('each picture is there in both widths, with a name that is read out', () => {
  const { html } = runReport(makeRunDocuments('orders'));
  const pictures = [...html.matchAll(/<svg role="img" aria-label="([^"]+)"[^>]* width="(\d+)"/g)].map(([, name, width]) => [
    name,
    width,
  ]);

  expect(pictures.map(([, width]) => width)).toEqual(Array.from({ length: 5 }, () => ['900', '358']).flat());
  expect(new Set(pictures.map(([name]) => name)).size).toBe(5);
});

test.each(['planId', 'fingerprint'] as const)('a report and a run record of another %s are refused', (what) => {
  const { report, run } = makeRunDocuments('orders');
  const other = { ...run, report: { ...run.report, [what]: 'cd'.repeat(32) } };

  expect(() => runReport({ ...NONE, report, run: other })).toThrow(expect.objectContaining({ code: 'REPORT_MIXED' }));
});

test('what speaks against documents of one run is told: another run of the plan, another target, checks before the rows', () => {
  const { report, run } = makeRunDocuments('orders');
  const later = { ...report, runId: 'run-9', target: 'elsewhere', completedAt: '2026-02-01T00:00:00.000Z' };

  expect(runReport({ ...NONE, report: later, run }).doubts).toEqual([
    'The checks were made for another run of the same plan, run-1.',
    'The rows were made in elsewhere and checked in orders.',
    'The checks are older than the rows.',
  ]);
});
