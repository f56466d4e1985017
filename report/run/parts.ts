// What the sections of a run's page are made of: a headline with its verdict, facts, tables that scroll by themselves, pictures in two widths.
import { type Cell, escapeHtml, htmlTable } from '../html.ts';

/** met and missed: it was judged. none: it tells, and judges nothing. */
export type SectionVerdict = 'met' | 'missed' | 'none';

export interface ReportSection {
  /** Of its anchor. */
  readonly id: string;
  readonly title: string;
  readonly verdict: SectionVerdict;
  /** The one thing to know, in a few words. Text. */
  readonly headline: string;
  /** A second line below it. Text. */
  readonly remark: string;
  /** HTML. */
  readonly body: string;
}

export type Row = readonly Cell[];

/** A cell of a number. */
export function figure(text: string): Cell {
  return { text, classes: 'figure' };
}

/** A cell that tells whether something holds. */
export function verdict(isMet: boolean): Cell {
  return isMet ? { text: '✓', classes: 'met' } : { text: '✗', classes: 'missed' };
}

/** Heads of a table: `#` before a name is for a column of numbers. */
export function heads(...names: readonly string[]): Row {
  return names.map((name) => (name.startsWith('#') ? figure(name.slice(1)) : { text: name }));
}

/** A table with its caption; scrolls sideways where the screen is narrow. Empty for no rows. */
export function dataTable(caption: string, head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const name = escapeHtml(caption);
  // Reached by the keyboard, or nobody without a mouse could scroll it.
  return `<h3>${name}</h3>\n<div class="scroll" role="region" tabindex="0" aria-label="${name}">${htmlTable(head, rows)}</div>`;
}

/** Pairs of a name and what it is; a long digest has a line of its own. */
export function factList(facts: readonly (readonly [name: string, value: string])[]): string {
  const items = facts.map(([name, value]) => {
    const [wide, code] = /^[0-9a-f]{32,}$/.test(value) ? [' class="whole"', ' class="code"'] : ['', ''];
    return `<div${wide}><dt>${escapeHtml(name)}</dt><dd${code}>${escapeHtml(value)}</dd></div>`;
  });
  return `<dl class="facts">${items.join('')}</dl>`;
}

/** Points of a list. Empty for none. */
export function pointList(points: readonly string[], classes = ''): string {
  if (points.length === 0) return '';
  return `<ul class="${escapeHtml(classes)}">${points.map((point) => `<li>${escapeHtml(point)}</li>`).join('')}</ul>`;
}

/** HTML that is closed on the screen until it is asked for; paper shows it. Empty for an empty body. */
export function folded(summary: string, body: string): string {
  return body === '' ? '' : `<details><summary>${escapeHtml(summary)}</summary>${body}</details>`;
}

/** Widths of a picture: of a page and of a telephone. Text has the same size in both, so each is drawn by itself. */
export const PICTURE_WIDTHS = { wide: 900, narrow: 358 } as const;

/** A picture with its legend, in both widths; the style sheet shows one. `draw` gives SVG, or nothing. */
export function pictureOf(caption: string, legend: string, draw: (width: number) => string): string {
  const wide = draw(PICTURE_WIDTHS.wide);
  if (wide === '') return '';
  const narrow = draw(PICTURE_WIDTHS.narrow);
  return `<figure><figcaption><strong>${escapeHtml(caption)}</strong> ${legend}</figcaption>
<div class="wide">${wide}</div><div class="narrow">${narrow}</div></figure>`;
}

/** A mark of a legend beside its word; the mark's look is a class of the style sheet. */
export function legendMark(mark: 'bar' | 'quiet-bar' | 'tick' | 'dot' | 'other-dot' | 'line', word: string): string {
  return `<span class="legend"><i class="mark-${mark}"></i>${escapeHtml(word)}</span>`;
}

/** Of two forms of a word the one for the count: `1 table`, `2 tables`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A figure of a measurement, at most three digits behind the point and four in all; whole numbers in groups. */
export function measured(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `2026-01-31 12:00:00 to 12:00:09 UTC`; texts that are no moments stay as they are. */
export function timeSpan(startedAt: string, completedAt: string): string {
  const [from, to] = [startedAt, completedAt].map((moment) => new Date(moment));
  if (from === undefined || to === undefined || Number.isNaN(from.getTime() + to.getTime()))
    return `${startedAt} to ${completedAt}`;
  const [day, time] = dayAndTime(from);
  const [lastDay, lastTime] = dayAndTime(to);
  return `${day} ${time} to ${day === lastDay ? '' : `${lastDay} `}${lastTime} UTC`;
}

function dayAndTime(moment: Date): [day: string, time: string] {
  const text = moment.toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}
