// A spec as YAML that a person edits: block style for what has a name, one row of short lists for bins and points, a header
// that says how. The yaml package would put every bin on a line of its own, so the text is laid out here; parseSpec reads it back.
import type { Spec } from './spec.ts';
import { formatStructure } from './structure-text.ts';

const WIDTH = 110;
const INDENT = 2;

const HEADER = `# A shapecast spec: what to generate. Edit it by hand, then run shapecast generate --spec THIS --band dev --seed S.
#   rows          count at the band's scale 1; growth: fixed does not grow. Or bands: {dev: 5000, ...} for exact numbers.
#   references    fanOut: children per parent, parents without children included.
#   levels        of a reference of a table to itself: weights of the tree's levels, roots first.
#   distribution  family: constant, uniform, normal, logNormal, exponential, powerLaw, zipf, geometric, empirical, quantiles,
#                 mixture. empirical bins are [from, to, weight] with from <= value < to.
#   axes          what marginals count over: coarse classes of a column, of children per parent, of places in the heap. Class 0 is NULL,
#                 1 no listed label, 2 the first class proper: below the first of the cuts, or the first of the labels.
#   marginals     how two axes go together: cells are "class class count", with commas between them. Only proportions matter.
#   repeats       how often values repeat. rows: [from, to, n]: n values have from <= rows < to each; values: [from, to, n]: n different ones
#                 from <= value < to. Numbers of the source: a copy of another size has as many new values as those with one row foretell.
#   statistics    of a table: [{ name, columns, kinds }], kinds among ndistinct, dependencies, mcv: what load makes by CREATE STATISTICS.
#   because       why a number is what it is. Nothing reads it but people; change or delete it when you change the number.
#   structure     what the source looked like: generate compares it with the target. Change it where a difference is wanted.
#   unsupported   a column that generate cannot make: write {kind: constant, value: ...}, or leave the column out of the source's pack.
`;

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** YAML text with a trailing newline; parseSpec(formatSpec(spec)) equals the spec. */
export function formatSpec(spec: Spec): string {
  const tables = Object.entries(spec.tables).map(([name, table]) => `\n${formatMember(name, table, INDENT)}`);
  const { tables: _, structure, ...head } = spec;
  const body = tables.length === 0 ? 'tables: {}\n' : `tables:\n${tables.join('').replace(/^\n/, '')}`;
  return `${HEADER}${formatMembers(head, 0)}${body}${structure === undefined ? '' : `\n${formatStructure(structure)}`}`;
}

function formatMembers(members: { readonly [key: string]: Plain | undefined }, indent: number): string {
  return Object.entries(members)
    .map(([key, value]) => (value === undefined ? '' : formatMember(key, value, indent)))
    .join('');
}

/** `key: value` with its newline; what does not fit the line goes below, further in. */
function formatMember(key: string, value: Plain, indent: number): string {
  const lead = `${' '.repeat(indent)}${formatScalar(key, true)}:`;
  if (typeof value === 'string' && lead.length + value.length >= WIDTH && CELLS.test(value))
    return foldCells(lead, value, indent + INDENT);
  if (value === null || typeof value !== 'object') return `${lead} ${formatScalar(value, false)}\n`;
  const flow = formatFlow(value);
  if (lead.length + 1 + flow.length <= WIDTH && (isList(value) || isShort(value))) return `${lead} ${flow}\n`;
  if (!isList(value)) return `${lead}\n${formatMembers(value, indent + INDENT)}`;
  if (value.every((item) => item !== null && typeof item === 'object' && !isList(item) && !isShort(item))) {
    return `${lead}\n${value.map((item) => formatItem(item, indent + INDENT)).join('')}`;
  }
  return `${lead}\n${wrapList(value, indent + INDENT)}`;
}

/** A list item that is itself a block: the first member after the dash. */
function formatItem(item: Plain, indent: number): string {
  if (item === null || typeof item !== 'object' || isList(item)) return `${' '.repeat(indent)}- ${formatFlow(item)}\n`;
  const block = formatMembers(item, indent + INDENT);
  return `${' '.repeat(indent)}- ${block.slice(indent + INDENT)}`;
}

/** Numbers in a folded scalar: the reader puts a space where a line ends. */
function foldCells(lead: string, value: string, indent: number): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = margin;
  for (const cell of value.split(', ')) {
    if (line.length + cell.length + 2 > WIDTH && line !== margin) {
      lines.push(line.trimEnd());
      line = margin;
    }
    line += `${cell}, `;
  }
  return `${lead} >-\n${[...lines, line.slice(0, -2)].join('\n')}\n`;
}

/** Many short items a line, inside one pair of brackets. */
function wrapList(items: readonly Plain[], indent: number): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = `${margin}[`;
  items.forEach((item, index) => {
    const text = `${formatFlow(item)}${index === items.length - 1 ? ']' : ','}`;
    if (line.length + 1 + text.length > WIDTH && line.trim() !== '[') {
      lines.push(line);
      line = `${margin} ${text}`;
    } else line += line.endsWith('[') && lines.length === 0 && index === 0 ? text : ` ${text}`;
  });
  return `${[...lines, line].join('\n')}\n`;
}

/** A map is written on one line when it holds no prose, no cells of a marginal and no lists of lists. */
function isShort(value: Exclude<Plain, string | number | boolean | null>): boolean {
  if (isList(value)) return value.every((item) => item === null || typeof item !== 'object');
  return !('because' in value) && !('cells' in value) && Object.values(value).every((member) => isSimple(member));
}

function isSimple(value: Plain | undefined): boolean {
  if (value === undefined || value === null || typeof value !== 'object') return true;
  return isList(value) ? value.every((item) => item === null || typeof item !== 'object') : isShort(value);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function formatFlow(value: Plain): string {
  if (value === null || typeof value !== 'object') return formatScalar(value, true);
  if (isList(value)) return `[${value.map(formatFlow).join(', ')}]`;
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [`${formatScalar(key, true)}: ${formatFlow(member)}`],
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Words that some reader of YAML takes for something else than text. */
const RESERVED = /^(null|true|false|yes|no|on|off|y|n|nan|inf)$/i;
/** Cells of a marginal as normaliseCells spells them. */
const CELLS = /^[0-9.e+]+( [0-9.e+]+)*(, [0-9.e+]+( [0-9.e+]+)*)*$/;
const PLAIN_WORD = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const PLAIN_PROSE = /^[A-Za-z][A-Za-z0-9 _.,;()/%+=<>-]*[A-Za-z0-9_.)%]$/;
const PLAIN_DAY = /^\d{4}-\d{2}-\d{2}(T\d{2})?$/;

function formatScalar(value: string | number | boolean | null, isInFlow: boolean): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '0' : String(value);
  const isPlain = PLAIN_WORD.test(value) || PLAIN_DAY.test(value) || (!isInFlow && PLAIN_PROSE.test(value));
  // JSON's strings are YAML's double-quoted ones.
  return isPlain && !RESERVED.test(value) ? value : JSON.stringify(value);
}
