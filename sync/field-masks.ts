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
      return (value) => fakeOf(hash, rule.of, value, options);
    }
    case 'json': {
      const places = jsonPlacesOf(rule, hash);
      return (value) => rewriteJson(value, places, rule.others);
    }
    case 'jitter':
      return (value, helper) => shiftTime(value, offsetOf(hash, helper(subjectField), rule.days));
    default:
      return null;
  }
}

function tokenMask(baseType: string, maxLength: number | null, hash: KeyedHash): FieldMask {
  if (baseType === 'uuid') return (value) => tokenOfUuid(hash, value);
  if (baseType === 'int4' || baseType === 'int8') return (value) => tokenOfInteger(hash, value);
  return (value) => tokenOfText(hash, value, maxLength ?? undefined);
}
