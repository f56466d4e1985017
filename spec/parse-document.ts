// Documents from outside are parsed here and trusted afterwards. All faults of a document are reported at once, each
// with its path; the offending values are never repeated, because a pack or a hostile file may hold anything.
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { type Problem, ShapecastError } from '../core/errors.ts';

/** Dotted path of a fault, array positions as numbers: `marginals.3.cells.0`. Control characters are dropped. */
export function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => String(part).slice(0, 60)).join('.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a hostile key may hold terminal escapes
  return text.replace(/[\x00-\x1f\x7f]/g, '?') || '(document)';
}

/** The faults of a zod error, one per place; unknown keys are named one by one. */
export function listZodProblems(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: formatPath([...issue.path, key]), message: 'unknown key' }));
    }
    return [{ path: formatPath(issue.path), message: issue.message }];
  });
}

/**
 * The same for a document whose maps are named records (named-record.ts): names of tables and columns may be any, so no key is forbidden;
 * the schema makes every object anew and takes nothing along that it does not know.
 */
export function checkNamedDocument<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  document: string,
  file: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ShapecastError('DOCUMENT_INVALID', { document, file, problems: listZodProblems(result.error) });
}

/** The value checked by the schema. Throws DOCUMENT_INVALID with every fault. `file` is only for the message. */
export function checkDocument<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  document: string,
  file: string,
): z.output<Schema> {
  const problems = findForbiddenKeys(value);
  const result = schema.safeParse(value);
  if (!result.success) problems.push(...listZodProblems(result.error));
  if (problems.length > 0 || !result.success) throw new ShapecastError('DOCUMENT_INVALID', { document, file, problems });
  return result.data;
}

/** JSON text to a value, keeping `__proto__` as an ordinary key so that the schema can refuse it. Throws DOCUMENT_UNPARSABLE. */
export function parseJsonText(text: string, document: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the text around the fault, which may be anything: only say that it failed.
    throw new ShapecastError('DOCUMENT_UNPARSABLE', { document, file, reason: 'it is not JSON' });
  }
}

/** YAML or JSON text to a value; no custom tags, at most 100 aliases. Throws DOCUMENT_UNPARSABLE with the line. */
export function parseYamlText(text: string, document: string, file: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 100, schema: 'core', prettyErrors: false, strict: true }) as unknown;
  } catch (cause) {
    const at =
      cause !== null && typeof cause === 'object' && 'pos' in cause && Array.isArray(cause.pos) ? Number(cause.pos[0]) : 0;
    const line = text.slice(0, at).split('\n').length;
    throw new ShapecastError('DOCUMENT_UNPARSABLE', { document, file, reason: `it is not YAML (line ${line})` });
  }
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Keys that would reach an object's prototype, wherever they stand. Zod drops `__proto__` silently, so it is looked for here. */
export function findForbiddenKeys(value: unknown, path: readonly PropertyKey[] = []): Problem[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key];
    const below = findForbiddenKeys(member, here);
    return FORBIDDEN_KEYS.has(key) ? [{ path: formatPath(here), message: 'forbidden key' }, ...below] : below;
  });
}
