// Integers that are times: nearly all values lie between 1990 and 2100 in seconds or milliseconds. A telling name helps; without
// one the years must be those that an application has lived in. The server counts, the values stay there.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { SuggestedEpoch } from '../../spec/suggestions.ts';
import type { Source, SourceColumn, SourceTable } from '../introspect/source.ts';
import { isPointingName, isTimeName } from './names.ts';
import { askNumbers, isSampled, type Questions, sampledFrom } from './questions.ts';

/** 1990-01-01 and 2100-01-01, 1995-01-01 and 2035-01-01, in seconds. */
const WIDE = [631_152_000, 4_102_444_800] as const;
const NARROW = [788_918_400, 2_051_222_400] as const;
const MIN_VALUES = 20;
/** Shares that must lie in the range, with a telling name and without. */
const NAMED_SHARE = 0.98;
const DATA_SHARE = 1;

const UNITS = { seconds: 1, milliseconds: 1000 } as const;
type Unit = keyof typeof UNITS;

/** The integer columns of the source that hold times. What is known or suggested to be a reference is none. */
export async function suggestEpochs(
  source: Source,
  isReference: (table: string, column: string) => boolean,
  questions: Questions,
): Promise<SuggestedEpoch[]> {
  const found: SuggestedEpoch[] = [];
  for (const table of source.tables) {
    const columns = table.columns.filter((column) => mayBeEpoch(table, column) && !isReference(table.key, column.name));
    if (columns.length > 0) found.push(...(await suggestForTable(table, columns, questions)));
  }
  return found;
}

function mayBeEpoch(table: SourceTable, column: SourceColumn): boolean {
  const isKey = table.table.primaryKey?.columns.length === 1 && table.table.primaryKey.columns[0] === column.name;
  const isInteger = column.baseType === 'int4' || column.baseType === 'int8';
  return (
    isInteger &&
    (column.kind === 'base' || column.kind === 'domain') &&
    !isKey &&
    !column.generated &&
    column.identity === 'none' &&
    column.epoch === undefined
  );
}

async function suggestForTable(
  table: SourceTable,
  columns: readonly CatalogColumn[],
  questions: Questions,
): Promise<SuggestedEpoch[]> {
  const counts = await askNumbers(questions, `counting the integers of ${table.key}`, countSql(table, columns));
  return columns.flatMap((column, at): SuggestedEpoch[] => {
    const values = counts[`v${at}`] ?? 0;
    const isNamed = isTimeName(table, column.name);
    const unit = (['seconds', 'milliseconds'] as const).find((each) => {
      const inRange = counts[`${isNamed ? 'w' : 'n'}${at}_${each}`] ?? 0;
      return values >= MIN_VALUES && inRange >= values * (isNamed ? NAMED_SHARE : DATA_SHARE);
    });
    if (unit === undefined || (!isNamed && isPointingName(table, column.name))) return [];
    const inRange = counts[`w${at}_${unit}`] ?? 0;
    return [{ table: table.key, column: column.name, unit, evidence: { values, inRange, isNamed, isSampled: isSampled(table) } }];
  });
}

/** 0 and -1 stand for "never" where times are numbers, so they are no values here. */
function countSql(table: SourceTable, columns: readonly CatalogColumn[]): string {
  const counts = columns.flatMap((column, at) => {
    const value = `t.${quoteIdentifier(column.name)}`;
    const inRange = (name: string, unit: Unit, [from, to]: readonly [number, number]) =>
      `(count(*) filter (where ${value} >= ${from * UNITS[unit]} and ${value} < ${to * UNITS[unit]}))::float8 as ${name}${at}_${unit}`;
    const units = (['seconds', 'milliseconds'] as const).flatMap((unit) => [
      inRange('w', unit, WIDE),
      inRange('n', unit, NARROW),
    ]);
    return [`(count(*) filter (where ${value} not in (0, -1)))::float8 as v${at}`, ...units];
  });
  return `select\n  ${counts.join(',\n  ')}\nfrom ${sampledFrom(table, 't')}`;
}
