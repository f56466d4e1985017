// The axes of a pair: coarse classes of what a one-axis marginal counts finely, so that a matrix of two stays small. Their cuts are
// fixed or follow from released one-axis marginals, and stand here in the open; nothing is learned from where they lie.
// Class 0 is NULL (or no parent), class 1 a value in no bin or a label that is not listed, the classes proper start at 2.
import { z } from 'zod';

const name = z.string().min(1).max(100);
const index = z.int().min(0);

/** The reference that leads from the counted row to the row that has the column. */
const viaSchema = z.strictObject({ columns: z.array(name).min(1).max(32), references: name });
/** The child and its key: the counted rows are the parents once per class of their children, with the children of that class. */
const ofChildSchema = z.strictObject({ child: name, columns: z.array(name).min(1).max(32) });
/** Class c holds the values from cuts[c - 1] (inclusive) to cuts[c]; the first and the last class are open. */
const cuts = z
  .array(z.int())
  .max(128)
  .refine((values) => values.every((value, at) => at === 0 || value > (values[at - 1] ?? value)), 'cuts must rise');

export const pairAxisSchema = z.discriminatedUnion('kind', [
  /** Only whether there is a value. */
  z.strictObject({ kind: z.literal('presence'), column: name, via: viaSchema.optional() }),
  /** floor(value * 10^decimals). */
  z.strictObject({
    kind: z.literal('number'),
    column: name,
    decimals: z.int().min(0).max(12),
    cuts,
    via: viaSchema.optional(),
    ofChild: ofChildSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('length'),
    column: name,
    of: z.enum(['characters', 'bytes', 'elements', 'keys']),
    cuts,
    via: viaSchema.optional(),
  }),
  /** Hours since 1970-01-01 UTC. */
  z.strictObject({ kind: z.literal('time'), column: name, cuts, via: viaSchema.optional() }),
  /** Each class is one label: its position in the labels of the column's one-axis marginal, most rows first. */
  z.strictObject({
    kind: z.literal('category'),
    column: name,
    labels: z.array(index).max(64),
    via: viaSchema.optional(),
    ofChild: ofChildSchema.optional(),
  }),
  /** Children per parent; the counted rows are the parents, or with `via` other rows that have such a parent. */
  z.strictObject({
    kind: z.literal('degree'),
    child: name,
    columns: z.array(name).min(1).max(32),
    cuts,
    via: viaSchema.optional(),
  }),
  /** Whole seconds from the time of the row that `via` leads to until the row's own. */
  z.strictObject({ kind: z.literal('lag'), column: name, since: name, cuts, via: viaSchema }),
  /** In which of so many equal ranges of the table's pages the row lies. */
  z.strictObject({ kind: z.literal('heap'), ranges: z.int().min(1).max(64), via: viaSchema.optional() }),
  /** Two references of a row to one table: 0 they lead to different rows, 1 to the same. */
  z.strictObject({ kind: z.literal('sameParent'), via: viaSchema, other: z.array(name).min(1).max(32) }),
  /** 1: the row before it in the heap has the same parent; NULL where there is none before it. */
  z.strictObject({ kind: z.literal('sameAsPrevious'), via: viaSchema }),
]);

export type PairAxis = z.output<typeof pairAxisSchema>;
export type Via = z.output<typeof viaSchema>;

export const NULL_CLASS = 0;
export const OTHER_CLASS = 1;
/** The first class of values. */
export const FIRST_CLASS = 2;

/** Classes of the axis, NULL and other among them. */
export function classCount(axis: PairAxis): number {
  switch (axis.kind) {
    case 'presence':
      return FIRST_CLASS + 1;
    case 'category':
      return FIRST_CLASS + axis.labels.length;
    case 'heap':
      return FIRST_CLASS + axis.ranges;
    case 'sameParent':
    case 'sameAsPrevious':
      return FIRST_CLASS + 2;
    default:
      return FIRST_CLASS + axis.cuts.length + 1;
  }
}

/** How often cells may be joined with their neighbours: level l joins 2^l classes of an axis that has an order. */
export const PAIR_LEVELS = 4;

/** The class of `level` around a class of level 0. Labels, NULL and other have no neighbours and stay as they are. */
export function coarseClass(axis: PairAxis, level: number, value: number): number {
  return value < FIRST_CLASS || !isOrdered(axis) ? value : FIRST_CLASS + ((value - FIRST_CLASS) >> level);
}

/** Whether neighbouring classes are alike. */
export function isOrdered({ kind }: PairAxis): boolean {
  return kind !== 'category' && kind !== 'presence' && kind !== 'sameParent' && kind !== 'sameAsPrevious';
}

/** `number(score)`; `owneruserid -> time(creationdate)` for a parent's column. A policy names pairs in this form. */
export function namePairAxis(axis: PairAxis): string {
  switch (axis.kind) {
    case 'degree':
      return `${wayOf(axis)}degree(${axis.child}.${axis.columns.join(',')})`;
    case 'heap':
      return `${wayOf(axis)}heap`;
    case 'lag':
      return `lag(${axis.column} since ${axis.via.columns.join(',')} -> ${axis.since})`;
    case 'sameParent':
      return `sameParent(${axis.via.columns.join(',')} = ${axis.other.join(',')})`;
    case 'sameAsPrevious':
      return `sameAsPrevious(${axis.via.columns.join(',')})`;
    default: {
      const own = axis.kind === 'length' && axis.of === 'keys' ? `keys(${axis.column})` : `${axis.kind}(${axis.column})`;
      if ('ofChild' in axis && axis.ofChild !== undefined) {
        return `${axis.ofChild.child}.${axis.ofChild.columns.join(',')} <- ${own}`;
      }
      return `${wayOf(axis)}${own}`;
    }
  }
}

function wayOf({ via }: { readonly via?: Via | undefined }): string {
  return via === undefined ? '' : `${via.columns.join(',')} -> `;
}
