// Identifiers: which kind, from the marginal of forms, and how long, from the lengths. Taken only where nearly all rows agree.
import { IDENTIFIER_FORMS } from '../axis.ts';
import type { ColumnSpec } from '../spec.ts';
import { binsOf } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because } from './reason.ts';
import { repeatsAlone } from './tied-columns.ts';

type Form = (typeof IDENTIFIER_FORMS)[number];

const NEARLY_ALL = 0.99;
/** Ids that a copy may need, beside each that production has: below this, text of any length is the safer choice. */
const ROOM = 100;

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

interface FormShape {
  readonly prefix: string;
  readonly alphabet: string;
  /** Narrower forms that values of this one may look like by chance. */
  readonly includes: readonly Form[];
  readonly order: 'row' | 'shuffled';
}

/** Narrow before wide. */
const SHAPES: readonly (readonly [Form, FormShape])[] = [
  ['digits', { prefix: '', alphabet: DIGITS, includes: [], order: 'shuffled' }],
  ['hex', { prefix: '', alphabet: `${DIGITS}abcdef`, includes: ['digits'], order: 'shuffled' }],
  ['cuid', { prefix: 'c', alphabet: DIGITS + LOWER, includes: [], order: 'shuffled' }],
  // The first ten characters are the time, and 01 is any year from 2005 to 2039.
  ['ulid', { prefix: '01', alphabet: `${DIGITS}ABCDEFGHJKMNPQRSTVWXYZ`, includes: ['digits'], order: 'row' }],
  ['lowerAlphanumeric', { prefix: '', alphabet: DIGITS + LOWER, includes: ['digits', 'hex', 'cuid'], order: 'shuffled' }],
  ['upperAlphanumeric', { prefix: '', alphabet: DIGITS + UPPER, includes: ['digits', 'ulid'], order: 'shuffled' }],
  [
    'nanoid',
    {
      prefix: '',
      alphabet: `-_${DIGITS}${UPPER}${LOWER}`,
      includes: ['digits', 'hex', 'lowerAlphanumeric', 'upperAlphanumeric'],
      order: 'shuffled',
    },
  ],
  [
    'mixedAlphanumeric',
    {
      prefix: '',
      alphabet: DIGITS + UPPER + LOWER,
      includes: ['digits', 'hex', 'cuid', 'ulid', 'lowerAlphanumeric', 'upperAlphanumeric'],
      order: 'shuffled',
    },
  ],
];

/** A uuid column: ordered by time where production's are. */
export function calibrateUuid(source: ColumnSource): ColumnSpec {
  return uuidSpec(source, shareOf(source, ['uuid7']) >= NEARLY_ALL);
}

/** A uuid column that is no key: the same uuid may stand in many rows. */
export function calibrateRepeatedUuid(source: ColumnSource): ColumnSpec {
  return { ...uuidSpec(source, shareOf(source, ['uuid7']) >= NEARLY_ALL), ...repeatsAlone(source) };
}

function uuidSpec(source: ColumnSource, isOrdered: boolean): Extract<ColumnSpec, { kind: 'uuid' }> {
  const version = isOrdered ? { version: 7 as const, ...because('nearly all are version 7, which is ordered by time') } : {};
  return { kind: 'uuid', nullFraction: nullFractionOf(source), ...version };
}

/** Unique text as ids of one form and length; null where it is none, or where a copy might run out of ids. */
export function calibrateIdentifier(source: ColumnSource): ColumnSpec | null {
  const length = commonLength(source);
  if (length === null) return null;
  if (shareOf(source, ['uuid4', 'uuid7', 'uuidOther']) >= NEARLY_ALL)
    return uuidSpec(source, shareOf(source, ['uuid7']) >= NEARLY_ALL);
  const found = SHAPES.find(([form, { includes }]) => isForm(source, form, includes));
  if (found === undefined) return null;
  const [form, { prefix, alphabet, order }] = found;
  const isRoomy = alphabet.length ** (length - prefix.length) >= ROOM * (source.table.rows ?? 0);
  if (length <= prefix.length || !isRoomy) return null;
  return {
    kind: 'id',
    prefix,
    alphabet,
    length,
    order,
    nullFraction: nullFractionOf(source),
    ...because(`nearly all have ${length} characters and the form ${form}`),
  };
}

/** Most values are of the form itself, and nearly all of it or of one that lies in it. */
function isForm(source: ColumnSource, form: Form, includes: readonly Form[]): boolean {
  return shareOf(source, [form]) > 0 && shareOf(source, [form, ...includes]) >= NEARLY_ALL;
}

/** The rows with one of the forms; 0 where nothing was released. */
function shareOf(source: ColumnSource, forms: readonly Form[]): number {
  const marginal = findMarginal(source, 'form');
  if (marginal === null || marginal.total === 0) return 0;
  const counts = marginal.cells.map(([, bin = -1, count = 0]) => (forms.includes(IDENTIFIER_FORMS[bin] ?? 'other') ? count : 0));
  return counts.reduce((sum, count) => sum + count, 0) / marginal.total;
}

/** The length that nearly all values have. */
function commonLength(source: ColumnSource): number | null {
  const marginal = findMarginal(source, 'length');
  if (marginal === null || marginal.total === 0) return null;
  const found = binsOf(marginal).find(({ from, to, count }) => to - from === 1 && count >= NEARLY_ALL * marginal.total);
  return found?.from ?? null;
}
