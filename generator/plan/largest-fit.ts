// The way out of a size that does not fit: the largest --scale or --rows that would.
import type { Spec } from '../../spec/spec.ts';

export interface SizeRequest {
  readonly spec: Spec;
  readonly scale: number;
  /** Rows given by hand. */
  readonly overrides: ReadonlyMap<string, number>;
}

/**
 * `use at most --scale 0.12`, for a table that has `rows` and may have `most`. A table whose rows do not follow the scale (fixed, or
 * given by --rows) is named with --rows. Rounded down, so that what it says fits.
 */
export function largestFit(request: SizeRequest, key: string, rows: number, most: number): string {
  const limit = Math.max(0, Math.floor(most));
  const scale = floorDigits((request.scale * limit) / Math.max(1, rows), 3);
  return isFixed(request, key) || scale <= 0 ? `use at most --rows ${key}=${limit}` : `use at most --scale ${scale}`;
}

function isFixed({ spec, overrides }: SizeRequest, key: string): boolean {
  if (overrides.has(key)) return true;
  const rows = spec.tables[key]?.rows;
  if (rows === undefined) return true;
  if ('count' in rows) return rows.growth === 'fixed';
  if ('bands' in rows) return false;
  const parent = spec.tables[key]?.references[rows.follows]?.table;
  return parent === undefined || parent === key || isFixed({ spec, scale: 1, overrides }, parent);
}

/** The number with so many significant digits, rounded down. */
function floorDigits(value: number, digits: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(digits));
}
