// Reads schema SQL as psql would, far enough to keep to what a server understands in one transaction: psql's own commands, rows
// in COPY blocks and transaction control are found outside strings, quoted names, comments and function bodies.
import { ShapecastError } from '../core/errors.ts';

// What hides a backslash or a semicolon, longest first; the dollar tag is closed by itself.
const HIDDEN = [
  /--[^\n]*|\/\*/,
  /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/,
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/,
  /'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"/,
];
const DOLLAR_TAG = /^\$(?:[^\d$][^$]*)?\$$/;
const STARTS_HIDDEN = new RegExp(`^(?:${HIDDEN.map((pattern) => pattern.source).join('|')})`);
const TOKEN = [...HIDDEN, /[\w\u0080-\uffff$]+|[\s\S]/].map((pattern) => pattern.source).join('|');

interface Statement {
  /** Line of the first word, from 1. */
  readonly line: number;
  /** Words and signs outside hidden parts, lower case, single spaces. */
  readonly outline: string;
}

/** The text without pg_dump's lines for psql alone, all others in place. Throws SCHEMA_UNSUPPORTED with the line of what cannot be run. */
export function prepareSchemaText(text: string): string {
  const prepared = dropClientLines(text);
  let isInBody = false;
  for (const statement of outlineStatements(prepared)) {
    const endsBody: boolean = isInBody && /^end\b/.test(statement.outline);
    isInBody = !endsBody && (isInBody || /\bbegin atomic\b/.test(statement.outline));
    if (endsBody) continue;
    const reason = reasonToRefuse(statement.outline);
    if (reason !== null) throw new ShapecastError('SCHEMA_UNSUPPORTED', { line: statement.line, reason });
  }
  return prepared;
}

// pg_dump writes the pair since August 2025 so that psql takes no command from hostile names; it means nothing to a server.
// transaction_timeout is unknown before 17, where psql would go on after the error; 0 is the default anyway.
function dropClientLines(text: string): string {
  return text.replace(/^(?:\\(?:un)?restrict [0-9A-Za-z]+|SET transaction_timeout = 0;)[ \t]*\r?$/gm, '');
}

function reasonToRefuse(outline: string): string | null {
  if (outline.includes('\\')) return 'it holds a command of psql (a backslash)';
  if (/^copy .*from stdin\b/.test(outline)) return 'it holds a COPY block with rows';
  if (/^(begin|start transaction|commit|rollback|abort|end|prepare transaction)\b/.test(outline))
    return 'it begins or ends a transaction itself';
  return null;
}

function* outlineStatements(text: string): Generator<Statement> {
  let line = 1;
  let start = 1;
  let words: string[] = [];
  for (const token of tokens(text)) {
    if (token === ';') {
      yield { line: start, outline: words.join(' ') };
      words = [];
    } else if (isWordOrSign(token)) {
      if (words.length === 0) start = line;
      words.push(token.toLowerCase());
    }
    line += countNewlines(token);
  }
  if (words.length > 0) yield { line: start, outline: words.join(' ') };
}

function isWordOrSign(token: string): boolean {
  return token.trim() !== '' && !STARTS_HIDDEN.test(token);
}

function countNewlines(token: string): number {
  return token.split('\n').length - 1;
}

function* tokens(text: string): Generator<string> {
  const pattern = new RegExp(TOKEN, 'gy');
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) return;
    if (match[0] === '/*') pattern.lastIndex = endOfComment(text, from);
    else if (DOLLAR_TAG.test(match[0])) pattern.lastIndex = endOfDollarQuote(text, match[0], pattern.lastIndex);
    yield text.slice(from, pattern.lastIndex);
  }
}

// Comments nest in PostgreSQL.
function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function endOfDollarQuote(text: string, tag: string, from: number): number {
  const end = text.indexOf(tag, from);
  return end < 0 ? text.length : end + tag.length;
}
