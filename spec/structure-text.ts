// The structure in a spec's YAML: one run of `column: type` per table, wrapped, because nobody edits it often and a schema of 500
// tables would drown the rest.
import type { Structure } from './structure.ts';

const WIDTH = 110;

/** The block `structure:` with its newline. */
export function formatStructure({ tables, enums }: Structure): string {
  const members = Object.entries(tables).map(([name, { columns, keys }]) => {
    const pairs = Object.entries(columns).map(([column, text]) => `${scalar(column)}: ${scalar(text)}`);
    const keyLines = keys.length === 0 ? '' : wrap('      keys: [', keys.map(scalar), ']');
    return `    ${scalar(name)}:\n${pairs.length === 0 ? '      columns: {}\n' : wrap('      columns: { ', pairs, ' }')}${keyLines}`;
  });
  const labels = Object.entries(enums).map(([name, values]) => wrap(`    ${scalar(name)}: [`, values.map(scalar), ']'));
  const body = members.length === 0 ? '  tables: {}\n' : `  tables:\n${members.join('')}`;
  return `structure:\n${body}${labels.length === 0 ? '' : `  enums:\n${labels.join('')}`}`;
}

/** Items after the lead, separated by commas, continued further in where the line is full. */
function wrap(lead: string, items: readonly string[], close: string): string {
  const margin = ' '.repeat(lead.length - lead.trimStart().length + 2);
  const lines: string[] = [];
  let line = lead;
  items.forEach((item, at) => {
    const text = at === items.length - 1 ? `${item}${close}` : `${item},`;
    if (at > 0 && line.length + 1 + text.length > WIDTH) {
      lines.push(line);
      line = `${margin}${text}`;
    } else line += at === 0 ? text : ` ${text}`;
  });
  return `${[...lines, items.length === 0 ? `${lead}${close}` : line].join('\n')}\n`;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_.]*( ?\([A-Za-z0-9_]+\))?( [a-z]+)*$/;
const RESERVED = /^(null|true|false|yes|no|on|off|y|n|nan|inf|\.nan|\.inf)$/i;

function scalar(text: string): string {
  // JSON's strings are YAML's double-quoted ones.
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}
