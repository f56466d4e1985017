// The mask of a column that SQL cannot do, made from its rule: token, fake, json and jitter need the key, which no statement may hold.
import { ShapecastError } from '../core/errors.ts';
import type { FieldMask } from './mask-stream.ts';
import { fakeOf } from './masks/fake.ts';
import { offsetOf, shiftTime } from './masks/jitter.ts';
import { jsonPlacesOf } from './masks/json-places.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import { rewriteJson } from './masks/rewrite-json.ts';
import { tokenOfInteger, tokenOfText, tokenOfUuid } from './masks/token.ts';
import type { PlannedColumn } from './planned-table.ts';

/** What the mask of a column is called with besides its rule. */
interface MaskOptions {
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
  const refuse = (reason: string) =>
    new ShapecastError('SYNC_VALUE_UNMASKABLE', { table: options.table, column: planned.column.name, reason });
  return (value, helper) => {
    try {
      const masked = mask(value, helper);
      if (masked !== null) return masked;
    } catch {
      // The cause quotes the value, and is dropped.
      throw refuse('it does not have the expected form');
    }
    throw refuse('it does not have the expected form');
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
      const offset = remember((subject) => String(offsetOf(hash, subject, rule.days)));
      const offsetOfNobody = offsetOf(hash, null, rule.days);
      return (value, helper) => {
        const subject = helper(subjectField);
        return shiftTime(value, subject === null ? offsetOfNobody : Number(offset(subject)));
      };
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
