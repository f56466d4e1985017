// An axis: what a marginal counts over. Each axis knows its binning; nothing here depends on data.
import { z } from 'zod';
import { type Binning, COUNT_SUB_BITS, MAGNITUDE_SUB_BITS, REPEAT_SUB_BITS } from '../stats/binning.ts';

const name = z.string().min(1).max(100);
const subBits = z.int().min(0).max(16);
/** Values are multiplied by 10^decimals and floored before binning. */
const decimals = z.int().min(0).max(12);

/** Categories in bin order: a declared label in clear, or a token of exactly 16 lower-case hex digits. */
const token = z.string().regex(/^[0-9a-f]{16}$/, 'expected a token of 16 lower-case hex digits');
const category = z.union([z.strictObject({ label: z.string().max(100) }), z.strictObject({ token })]);

/** Granularity classes of a time column, coarsest first: whole days, minutes, seconds, milliseconds, finer. */
export const TIME_RESOLUTIONS = ['day', 'minute', 'second', 'millisecond', 'microsecond'] as const;

/** Kinds of identifiers, told by length and characters alone; `other` is everything else. */
export const IDENTIFIER_FORMS = [
  'other',
  'uuid4',
  'uuid7',
  'uuidOther',
  'cuid',
  'ulid',
  'nanoid',
  'hex',
  'digits',
  'lowerAlphanumeric',
  'upperAlphanumeric',
  'mixedAlphanumeric',
] as const;

export const axisSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('presence'), column: name }),
  z.strictObject({ kind: z.literal('number'), column: name, decimals, subBits: subBits.default(MAGNITUDE_SUB_BITS) }),
  z.strictObject({
    kind: z.literal('length'),
    column: name,
    /** keys: of a JSON object, at the top level. */
    of: z.enum(['characters', 'bytes', 'elements', 'keys']),
    subBits: subBits.default(COUNT_SUB_BITS),
  }),
  z.strictObject({ kind: z.literal('category'), column: name, labels: z.array(category).max(10_000) }),
  z.strictObject({ kind: z.literal('time'), column: name }),
  z.strictObject({ kind: z.literal('hourOfWeek'), column: name }),
  z.strictObject({ kind: z.literal('resolution'), column: name }),
  /** What kind of identifier a text or uuid is: index into IDENTIFIER_FORMS. */
  z.strictObject({ kind: z.literal('form'), column: name }),
  /** Of a one-column reference of a table to itself: steps from the row to the root of its tree. */
  z.strictObject({ kind: z.literal('depth'), column: name, subBits: subBits.default(COUNT_SUB_BITS) }),
  /** How many rows share one value of the column; the marginal counts the different values, not the rows. */
  z.strictObject({ kind: z.literal('repeat'), column: name, subBits: subBits.default(REPEAT_SUB_BITS) }),
  z.strictObject({
    kind: z.literal('degree'),
    /** The child table and its key columns; the marginal's rows are the parents. */
    child: name,
    columns: z.array(name).min(1).max(32),
    subBits: subBits.default(COUNT_SUB_BITS),
  }),
]);

export type Axis = z.output<typeof axisSchema>;
export type AxisKind = Axis['kind'];

/** How the axis's codes are cut. presence: 0 null, 1 not null. category: position in `labels`, the rest is the marginal's `other`. */
export function binningOf(axis: Axis): Binning {
  switch (axis.kind) {
    case 'presence':
      return { kind: 'cyclic', size: 2 };
    case 'number':
      return { kind: 'magnitude', subBits: axis.subBits };
    case 'length':
    case 'degree':
    case 'depth':
    case 'repeat':
      return { kind: 'count', subBits: axis.subBits };
    case 'category':
      return { kind: 'cyclic', size: axis.labels.length };
    case 'time':
      return { kind: 'hour' };
    case 'hourOfWeek':
      return { kind: 'cyclic', size: 168 };
    case 'resolution':
      return { kind: 'cyclic', size: TIME_RESOLUTIONS.length };
    case 'form':
      return { kind: 'cyclic', size: IDENTIFIER_FORMS.length };
  }
}
