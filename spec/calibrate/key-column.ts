// Columns whose values must all differ: numbered, uuids and ids, or unique texts of the measured lengths.
import type { ColumnSpec } from '../spec.ts';
import { calibrateBytes } from './bytes-column.ts';
import { calibrateIdentifier, calibrateUuid } from './identifier-column.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because } from './reason.ts';
import { canBeSequence } from './table-keys.ts';
import { calibrateText } from './text-column.ts';

/** Room for the row number in a template: ten billion rows. */
const ROW_DIGITS = 10;

/** A unique column of a type that chooseKeeper may pick. */
export function calibrateKeyColumn(source: ColumnSource): ColumnSpec {
  const { column, table } = source;
  if (column.baseType === 'uuid') return calibrateUuid(source);
  if (column.baseType === 'bytea') return calibrateBytes(source, true);
  if (canBeSequence(column)) {
    const isWholeKey = table.primaryKey?.length === 1 && table.primaryKey[0] === column.name;
    return { kind: 'sequence', start: 1, step: 1, ...(isWholeKey ? {} : because('numbered, to keep a unique key')) };
  }
  const identifier = calibrateIdentifier(source);
  if (identifier !== null) return identifier;
  const lengths = findMarginal(source, 'length');
  if (lengths !== null && lengths.cells.length > 0) return calibrateText(source, true);
  return {
    kind: 'template',
    template: templateFor(source),
    nullFraction: nullFractionOf(source),
    ...because('unique; its lengths were not released'),
  };
}

function templateFor({ column }: ColumnSource): string {
  const prefix = `${column.name}-`;
  const fits = column.maxLength === undefined || prefix.length + ROW_DIGITS <= column.maxLength;
  return fits && !prefix.includes('{row}') ? `${prefix}{row}` : '{row}';
}
