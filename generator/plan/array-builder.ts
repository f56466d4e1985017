// Array columns: how long by the spec's lengths, what is in them by its element. Elements must be written exactly as array_out
// writes them, so each element type has limits of its own here.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanBuilder, PlanElement } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, fits, keyOf, report } from './column-request.ts';
import { discretise, planHistogram } from './histogram.ts';
import { isNumberType, isTextType, lengthLimits, numberBounds } from './value-types.ts';

type ArraySpec = ColumnSpec & { kind: 'array' };

const MAX_ELEMENTS = 100_000;
/** Elements are drawn with this many chances: a share below one in as many may not occur. */
const DRAWS = 65_536;
/** Digits that a float4 keeps and prints as they were given. */
const MOST_FLOAT4_UNITS = 999_999;
/** The same of a float8. */
const MOST_FLOAT8_UNITS = 10 ** 15 - 1;

/** One-dimensional arrays, or null after reporting why not. */
export function arrayBuilder(request: ColumnRequest, spec: ArraySpec): PlanBuilder | null {
  if (!fits(request, isArrayColumn(request.column))) return null;
  const element = elementBuilder(request, spec.element);
  if (element === null) return null;
  const bins = discretise(spec.length, 0, request.values, { min: 0, max: MAX_ELEMENTS });
  return { kind: 'array', lengths: planHistogram(bins), element, key: keyOf(request, 'array') };
}

function isArrayColumn({ kind, baseType }: CatalogColumn): boolean {
  return kind === 'array' || baseType.startsWith('_');
}

/** The stored type of the elements; the server names an array's type after it. */
function elementTypeOf({ elementType, baseType }: CatalogColumn): string {
  return elementType ?? baseType.replace(/^_/, '');
}

function elementBuilder(request: ColumnRequest, spec: ArraySpec['element']): PlanElement | null {
  const baseType = elementTypeOf(request.column);
  switch (spec.kind) {
    case 'number':
      return numberElement(request, spec, baseType);
    case 'labels':
      return { kind: 'labels', labels: spec.labels.map(spellElement) };
    case 'word': {
      if (!isTextType(baseType)) return refuse(request, spec.kind, baseType);
      const { max } = lengthLimits({ baseType, maxLength: request.column.maxLength });
      const isPadded = baseType === 'bpchar';
      // char(n) fills up with spaces, which array_out would quote: such words are as long as the type.
      const bins = discretise(spec.length, 0, DRAWS, { min: isPadded ? max : 1, max });
      if (isPadded && request.column.maxLength === null) return refuse(request, spec.kind, baseType);
      return { kind: 'word', lengths: planHistogram(bins) };
    }
    case 'uuid':
      return baseType === 'uuid' ? { kind: 'uuid' } : refuse(request, spec.kind, baseType);
  }
}

function numberElement(
  request: ColumnRequest,
  spec: ArraySpec['element'] & { kind: 'number' },
  baseType: string,
): PlanElement | null {
  if (baseType === 'bool' || !(isNumberType(baseType) || baseType === 'date')) return refuse(request, spec.kind, baseType);
  const decimals = elementDecimals(request.column, spec.decimals, baseType);
  const bins = discretise(spec.distribution, decimals, DRAWS, elementBounds(request.column, baseType, decimals));
  return { kind: 'number', histogram: planHistogram(bins), decimals, baseType };
}

function elementDecimals({ scale }: CatalogColumn, wanted: number, baseType: string): number {
  if (baseType === 'numeric') return Math.max(0, scale ?? wanted);
  if (baseType === 'float4') return Math.min(wanted, 5);
  return baseType === 'float8' ? wanted : 0;
}

function elementBounds({ precision, scale }: CatalogColumn, baseType: string, decimals: number) {
  const most = { float4: MOST_FLOAT4_UNITS, float8: MOST_FLOAT8_UNITS, date: 1_000_000 }[baseType];
  return most === undefined ? numberBounds({ baseType, precision, scale }, decimals) : { min: -most, max: most };
}

/** A text as array_out spells it inside an array. */
function spellElement(label: string): string {
  const isPlain = label !== '' && !/^null$/i.test(label) && !/["\\{},\s]/.test(label);
  return isPlain ? label : `"${label.replace(/["\\]/g, '\\$&')}"`;
}

function refuse(request: ColumnRequest, kind: string, baseType: string): null {
  report(request, `elements of kind ${kind} are no values of type ${baseType}`);
  return null;
}
