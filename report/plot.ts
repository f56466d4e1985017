// Pictures by Observable Plot as SVG text: drawn without a browser, no script, in colours that follow the page's light or dark theme.
// Names inside come from outside: linkedom escapes text between tags, and the one attribute that holds a name is escaped here.
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from './html.ts';

/** The page's colours for series, which its style sheet has for light and dark; `currentColor` is the text's. */
export const SERIES_COLOURS = [
  'var(--series-1)',
  'var(--series-2)',
  'var(--series-3)',
  'var(--series-4)',
  'var(--series-5)',
] as const;

/** What Plot takes, without what would make HTML around the picture (title, legend) or needs a browser. */
export type Picture = Omit<
  PlotOptions,
  'document' | 'title' | 'subtitle' | 'caption' | 'figure' | 'ariaLabel' | 'ariaDescription'
> & {
  /** Read out instead of the picture. */
  readonly name: string;
};

const MEASURES = ['x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'width', 'height', 'd', 'points', 'transform'];

/** One SVG element, for a page by `htmlPage`. The same options give the same text. */
export function plotSvg({ name, ...options }: Picture): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ ...options, document, figure: false });
  // The page's own style sheet has what is needed of it.
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of svg.querySelectorAll('*'))
    for (const measure of MEASURES) {
      const text = element.getAttribute(measure);
      if (text !== null) element.setAttribute(measure, shorten(text));
    }
  return svg.outerHTML.replace('<svg ', `<svg role="img" aria-label="${escapeHtml(name)}" `);
}

/** Hundredths of a pixel are enough, and half of the text. */
function shorten(text: string): string {
  return text.replace(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
