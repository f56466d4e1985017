// Whether masked values stay unique where the source's are. A key is safe when every column of it keeps different values different, when
// one column is new for every row or NULL, or when it holds another key that is safe.
import type { Problem } from '../core/errors.ts';
import type { CatalogIndex } from '../postgres/catalog/catalog.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';

/**
 * same: the value stays. differs: different stays different. shuffled: the same values in other rows. each: every row has a value of its
 * own. null: never equal to anything. breaks: none of these.
 */
type Effect = 'same' | 'differs' | 'shuffled' | 'each' | 'null' | 'breaks';

/** Every key that the rules cannot keep, at the path of each column that breaks it. Pure. */
export function findKeyProblems(tables: readonly PlannedTable[]): Problem[] {
  return tables.flatMap((table) => {
    const keys = table.catalog.indexes.filter(({ isUnique }) => isUnique);
    const safe = keys.filter((key) => isPlain(key) && isSafe(key, effectsUnder(table, key)));
    return [
      ...keys
        .filter((key) => !isSafe(key, effectsUnder(table, key)) && !safe.some((other) => contains(key, other)))
        .flatMap((key) => keyProblems(table, key, effectsUnder(table, key))),
      ...exclusionProblems(table),
    ];
  });
}

function effectsUnder(table: PlannedTable, key: CatalogIndex): ReadonlyMap<string, Effect> {
  const effects = new Map(table.columns.map((planned) => [planned.column.name, effectOf(planned)]));
  // Times of one subject move alike: under a key that holds the subject too, different times stay different.
  for (const { column, rule } of table.columns) {
    const isUnderSubject = rule.kind === 'jitter' && key.columns.includes(rule.subject);
    const subject = isUnderSubject ? effects.get(rule.subject) : undefined;
    if (subject === 'same' || subject === 'differs') effects.set(column.name, 'differs');
  }
  return effects;
}

function effectOf({ rule }: PlannedColumn): Effect {
  switch (rule.kind) {
    case 'keep':
      return 'same';
    case 'token':
    // Fakes of columns under a key are distinct.
    case 'fake':
      return 'differs';
    case 'shuffle':
      return 'shuffled';
    case 'template':
      return rule.text.includes('{seq}') ? 'each' : 'breaks';
    case 'null':
      return 'null';
    case 'sql':
      return rule.isDistinct ? 'differs' : 'breaks';
    default:
      return 'breaks';
  }
}

function isPlain({ columns, isPartial }: CatalogIndex): boolean {
  return !isPartial && columns.every((column) => column !== null);
}

function contains(key: CatalogIndex, other: CatalogIndex): boolean {
  const columns = new Set(key.columns);
  return other.columns.every((column) => columns.has(column));
}

function isSafe(key: CatalogIndex, effects: ReadonlyMap<string, Effect>): boolean {
  const of = (name: string | null) => (name === null ? 'same' : (effects.get(name) ?? 'same'));
  if (key.columns.some((name) => of(name) === 'each' || (of(name) === 'null' && !key.nullsNotDistinct))) return true;
  return breakingColumns(key, effects).length === 0;
}

function breakingColumns(key: CatalogIndex, effects: ReadonlyMap<string, Effect>): string[] {
  const isAlone = key.columns.length === 1 && !key.isPartial;
  const plain = key.columns.filter((name) => {
    const effect = name === null ? 'same' : effects.get(name);
    // Shuffled values are the same values; together with another column they would pair anew.
    return effect === 'breaks' || effect === 'null' || (effect === 'shuffled' && !isAlone);
  });
  const inExpressions = key.expressionColumns.filter((name) => {
    const effect = effects.get(name) ?? 'same';
    // Under an expression a distinct mask is surely distinct only where the expression just changes letters' case.
    return effect !== 'same' && !(effect === 'differs' && key.parts.every(changesCaseOnly));
  });
  // Rows that the condition left out may not come under the key.
  const inPredicate = key.predicateColumns.filter((name) => (effects.get(name) ?? 'same') !== 'same');
  return [...new Set([...plain, ...inExpressions, ...inPredicate])].filter((name): name is string => name !== null);
}

const CASE_ONLY = /^(?:lower|upper)\(\(?("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\)?(?:::text)?\)$/;

function changesCaseOnly(part: string): boolean {
  return CASE_ONLY.test(part) || !/[(:]/.test(part);
}

function keyProblems(table: PlannedTable, key: CatalogIndex, effects: ReadonlyMap<string, Effect>): Problem[] {
  const columns = breakingColumns(key, effects);
  const named = columns.length > 0 ? columns : key.columns.filter((name) => name !== null);
  return named.map((name) => {
    const kind = table.columns.find(({ column }) => column.name === name)?.rule.kind ?? 'its rule';
    return {
      path: columnPath(table.key, name),
      message: `${kind} cannot keep the unique key ${key.name}; token, keep, a fake or a template with {seq} can`,
    };
  });
}

/** What an exclusion constraint compares is not known here, so only tables that are kept whole pass. */
function exclusionProblems(table: PlannedTable): Problem[] {
  if (table.catalog.exclusions.length === 0) return [];
  return table.columns
    .filter(({ rule }) => rule.kind !== 'keep' && rule.kind !== 'sql')
    .filter(({ column }) =>
      table.catalog.indexes.some(
        ({ columns, expressionColumns, isConstraint, isUnique, method }) =>
          (method === 'gist' || (isConstraint && !isUnique)) && [...columns, ...expressionColumns].includes(column.name),
      ),
    )
    .map(({ column, rule }) => ({
      path: columnPath(table.key, column.name),
      message: `${rule.kind} may break the exclusion constraint ${table.catalog.exclusions.join(', ')}`,
    }));
}
