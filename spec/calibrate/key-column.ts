// Columns whose values must all differ: numbered, random uuids, unique texts of the measured lengths; numbers and times with the
// shape that was measured, spread so that none repeats.
import type { ColumnSpec } from '../spec.ts';
import { calibrateBytes } from './bytes-column.ts';
import { calibrateCategory } from './category-column.ts';
import { canBeSequence, isTextColumn } from './column-values.ts';
import { calibrateIdentifier, calibrateUuid } from './identifier-column.ts';
import { nullFractionOf } from './null-fraction.ts';
import { calibrateNumber } from './number-column.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because } from './reason.ts';
import { calibrateText } from './text-column.ts';
import { calibrateTime } from './time-column.ts';

/** Room for the row number in a template: ten billion rows. */
const ROW_DIGITS = 10;

/** A unique column of a type that can be unique; null where the type has a builder of its own for it. */
export function calibrateKeyColumn(source: ColumnSource, inRowOrder: boolean): ColumnSpec | null {
  const { column } = source;
  if (column.baseType === 'uuid') return calibrateUuid(source);
  if (column.baseType === 'bytea') return calibrateBytes(source, true);
  if (canBeSequence(column)) return calibrateUniqueNumber(source);
  if (isTextColumn(column)) return calibrateUniqueText(source);
  switch (column.baseType) {
    case 'numeric':
    case 'float4':
    case 'float8':
    case 'time':
    case 'interval':
      return makeUnique(calibrateNumber(source));
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return makeUnique(calibrateTime(source, inRowOrder));
    case 'bool':
    case 'enum':
      return calibrateUniqueLabel(source);
    default:
      return null;
  }
}

function makeUnique(spec: ColumnSpec): ColumnSpec {
  if (spec.kind !== 'number' && spec.kind !== 'time') return spec;
  const { repeats: _, ...rest } = spec;
  return { ...rest, isUnique: true };
}

/** 1, 2, 3, ... where nothing is known of the numbers or some key needs them; else as measured, each once. */
function calibrateUniqueNumber(source: ColumnSource): ColumnSpec {
  const { column, table } = source;
  const isWholeKey = table.primaryKey?.length === 1 && table.primaryKey[0] === column.name;
  const measured = findMarginal(source, 'number');
  const isSerial = column.identity !== 'none' || column.hasDefault;
  if (!column.nullable && (isWholeKey || isSerial || measured === null || measured.cells.length === 0))
    return { kind: 'sequence', start: 1, step: 1, ...(isWholeKey ? {} : because('numbered, to keep a unique key')) };
  if (measured !== null && measured.cells.length > 0) return makeUnique(calibrateNumber(source));
  return {
    kind: 'number',
    distribution: { family: 'uniform', min: 1, max: Math.max(1, table.rows ?? 1) },
    decimals: 0,
    isUnique: true,
    nullFraction: nullFractionOf(source),
    ...because('unique numbers; how they lie is not measured'),
  };
}

function calibrateUniqueText(source: ColumnSource): ColumnSpec {
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

/** Each label once: as many rows as labels at most. */
function calibrateUniqueLabel(source: ColumnSource): ColumnSpec | null {
  const labels =
    source.column.baseType === 'bool'
      ? ['false', 'true']
      : (calibrateCategory(source)?.values ?? []).flatMap((value) => ('label' in value ? [value.label] : []));
  if (labels.length === 0) return null;
  return {
    kind: 'category',
    values: labels.map((label) => ({ label, weight: 1 })),
    nullFraction: nullFractionOf(source),
    ...because('unique: each label once'),
  };
}

function templateFor({ column }: ColumnSource): string {
  const prefix = `${column.name}-`;
  const fits = column.maxLength === undefined || prefix.length + ROW_DIGITS <= column.maxLength;
  return fits && !prefix.includes('{row}') ? `${prefix}{row}` : '{row}';
}
