// Names of database objects: quoting, and the one text form of a table name that documents use as a key.
// The form is PostgreSQL's own (`public.users`, `chat."Weird.Name"`), so that it can be pasted into psql.
import { ShapecastError } from './errors.ts';

/** A table in a schema, names unquoted as the catalog stores them. */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** The identifier in double quotes, inner quotes doubled; safe in any SQL text. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`, safe in any SQL text. */
export function quoteQualified(table: QualifiedName): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}

const PLAIN = /^[a-z_][a-z0-9_$]*$/;

function formatPart(name: string): string {
  return PLAIN.test(name) ? name : quoteIdentifier(name);
}

/** The text key of a table in documents: parts are quoted only when they need it. Inverse of parseTableKey. */
export function formatTableKey(table: QualifiedName): string {
  return `${formatPart(table.schema)}.${formatPart(table.name)}`;
}

/** Reads a table key; a name without a schema means `public`. Throws NAME_INVALID for anything else than one or two parts. */
export function parseTableKey(text: string): QualifiedName {
  const parts = splitParts(text);
  const [first, second] = parts;
  if (first !== undefined && second === undefined && parts.length === 1) return { schema: 'public', name: first };
  if (first !== undefined && second !== undefined && parts.length === 2) return { schema: first, name: second };
  throw new ShapecastError('NAME_INVALID', { name: text });
}

/** The key as formatTableKey writes it, whatever spelling came in (`users` becomes `public.users`). */
export function normaliseTableKey(text: string): string {
  return formatTableKey(parseTableKey(text));
}

function splitParts(text: string): string[] {
  const parts: string[] = [];
  const pattern = /"((?:[^"]|"")+)"|([^".\s]+)/y;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return [];
    parts.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    at = pattern.lastIndex;
    if (at === text.length) return parts;
    if (text[at] !== '.') return [];
    at += 1;
  }
  return [];
}
