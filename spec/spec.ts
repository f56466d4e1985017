// The spec: what to generate. Written by calibrate from a pack, or by hand; YAML. Every fitted number may carry the reason
// beside it (`because`), which nothing reads but people.
import { z } from 'zod';
import { TIME_RESOLUTIONS } from './axis.ts';
import { checkMarginals } from './check-marginals.ts';
import { checkStatisticsNames } from './check-statistics.ts';
import { distributionSchema, longList } from './distribution.ts';
import { namedRecord, namedRecordOf } from './named-record.ts';
import { pairAxisSchema } from './pair-axis.ts';
import { normaliseCells } from './pair-cells.ts';
import { checkNamedDocument, parseYamlText } from './parse-document.ts';
import { placementSchema } from './placement.ts';
import { tableKeySchema } from './policy.ts';
import { repeatsOf, repeatsSchema } from './repeats.ts';
import { tableStatisticsSchema } from './statistics.ts';
import { structureSchema } from './structure.ts';

export const BANDS = ['dev', 'staging', 'perf'] as const;
export type Band = (typeof BANDS)[number];

const because = { because: z.string().optional() };
const fraction = z.number().min(0).max(1);
/** The value that stands for NULL where the column uses one ('' or 0): written wherever the value would be NULL. */
const nullAs = { nullAs: z.union([z.string(), z.number()]).optional() };
const nullFraction = { nullFraction: fraction.default(0), ...nullAs };
const column = z.string().min(1).max(63);
const referenceName = z.string().min(1);
/** Levels of a tree. */
const MOST_LEVELS = 10_000;
/** No two kinds of children of so many parents join more. */
const MOST_TIMES_CHANCE = 1e15;
/** More than all cells of the largest matrix take. */
const MOST_CELL_TEXT = 1_000_000;

/** A day or an hour in UTC: 2024-05-01 or 2024-05-01T13. */
const hourText = z.string().regex(/^-?\d{4,6}-\d{2}-\d{2}(T\d{2})?$/, 'expected YYYY-MM-DD or YYYY-MM-DDTHH');

const timeRepeatsSchema = repeatsOf(hourText);

const calendarSchema = z.discriminatedUnion('kind', [
  /** [from, to, weight]: from <= time < to. */
  z.strictObject({ kind: z.literal('bins'), bins: longList(z.tuple([hourText, hourText, z.number().min(0)]), 'bins', 1) }),
  /** The band's window, ending at the spec's windowEnd (exclusive). */
  z.strictObject({
    kind: z.literal('window'),
    /** Peak-to-mean swing over the year, by band: 0.2 is 20 %. */
    seasonalSwing: z.partialRecord(z.enum(BANDS), fraction).optional(),
    /** Days before the window instead of inside it: things that exist when the window opens. */
    daysBefore: z.int().min(1).optional(),
  }),
]);

/** 168 weights, Monday 00:00 UTC first; or a rule that makes them. */
const hourOfWeekSchema = z.union([
  z.array(z.number().min(0)).length(168),
  z.strictObject({
    /** [from, to) hours of the day that are busy. */
    peakHours: z.array(z.tuple([z.int().min(0).max(23), z.int().min(1).max(24)])),
    peakFactor: z.number().positive(),
    weekdayFactor: z.number().positive(),
    weekendFactor: z.number().positive(),
  }),
]);

/**
 * How days that a calendar does not tell apart scatter: the variance of a day's rows is mean + dispersion x mean^2 (0: chance alone).
 * Whole days of a weight below `below` are such days; heavier ones stay as they are.
 */
const dayScatterSchema = z.strictObject({ dispersion: z.number().min(0).max(100), below: z.int().min(1).max(10_000) });
/** How often values repeat: without it each row draws its own. Not where isUnique is set. */
const repeats = { repeats: repeatsSchema.optional() };

const categoryValue = z.union([
  z.strictObject({ label: z.string(), weight: z.number().min(0) }),
  /** A value whose label stayed in production; the generator makes one of its own, `length` characters long where given. */
  z.strictObject({ token: z.string(), weight: z.number().min(0), length: z.int().min(0).optional() }),
]);

export const columnSpecSchema = z.discriminatedUnion('kind', [
  /** start + step * row. */
  z.strictObject({ kind: z.literal('sequence'), start: z.int().default(1), step: z.int().default(1), ...because }),
  /** Unique UUIDs: random-looking (version 4), or ordered by the row's number (version 7). */
  z.strictObject({
    kind: z.literal('uuid'),
    version: z.union([z.literal(4), z.literal(7)]).optional(),
    ...repeats,
    ...nullFraction,
    ...because,
  }),
  /** Unique text ids of one length: a fixed beginning, then characters of the alphabet. */
  z.strictObject({
    kind: z.literal('id'),
    prefix: z.string().default(''),
    alphabet: z.string().min(2).max(128),
    /** Characters in all, the prefix included. */
    length: z.int().min(1).max(255),
    /** row: ids ascend with the row number, as ULIDs do. */
    order: z.enum(['row', 'shuffled']).default('shuffled'),
    ...nullFraction,
    ...because,
  }),
  /** 1, 2, 3, ... among the rows of one parent: line numbers. */
  z.strictObject({ kind: z.literal('ordinal'), reference: referenceName, start: z.int().default(1), ...because }),
  /** Literal text with {row} (1-based): unique. */
  z.strictObject({ kind: z.literal('template'), template: z.string(), ...nullFraction, ...because }),
  /** Times of day and intervals are numbers of seconds. */
  z.strictObject({
    kind: z.literal('number'),
    distribution: distributionSchema,
    decimals: z.int().min(0).max(12).default(0),
    isUnique: z.boolean().optional(),
    ...repeats,
    ...nullFraction,
    ...because,
  }),
  z.strictObject({ kind: z.literal('boolean'), trueFraction: fraction, ...nullFraction, ...because }),
  z.strictObject({
    kind: z.literal('category'),
    values: longList(categoryValue, 'values'),
    /** The rest: text of these lengths, each value rare. */
    other: z.strictObject({ weight: z.number().min(0), length: distributionSchema, ...repeats }).optional(),
    ...nullFraction,
    ...because,
  }),
  z.strictObject({
    kind: z.literal('text'),
    /** Characters (ASCII, so bytes too). */
    length: distributionSchema,
    isUnique: z.boolean().optional(),
    ...repeats,
    ...nullFraction,
    ...because,
  }),
  z.strictObject({
    kind: z.literal('time'),
    calendar: calendarSchema,
    hourOfWeek: hourOfWeekSchema.optional(),
    /** Only with a calendar of bins whose weights are rows. */
    scatter: dayScatterSchema.optional(),
    resolution: z.enum(TIME_RESOLUTIONS).default('microsecond'),
    /** row: later rows have later times, as in a table that is appended to. */
    order: z.enum(['row', 'shuffled']).default('shuffled'),
    isUnique: z.boolean().optional(),
    /** Of an integer column that holds times: what it counts since 1970-01-01 UTC. */
    epoch: z.enum(['seconds', 'milliseconds']).optional(),
    repeats: timeRepeatsSchema.optional(),
    ...nullFraction,
    ...because,
  }),
  /** A time after the parent's: delay in seconds, never past the window's end by more than the delay itself. */
  z.strictObject({
    kind: z.literal('delay'),
    reference: referenceName,
    column,
    seconds: distributionSchema,
    ...nullFraction,
    ...because,
  }),
  /** A label by the number of children that the row has under a child table's reference: first class with degree <= upTo. */
  z.strictObject({
    kind: z.literal('degreeClass'),
    child: tableKeySchema,
    reference: referenceName,
    classes: longList(z.strictObject({ upTo: z.int(), label: z.string() }), 'classes', 1),
    ...because,
  }),
  /** Random bytes. */
  z.strictObject({
    kind: z.literal('bytes'),
    length: distributionSchema,
    isUnique: z.boolean().optional(),
    ...nullFraction,
    ...because,
  }),
  /** An opaque JSON object: so many top-level keys, so many bytes of text. */
  z.strictObject({ kind: z.literal('json'), keys: distributionSchema, bytes: distributionSchema, ...nullFraction, ...because }),
  /** A one-dimensional array of simple values. */
  z.strictObject({
    kind: z.literal('array'),
    length: distributionSchema,
    element: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('number'),
        distribution: distributionSchema,
        decimals: z.int().min(0).max(12).default(0),
      }),
      z.strictObject({ kind: z.literal('labels'), labels: longList(z.string(), 'labels', 1) }),
      z.strictObject({ kind: z.literal('word'), length: distributionSchema }),
      z.strictObject({ kind: z.literal('uuid') }),
    ]),
    ...nullFraction,
    ...because,
  }),
  z.strictObject({ kind: z.literal('constant'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]), ...because }),
  /** Left to the server: default, generated column. */
  z.strictObject({ kind: z.literal('server'), ...because }),
  /** A type that no builder makes: preflight names it. Exclude the column or give a constant. */
  z.strictObject({ kind: z.literal('unsupported'), type: z.string(), ...because }),
]);

/** How a row gets its parent: exactly one of fanOut, memberOf, within, through. */
const referenceSchema = z.strictObject({
  columns: z.array(column).min(1),
  table: tableKeySchema,
  to: z.array(column).min(1),
  isVirtual: z.boolean().default(false),
  ...nullFraction,
  /** Children per parent, parents without children included. */
  fanOut: distributionSchema.optional(),
  /**
   * Of a reference to the table itself, with `fanOut`: weights of the levels of the tree, roots first. The roots are the rows with
   * NULL, as many as nullFraction says; where that is 0 they point at themselves.
   */
  levels: z
    .array(z.number().min(0))
    .min(1)
    .max(MOST_LEVELS, `expected at most ${MOST_LEVELS} levels`)
    .refine((weights) => weights.some((weight) => weight > 0), 'expected a weight above 0: no level would have a row')
    .optional(),
  /**
   * The key shares columns with others: the parent is one of the rows that have the same parent under `reference` (a reference
   * of the parent's table) as this row reaches by following `given`.
   */
  within: z
    .strictObject({
      reference: referenceName,
      given: z.array(referenceName).min(1),
      /** Rows of one parent under this other reference get different parents here. */
      distinctFor: referenceName.optional(),
    })
    .optional(),
  /** The key follows from others: the parent is the row reached by following these references. */
  through: z.array(referenceName).min(1).optional(),
  /** The parent is a member of a group: a row of the junction table whose `group` reference is the parent found by `given`. */
  memberOf: z
    .strictObject({
      junction: tableKeySchema,
      group: referenceName,
      member: referenceName,
      /** References to follow from this row to the group's table: [conversation] or [message, conversation]. */
      given: z.array(referenceName).min(1),
      /** Another reference, reached the same way, whose parent must differ: [message, sender]. */
      except: z.array(referenceName).min(1).optional(),
    })
    .optional(),
  ...because,
});

const rowsSchema = z.union([
  z.strictObject({ count: z.int().min(0), growth: z.enum(['linear', 'fixed']).default('linear'), ...because }),
  z.strictObject({ bands: z.partialRecord(z.enum(BANDS), z.int().min(0)), ...because }),
  /** As many as the fan-out of this reference gives. */
  z.strictObject({ follows: referenceName, ...because }),
]);

const pair = z.tuple([referenceName, referenceName]);

/**
 * How columns, degrees, parents' columns, lags and places in the heap go together: counts over the classes of one or two axes. A
 * `category` axis counts labels by their position in the column's `values`. Counts are shares: only their proportions matter.
 */
const marginalSchema = z.strictObject({
  /** Names among `axes`. */
  axes: z.array(z.string().min(1)).min(1).max(2),
  /** `class count` or `class class count`, separated by commas; classes as in spec/pair-axis.ts. */
  cells: z.string().max(MOST_CELL_TEXT, `expected at most ${MOST_CELL_TEXT} characters`).overwrite(normaliseCells),
  /** Rows that are in no cell: they are spread over the empty cells, more of them near full ones. */
  other: z.number().min(0).default(0),
  /** How strictly the two axes ascend together (Goodman and Kruskal's gamma); a column that does so with the heap is in its order. */
  ascending: z.number().min(-1).max(1).optional(),
  /**
   * Of two degrees: the rows of the join of both kinds of children, as a multiple of those that there would be if parents with many of the
   * one had no more of the other than anybody.
   */
  joinedTimesChance: z.number().min(0).max(MOST_TIMES_CHANCE).optional(),
  ...because,
});

const tableSpecSchema = z.strictObject({
  rows: rowsSchema,
  references: namedRecordOf(z.string(), referenceSchema).default(() => namedRecord<never>([])),
  /**
   * Pairs that occur at most once, because they are a key: of references, or of a reference and a column (or two columns) with
   * few different values. One pair or a list of them; several must share one member.
   */
  distinctPairs: z.union([pair.transform((one) => [one]), z.array(pair)]).optional(),
  columns: namedRecordOf(z.string(), columnSpecSchema).default(() => namedRecord<never>([])),
  axes: namedRecordOf(z.string(), pairAxisSchema).optional(),
  marginals: z.array(marginalSchema).max(2000).optional(),
  /** On a Citus cluster; proposed from the keys where it is not given. */
  placement: placementSchema.optional(),
  /** Extended statistics (CREATE STATISTICS) that load makes where they are missing. */
  statistics: tableStatisticsSchema.optional(),
  ...because,
});

/** What a band does to the span of time where it has more rows: nothing (days get denser), or as much longer as there are more rows. */
const TIME_SPANS = ['keep', 'growBackward', 'growForward'] as const;

const bandSchema = z.strictObject({
  scale: z.number().positive(),
  windowDays: z.int().min(1).optional(),
  /** Default keep. Columns that hold days without a time of day never move. */
  timeSpan: z.enum(TIME_SPANS).optional(),
});

const documentSchema = z.strictObject({
  format: z.literal('shapecast-spec'),
  version: z.literal(1),
  name: z.string().min(1).max(100),
  description: z.string().optional(),
  windowEnd: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
  bands: z.partialRecord(z.enum(BANDS), bandSchema),
  tables: namedRecordOf(tableKeySchema, tableSpecSchema),
  /** What the source looked like; generate tells how the target differs. */
  structure: structureSchema.optional(),
});

/** A spec document; axes, marginals and names of statistics are checked against its tables. */
export const specSchema = documentSchema.superRefine(({ tables }, context) => {
  const reportFault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  checkMarginals(tables, reportFault);
  checkStatisticsNames(tables, reportFault);
});

export type Spec = z.output<typeof specSchema>;
export type TableSpec = z.output<typeof tableSpecSchema>;
export type SpecMarginal = z.output<typeof marginalSchema>;
export type ColumnSpec = z.output<typeof columnSpecSchema>;
export type ReferenceSpec = z.output<typeof referenceSchema>;
export type TimeRepeats = z.output<typeof timeRepeatsSchema>;
export type CalendarSpec = z.output<typeof calendarSchema>;
export type DayScatter = z.output<typeof dayScatterSchema>;
export type HourOfWeekSpec = z.output<typeof hourOfWeekSchema>;

/** A spec from YAML or JSON text. Throws DOCUMENT_UNPARSABLE or DOCUMENT_INVALID with every fault. */
export function parseSpec(text: string, file: string): Spec {
  return checkNamedDocument(specSchema, parseYamlText(text, 'spec', file), 'spec', file);
}
