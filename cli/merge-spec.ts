// calibrate --spec: what a person wrote wins over what was fitted, column by column and reference by reference.

import { readTextFile } from '../core/files.ts';
import { normaliseTableKey } from '../core/identifiers.ts';
import { keepMarginals } from '../spec/keep-marginals.ts';
import { namedRecord } from '../spec/named-record.ts';
import { checkDocument, parseYamlText } from '../spec/parse-document.ts';
import { type Spec, specSchema } from '../spec/spec.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * The fitted spec's text with the base's parts over it. Whole columns and references are replaced, never mixed: half of
 * one distribution and half of another is neither. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID.
 */
export function mergeSpecText(fitted: string, baseFile: string, formatSpec: (spec: Spec) => string): string {
  const base = normaliseTables(membersOf(parseYamlText(readTextFile(baseFile), 'spec', baseFile)));
  const merged = mergeSpecs(membersOf(parseYamlText(fitted, 'spec', 'the fitted spec')), base);
  return formatSpec(checkDocument(specSchema, merged, 'spec', baseFile));
}

/** The two documents joined; neither is changed. */
export function mergeSpecs(fitted: Members, base: Members): Members {
  // The structure is what was measured now, not what the base was measured on.
  const structure = fitted.structure === undefined ? {} : { structure: fitted.structure };
  const tables = mergeMembers(fitted.tables, base.tables, mergeTables);
  return {
    ...fitted,
    ...base,
    ...structure,
    tables: keepFittedMarginals(membersOf(fitted.tables), membersOf(base.tables), tables),
  };
}

/** Fitted marginals say what they said, of the columns that are there now. */
function keepFittedMarginals(fitted: Members, base: Members, merged: Members): Members {
  const tables = namedRecord(Object.entries(merged).map(([key, table]) => [key, membersOf(table)] as const));
  return namedRecord(
    Object.entries(tables).map(([key, table]) => {
      const isFitted = !hasMarginals(membersOf(base[key])) && hasMarginals(table);
      return [key, isFitted ? { ...table, ...keepMarginals(key, fitted, tables) } : table] as const;
    }),
  );
}

function hasMarginals(table: Members): boolean {
  return table.axes !== undefined || table.marginals !== undefined;
}

function mergeTables(fitted: Members, base: Members): Members {
  const replace = (_fitted: Members, member: Members) => member;
  // Half of the axes and half of the marginals would fit nowhere.
  const { axes: _, marginals: __, ...others } = fitted;
  return {
    ...(hasMarginals(base) ? others : fitted),
    ...base,
    columns: mergeMembers(fitted.columns, base.columns, replace),
    references: mergeMembers(fitted.references, base.references, replace),
  };
}

function mergeMembers(fitted: unknown, base: unknown, merge: (fitted: Members, base: Members) => Members): Members {
  const joined = new Map(Object.entries(membersOf(fitted)));
  for (const [name, member] of Object.entries(membersOf(base))) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? member : merge(membersOf(before), membersOf(member)));
  }
  return namedRecord(joined);
}

/** Keys of tables in their one spelling, so that `users` of the base meets `public.users`. */
function normaliseTables(base: Members): Members {
  if (base.tables === undefined) return base;
  const tables = Object.entries(membersOf(base.tables)).map(([key, table]) => [normaliseTableKey(key), table] as const);
  return { ...base, tables: namedRecord(tables) };
}

/** The value's members; of anything that is no object: none, so that the schema reports it after the merge. */
function membersOf(value: unknown): Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}
