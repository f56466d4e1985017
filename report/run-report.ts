// The page of a run: what was made, whether it holds, how near its shape is, how its queries are planned, what load it bears. One file
// without a script, from the documents that the commands left.
import { escapeHtml, htmlPage } from './html.ts';
import type { RunDocuments } from './run/documents.ts';
import { listDoubts, refuseMixed } from './run/doubts.ts';
import { fidelitySection } from './run/fidelity.ts';
import { generatedSection } from './run/generated.ts';
import { integritySection } from './run/integrity.ts';
import { loadSection } from './run/load.ts';
import { factList, pointList, type ReportSection } from './run/parts.ts';
import { plansSection } from './run/plans.ts';
import { RUN_STYLE } from './run/style.ts';

export type { RunDocuments } from './run/documents.ts';

export interface RunReport {
  readonly html: string;
  /** Titles of its sections, in their order. */
  readonly sections: readonly string[];
  /** Why the documents may not belong together; the page tells them too. */
  readonly doubts: readonly string[];
}

/** The page. Throws REPORT_MIXED when report and run record are not of one plan. */
export function runReport(documents: RunDocuments): RunReport {
  refuseMixed(documents);
  const sections = listSections(documents);
  const doubts = listDoubts(documents);
  const title = titleOf(documents);
  const body = [
    `<header><p class="kind">shapecast run report</p><h1>${escapeHtml(title)}</h1>${subtitle(documents)}</header>`,
    `<nav aria-label="Sections">${sections.map(card).join('\n')}</nav>`,
    '<main>',
    ...sections.map(sectionHtml),
    '</main>',
    pageFoot(documents, doubts),
  ].join('\n');
  return { html: htmlPage(`${title}: run report`, body, RUN_STYLE), sections: sections.map((section) => section.title), doubts };
}

function listSections({ comparison, explanation, load, report, run }: RunDocuments): ReportSection[] {
  return [
    ...(report === null ? [] : [generatedSection(report)]),
    ...(run === null ? [] : [integritySection(run)]),
    ...(comparison === null ? [] : [fidelitySection(comparison)]),
    ...(explanation === null ? [] : [plansSection(explanation)]),
    ...(load === null ? [] : [loadSection(load)]),
  ];
}

/** What report and run record both say of the run; null where neither is given. */
function identityOf({ report, run }: RunDocuments) {
  return report ?? run?.report ?? null;
}

function titleOf(documents: RunDocuments): string {
  const identity = identityOf(documents);
  if (identity !== null) return `${identity.spec}, ${identity.band}${identity.scale === 1 ? '' : ` x ${identity.scale}`}`;
  return documents.load?.scenario ?? 'A database';
}

function subtitle(documents: RunDocuments): string {
  const identity = identityOf(documents);
  if (identity === null) return '';
  const { fingerprint, planId, seed } = identity;
  return factList([
    ['seed', seed],
    ['plan', planId],
    ['fingerprint', fingerprint],
  ]);
}

const SIGNS = { met: '✓', missed: '✗', none: '·' } as const;

function card({ headline, id, remark, title, verdict }: ReportSection): string {
  return `<a class="card ${verdict}" href="#${escapeHtml(id)}"><span>${escapeHtml(title)}</span><strong>${SIGNS[verdict]} ${escapeHtml(headline)}</strong><small>${escapeHtml(remark)}</small></a>`;
}

function sectionHtml({ body, headline, id, title, verdict }: ReportSection): string {
  return `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)} <span class="${verdict}">${SIGNS[verdict]} ${escapeHtml(headline)}</span></h2>\n${body}\n</section>`;
}

const DOCUMENTS = {
  report: 'what was generated (generate)',
  run: 'integrity (load)',
  comparison: 'fidelity (compare)',
  explanation: 'plans (explain)',
  load: 'load (loadtest)',
} as const;

function pageFoot(documents: RunDocuments, doubts: readonly string[]): string {
  const absent = (Object.keys(DOCUMENTS) as (keyof RunDocuments)[]).filter((name) => documents[name] === null);
  const notes = [
    ...doubts,
    ...(absent.length === 0 ? [] : [`Not on this page: ${absent.map((name) => DOCUMENTS[name]).join(', ')}.`]),
  ];
  return notes.length === 0 ? '' : `<footer><h2>About this page</h2>${pointList(notes)}</footer>`;
}
