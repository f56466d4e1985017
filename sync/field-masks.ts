// The mask of a column that SQL cannot do, made from its rule: token, fake, json and jitter need the key, which no statement may hold.
import { ShapecastError } from '../core/errors.ts';
import { fakeOf } from './masks/fake.ts';
import { offsetOf, shiftTime } from './masks/jitter.ts';
import { jsonPlacesOf } from './masks/json-places.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import { rewriteJson } from './masks/rewrite-json.ts';
import { tokenOfInteger, tokenOfText, tokenOfUuid } from './masks/token.ts';
import type { PlannedColumn } from './planned-table.ts';

/** The value to write instead. `helper` reads a further field of the row that is not written; null: the value cannot be masked. */
export type FieldMask = (value: string, helper: (field: number) => string | null) => string | null;

/** What the mask of a column is called with besides its rule. */
export interface MaskOptions {
  readonly hash: KeyedHash;
  /** As documents name it. */
  readonly table: string;
  /** The field that holds the subject of a jitter. */
  readonly subjectField: number;
}

/** The mask, or null for a rule that SQL does. What the mask throws names the column and no value. */
export function fieldMaskOf(planned: PlannedColumn, options: MaskOptions): FieldMask | null {
  const mask = rawMaskOf(planned, options);
  if (mask === null) return null;
  const refuse = () => unmaskable(planned, options);
  return (value, helper) => {
    try {
      const masked = mask(value, helper);
      if (masked !== null) return masked;
    } catch {
      // The cause quotes the value, and is dropped.
      throw refuse();
    }
    throw refuse();
  };
}

/** The error for a value that the column's mask does not take. */
export function unmaskable({ column }: PlannedColumn, { table }: MaskOptions): ShapecastError {
  return new ShapecastError('SYNC_VALUE_UNMASKABLE', {
    table,
    column: column.name,
    reason: 'it does not have the expected form',
  });
}

/** The seconds by which the times of a subject move. */
export function jitterOffsets(hash: KeyedHash, days: number): (subject: string | null) => number {
  const known = new Map<string, number>();
  const nobody = offsetOf(hash, null, days);
  return (subject) => {
    if (subject === null) return nobody;
    let offset = known.get(subject);
    if (offset !== undefined) return offset;
    offset = offsetOf(hash, subject, days);
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (subject.length <= LONGEST_REMEMBERED) known.set(subject, offset);
    return offset;
  };
}

function rawMaskOf({ rule, column, isDistinct }: PlannedColumn, { hash, subjectField }: MaskOptions): FieldMask | null {
  switch (rule.kind) {
    case 'token':
      return tokenMask(column.baseType, column.maxLength, hash);
    case 'fake': {
      const options = { isDistinct: isDistinct || rule.distinct, maxLength: column.maxLength };
      return remember((value) => fakeOf(hash, rule.of, value, options));
    }
    case 'json': {
      const places = jsonPlacesOf(rule, hash);
      return (value) => rewriteJson(value, places, rule.others);
    }
    case 'jitter': {
      const offset = jitterOffsets(hash, rule.days);
      return (value, helper) => shiftTime(value, offset(helper(subjectField)));
    }
    default:
      return null;
  }
}

function tokenMask(baseType: string, maxLength: number | null, hash: KeyedHash): FieldMask {
  if (baseType === 'uuid') return remember((value) => tokenOfUuid(hash, value));
  if (baseType === 'int4' || baseType === 'int8') return (value) => tokenOfInteger(hash, value);
  return remember((value) => tokenOfText(hash, value, maxLength ?? undefined));
}

const MOST_REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 200;

/** References repeat their values, often near each other. Some megabytes at most; forgets all when it is full. */
function remember(mask: (value: string) => string): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const masked = mask(value);
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (value.length <= LONGEST_REMEMBERED) known.set(value, masked);
    return masked;
  };
}
