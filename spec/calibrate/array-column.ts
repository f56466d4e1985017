// Array columns: how many elements is measured, what they are is not (no element leaves production), so elements are assumed by type.
import type { PackColumn } from '../pack.ts';
import type { ColumnSpec } from '../spec.ts';
import { binsOf, fitOrBins } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';

type Element = Extract<ColumnSpec, { kind: 'array' }>['element'];

const ASSUMED_LENGTH = {
  distribution: { family: 'uniform', min: 0, max: 5 },
  because: 'no length was released: assumed',
} as const;
const SMALL_NUMBERS = { family: 'uniform', min: 0, max: 99 } as const;
/** 2020 to 2024 in days since 2000-01-01. */
const RECENT_DAYS = { family: 'uniform', min: 7305, max: 9131 } as const;

/** An array, or a domain over one. */
export function isArray({ kind, baseType }: PackColumn): boolean {
  return kind === 'array' || (kind === 'domain' && baseType.startsWith('_'));
}

/** Arrays of the measured lengths; null where nothing makes the elements. */
export function calibrateArray(source: ColumnSource): ColumnSpec | null {
  const element = assumeElement(source);
  if (element === null) return null;
  const marginal = findMarginal(source, 'length');
  const fitted = (marginal === null ? null : fitOrBins(binsOf(marginal), 0)) ?? ASSUMED_LENGTH;
  return {
    kind: 'array',
    length: fitted.distribution,
    element,
    nullFraction: nullFractionOf(source),
    ...because(`elements: ${fitted.because}`, describeOther(marginal), 'what they hold is not measured: assumed'),
  };
}

function assumeElement(source: ColumnSource): Element | null {
  const { column } = source;
  switch (column.elementType ?? column.baseType.replace(/^_/, '')) {
    case 'int2':
    case 'int4':
    case 'int8':
      return { kind: 'number', distribution: SMALL_NUMBERS, decimals: 0 };
    case 'numeric':
    case 'float4':
    case 'float8':
      return { kind: 'number', distribution: smallNumbersOf(column), decimals: column.scale ?? 2 };
    case 'date':
      return { kind: 'number', distribution: RECENT_DAYS, decimals: 0 };
    case 'bool':
      return { kind: 'labels', labels: ['f', 't'] };
    case 'text':
    case 'varchar':
    case 'citext':
    case 'name':
      return { kind: 'word', length: wordLengths(column) };
    case 'uuid':
      return { kind: 'uuid' };
    default:
      return enumElement(source);
  }
}

function smallNumbersOf({ precision, scale = 0 }: PackColumn): Extract<Element, { kind: 'number' }>['distribution'] {
  return precision !== undefined && precision - scale < 2 ? { family: 'uniform', min: 0, max: 1 } : SMALL_NUMBERS;
}

function wordLengths({ maxLength = 8 }: PackColumn): Extract<Element, { kind: 'word' }>['length'] {
  const max = Math.min(8, maxLength);
  return { family: 'uniform', min: Math.min(3, max), max };
}

/** The server names the type of an array after that of its elements. */
function enumElement({ index, column }: ColumnSource): Element | null {
  const labels =
    index.pack.structure.enums.find(({ name }) => name === (column.enumType ?? elementName(column.type)))?.labels ?? [];
  return labels.length === 0 ? null : { kind: 'labels', labels };
}

function elementName(arrayType: string): string {
  const dot = arrayType.lastIndexOf('.');
  return `${arrayType.slice(0, dot + 1)}${arrayType.slice(dot + 1).replace(/^("?)_/, '$1')}`;
}
