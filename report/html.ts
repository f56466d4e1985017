// HTML as text. Everything that goes in passes `escapeHtml`: names of tables and queries come from outside.
import { showControls } from './show-controls.ts';

/** Safe between tags and in double-quoted attributes, in HTML and SVG. What cannot be seen in a name is shown by its number. */
export function escapeHtml(text: string): string {
  return showControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

// Colours have names, for light and dark; the printed page is light. Pictures take theirs from here too.
const STYLE = `
  :root { color-scheme: light dark; --text: #1c2126; --paper: #fff; --rule: #dde2e6; --strong-rule: #8a949e;
    --good: #1a6b3c; --bad: #a3261d; --quiet: #66717b; --bar: #5b8db8; --bad-bar: #d1705f;
    --series-1: #2b6ca3; --series-2: #b36b00; --series-3: #b3362b; --series-4: #6f4aa5; --series-5: #3b7d4f; }
  @media screen and (prefers-color-scheme: dark) {
    :root { --text: #e3e7eb; --paper: #14181c; --rule: #333b43; --strong-rule: #717c87;
      --good: #6bc98f; --bad: #f0897c; --quiet: #9aa5b0; --bar: #5b8db8; --bad-bar: #c8614f;
      --series-1: #6fb1e6; --series-2: #e8a33d; --series-3: #f0897c; --series-4: #b79bea; --series-5: #7cc795; }
  }
  body { font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; }
  th { border-bottom: 2px solid var(--strong-rule); } td { border-bottom: 1px solid var(--rule); }
  td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .met { color: var(--good); } .missed { color: var(--bad); } .notMeasured { color: var(--quiet); }
  details { margin: .4rem 0; } summary { cursor: pointer; } pre { margin: .3rem 0; font-size: 12px; white-space: pre-wrap; }
  .plans { display: flex; gap: 1.5rem; flex-wrap: wrap; } .plans > div { flex: 1 1 26rem; }
  svg { max-width: 100%; height: auto; display: block; } svg text { white-space: pre; }
  .legend { margin: .1rem 0 .6rem; font-size: 12px; }
  @media screen and (max-width: 640px) { table { display: block; overflow-x: auto; } }
  @media print { body { margin: 0; max-width: none; font-size: 11px; } details, tr, svg { break-inside: avoid; } }
`;

/** A whole page that needs nothing else: no script, no font, no picture from elsewhere. `body` is HTML; `style` is a page's own, after the common one. */
export function htmlPage(title: string, body: string, style = ''): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export interface Cell {
  readonly text: string;
  /** Class names: `figure`, `met`, `missed`, `notMeasured`. */
  readonly classes?: string;
}

/** A table of escaped cells. */
export function htmlTable(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (tag: 'th' | 'td') => (each: Cell) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${each.classes === undefined ? '' : ` class="${escapeHtml(each.classes)}"`}>${escapeHtml(each.text)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  return `<table>\n<thead><tr>${head.map(cell('th')).join('')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}
