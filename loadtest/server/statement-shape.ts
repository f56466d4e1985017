// Two texts of one statement, one from a workload file and one from pg_stat_statements, look alike without what differs between them:
// comments, literals, parameters, spaces and case.

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<literal>[eEbBxXnN]?'(?:[^'\\]|''|\\.)*'|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|\$\d+|\b\d+(?:\.\d*)?(?:e[+-]?\d+)?\b|\b(?:true|false|null)\b)|(?<name>"(?:[^"]|"")*")|(?<space>\s+)|(?<rest>[^\s'"$/-]+?(?=\b|\W|$)|.)/giu;

// The server takes a sign before a number for a part of it, and (since 18) a list of literals for one.
const SIGN = /((?:^|[(,=<>+*/%-]|\b(?:select|where|and|or|not|between|in|like|limit|offset|when|then|else|by)\b) ?)- ?\?/g;

/** The statement with ? for every literal and parameter; for comparing alone, and it holds no literal. */
export function statementShape(sql: string): string {
  let shape = '';
  for (const { 0: text, groups } of sql.matchAll(TOKEN)) {
    if (groups?.comment !== undefined || groups?.space !== undefined) shape += ' ';
    else if (groups?.literal !== undefined) shape += '?';
    else shape += groups?.name === undefined ? text.toLowerCase() : text;
  }
  return shape
    .replace(/;\s*$/, '')
    .replace(/\s+/g, ' ')
    .replace(SIGN, '$1?')
    .replace(/ ?([(),=<>+*/:-]) ?/g, '$1')
    .replace(/\?(,\?)+/g, '?')
    .trim();
}
