// HTML as text. Everything that goes in passes `escapeHtml`: names of tables and queries come from outside.

/** Safe between tags and in double-quoted attributes, in HTML and SVG. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
  body { font: 14px/1.45 system-ui, sans-serif; color: #1c2126; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; }
  th { border-bottom: 2px solid #8a949e; } td { border-bottom: 1px solid #dde2e6; }
  td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .met { color: #1a6b3c; } .missed { color: #a3261d; } .notMeasured { color: #66717b; }
  details { margin: .4rem 0; } summary { cursor: pointer; } pre { margin: .3rem 0; font-size: 12px; white-space: pre-wrap; }
  .plans { display: flex; gap: 1.5rem; flex-wrap: wrap; } .plans > div { flex: 1 1 26rem; }
  svg { max-width: 100%; height: auto; }
  @media print { body { margin: 0; max-width: none; font-size: 11px; } details, tr, svg { break-inside: avoid; } }
`;

/** A whole page that needs nothing else: no script, no font, no picture from elsewhere. `body` is HTML. */
export function htmlPage(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
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
    `<${tag}${each.classes === undefined ? '' : ` class="${escapeHtml(each.classes)}"`}>${escapeHtml(each.text)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  return `<table>\n<thead><tr>${head.map(cell('th')).join('')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}
