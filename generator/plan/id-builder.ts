// Text ids of one length. They differ because the row's number is written in the digits of the alphabet, so there must be at least
// as many ids as rows: counted here, before anything is made.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, fits, keyOf, report } from './column-request.ts';
import { isTextType, lengthLimits } from './value-types.ts';

/** Ids of prefix and alphabet, or null after reporting why not. */
export function idBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'id' }): PlanBuilder | null {
  const { column, rows } = request;
  if (!fits(request, isTextType(column.baseType) && column.kind !== 'enum')) return null;
  const isFolded = column.baseType === 'citext';
  const alphabet = distinctCharacters(isFolded ? spec.alphabet.toLowerCase() : spec.alphabet);
  const prefix = isFolded ? spec.prefix.toLowerCase() : spec.prefix;
  const faults = faultsOf({ alphabet, prefix, length: spec.length, rows }, lengthLimits(column).max);
  for (const fault of faults) report(request, fault);
  return faults.length > 0 ? null : { kind: 'id', prefix, alphabet, length: spec.length, key: keyOf(request, 'id') };
}

interface Wanted {
  readonly alphabet: string;
  readonly prefix: string;
  readonly length: number;
  readonly rows: number;
}

function faultsOf({ alphabet, prefix, length, rows }: Wanted, max: number): string[] {
  const faults: string[] = [];
  if (!isPlainAscii(alphabet) || !isPlainAscii(prefix)) faults.push('prefix and alphabet must be printable ASCII without spaces');
  if (length > max) faults.push(`needs ${length} characters and the column takes ${max}`);
  const free = length - prefix.length;
  if (!hasRoom(alphabet.length, free, rows))
    faults.push(
      `${rows} different ids do not fit ${Math.max(0, free)} free characters of an alphabet of ${alphabet.length}: lower the rows or lengthen the ids`,
    );
  return faults;
}

/** In byte order, so that ids in row order ascend. */
function distinctCharacters(alphabet: string): string {
  return [...new Set(alphabet)].sort((left, right) => (left < right ? -1 : 1)).join('');
}

function isPlainAscii(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

function hasRoom(letters: number, free: number, rows: number): boolean {
  if (free < 0 || letters === 0) return false;
  let ids = 1;
  for (let at = 0; at < free && ids < rows; at += 1) ids *= letters;
  return ids >= rows;
}
