// The metrics pack: the one document that leaves production. Structure and integer counts only; the schema refuses every
// string over 100 characters, every number that is not a non-negative integer, and every key it does not know.
import { z } from 'zod';
import { axisSchema } from './axis.ts';
import { hasHidden, mostJoinedRows, twoDegrees } from './joined-rows.ts';
import { type PairAxis, pairAxisSchema } from './pair-axis.ts';
import { stepOfPairs } from './sibling-pairs.ts';

export const PACK_FORMAT = 'shapecast-pack';
export const PACK_VERSION = 1;
/** A pack is refused this many days after its day. */
export const PACK_LIFETIME_DAYS = 90;

const name = z.string().min(1).max(100);
const count = z.int().min(0);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day YYYY-MM-DD');
/** An exact fraction, as text: `1/20`. */
const rational = z.string().regex(/^\d{1,40}\/\d{1,40}$/, 'expected a fraction such as 1/20');

/** What a changed row or person is, for a table's counts. row: no subject is reached, each row stands for itself (weaker). */
export const countingUnitSchema = z.enum(['subject', 'row', 'public']);

const columnSchema = z.strictObject({
  name,
  /** format_type without modifiers: int4, text, timestamptz, or the key of an enum or domain. */
  type: name,
  /** What PostgreSQL stores: for a domain its base type; for an enum `enum`. */
  baseType: name,
  kind: z.enum(['base', 'enum', 'domain', 'array', 'composite', 'range', 'other']),
  /** varchar(n), char(n): n. */
  maxLength: count.optional(),
  precision: count.optional(),
  scale: count.optional(),
  nullable: z.boolean(),
  generated: z.boolean(),
  identity: z.enum(['none', 'always', 'byDefault']),
  hasDefault: z.boolean(),
  /** Of a generated column: the columns that its expression reads; no expression leaves. */
  generatedFrom: z.array(name).optional(),
  /** What an array holds: the element's type as `baseType` names it. */
  elementType: name.optional(),
  /** The enum that the column stores, directly or under a domain, or that its array holds; one of `structure.enums`. */
  enumType: name.optional(),
  /** An integer that holds times, by the policy. */
  epoch: z.enum(['seconds', 'milliseconds']).optional(),
  /** The value that stands for NULL, by the policy. */
  sentinel: z.union([z.literal(''), z.literal(0), z.literal(-1)]).optional(),
});

const foreignKeySchema = z.strictObject({
  columns: z.array(name).min(1),
  references: name,
  referencedColumns: z.array(name).min(1),
  /** Declared in the policy, not in the database. */
  virtual: z.boolean(),
});

const tableSchema = z.strictObject({
  name,
  unit: countingUnitSchema,
  columns: z.array(columnSchema).max(1600),
  primaryKey: z.array(name).nullable(),
  uniques: z.array(z.strictObject({ columns: z.array(name), nullsNotDistinct: z.boolean() })),
  foreignKeys: z.array(foreignKeySchema),
  /** Columns by name; null stands for an expression, which never leaves. */
  indexes: z.array(
    z.strictObject({
      columns: z.array(name.nullable()),
      method: name,
      isUnique: z.boolean(),
      /** Columns that its expressions read, and those that its condition reads; no expression leaves. */
      expressionColumns: z.array(name).optional(),
      predicateColumns: z.array(name).optional(),
    }),
  ),
  isPartitioned: z.boolean(),
  /** Rows in the window; published only when at least k units stand behind it, else null. */
  rows: count.nullable(),
});

/** One released bin: level, one bin index per axis, count. Bin indexes may be negative; counts are not. */
const cellSchema = z
  .array(z.int())
  .min(3)
  .max(4)
  .refine(
    (cell) => (cell[0] ?? -1) >= 0 && (cell.at(-1) ?? -1) >= 0,
    'expected [level, bin, ..., count] with level and count at least 0',
  );

const marginalSchema = z
  .strictObject({
    table: name,
    axes: z.array(axisSchema).min(1).max(2),
    /** Rows that have a value on every axis (of a `repeat` axis: different values): the sum of all cells and `other`. */
    total: count,
    /**
     * Sorted by level, then bins. A cell's count excludes the cells of finer levels inside it: what was too small there
     * was folded up into it.
     */
    cells: z.array(cellSchema).max(200_000),
    /** Rows in no released cell. Zero or at least k units. */
    other: count,
    /** Of a number, time or length: different values in each cell, in the order of `cells`. */
    distinct: z.array(count).max(200_000).optional(),
    /** Of a degree: pairs of children of one parent, over the parents in `other`; the lower end of its step (`PAIR_STEPS`). */
    siblingPairs: count.optional(),
    /** Privacy cost; "0/1" while no noise is added. */
    cost: z.strictObject({ rho: rational }),
  })
  .refine((marginal) => marginal.cells.every((cell) => cell.length === marginal.axes.length + 2), {
    path: ['cells'],
    message: 'each cell needs one bin per axis',
  })
  .refine((marginal) => marginal.total === marginal.cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), marginal.other), {
    path: ['total'],
    message: 'total is not the sum of the cells and other',
  })
  .refine(({ cells, distinct }) => distinct === undefined || distinct.length === cells.length, {
    path: ['distinct'],
    message: 'expected one number for each cell',
  });

/**
 * Why a pair is in the pack. tree: it ties two columns of a row. round: the pairs before it do not give it away. all, policy: it was
 * asked for.
 */
export const pairReasonSchema = z.enum(['siblings', 'degree', 'lag', 'flag', 'heap', 'tree', 'parent', 'round', 'all', 'policy']);

/** A marginal over one or two coarse axes. Cells are [level, class, ..., count] and nest as those of the fine marginals do. */
const pairMarginalSchema = z
  .strictObject({
    table: name,
    axes: z.array(pairAxisSchema).min(1).max(2),
    why: pairReasonSchema,
    /** Mutual information of the released cells, thousandths of a bit, less what chance alone gives; 0 for one axis. */
    information: count,
    /** All rows of the table in the window. */
    total: count,
    cells: z.array(cellSchema).max(20_000),
    /** Rows in no released cell. Zero or at least k units. */
    other: count,
    /**
     * Of two degrees: rows of the join of both kinds of children, over the parents whose degrees no cell shows; the lower end of its step
     * (`PAIR_STEPS`).
     */
    joinedRows: count.min(1).optional(),
    cost: z.strictObject({ rho: rational }),
  })
  .refine(({ axes, joinedRows }) => joinedRows === undefined || twoDegrees(axes) !== null, {
    path: ['joinedRows'],
    message: 'only a pair of degrees joins rows',
  })
  .refine(({ joinedRows }) => joinedRows === undefined || stepOfPairs(joinedRows) === joinedRows, {
    path: ['joinedRows'],
    message: 'it is not the lower end of a step',
  })
  .refine((marginal) => marginal.joinedRows === undefined || hidesParents(marginal), {
    path: ['joinedRows'],
    message: 'the cells show all parents',
  })
  .refine((marginal) => marginal.cells.every((cell) => cell.length === marginal.axes.length + 2), {
    path: ['cells'],
    message: 'each cell needs one class per axis',
  })
  .refine((marginal) => marginal.total === marginal.cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), marginal.other), {
    path: ['total'],
    message: 'total is not the sum of the cells and other',
  });

function hidesParents({
  axes,
  cells,
  total,
}: {
  readonly axes: readonly PairAxis[];
  readonly cells: readonly (readonly number[])[];
  readonly total: number;
}): boolean {
  const degrees = twoDegrees(axes);
  return degrees === null || hasHidden({ cells, total }, degrees);
}

const pairsSchema = z.strictObject({
  /** How the pairs were chosen; `policy`: the policy lists them. */
  rule: z.enum(['none', 'tree', 'all', 'policy']),
  /** Pairs that were measured and are not in the pack: they told little, or the pack was full. */
  leftOut: count,
  marginals: z.array(pairMarginalSchema).max(10_000),
  /** Different times in a time column; only where at least k units stand behind them. */
  distinctTimes: z.array(z.strictObject({ table: name, column: name, count })),
});

export const NO_PAIRS: z.output<typeof pairsSchema> = { rule: 'none', leftOut: 0, marginals: [], distinctTimes: [] };

const documentSchema = z.strictObject({
  format: z.literal(PACK_FORMAT),
  version: z.literal(PACK_VERSION),
  provenance: z.strictObject({
    runId: name,
    tool: name,
    commit: z.string().max(40).nullable(),
    operator: name,
    day,
    expires: day,
    window: z.strictObject({ days: count, from: day, to: day }).nullable(),
    serverMajor: count,
    isReplica: z.boolean(),
  }),
  privacy: z.strictObject({
    /** `threshold`: counts of fewer than k units are folded, no noise: not a formal guarantee. `none`: nothing folded. */
    guarantee: z.enum(['threshold', 'none']),
    k: z.int().min(1),
    subjects: z.array(name),
    /** `table(column, ...)` of references to a subject that are not the table's attribution edge. */
    uncoveredReferences: z.array(name),
    rowUnitTables: z.array(name),
    budget: z.strictObject({ rho: rational }),
  }),
  structure: z.strictObject({
    enums: z.array(z.strictObject({ name, labels: z.array(z.string().max(100)) })),
    tables: z.array(tableSchema).max(10_000),
  }),
  marginals: z.array(marginalSchema).max(100_000),
  pairs: pairsSchema.default(NO_PAIRS),
});

/** The pack, and what its parts must not say of each other. */
export const packSchema = documentSchema.superRefine(({ pairs, structure }, context) => {
  const rows = new Map(structure.tables.map((table) => [table.name, table.rows]));
  for (const [at, { axes, joinedRows }] of pairs.marginals.entries()) {
    const degrees = twoDegrees(axes);
    const most = degrees === null ? null : mostJoinedRows(degrees, (table) => rows.get(table));
    if (joinedRows === undefined || most === null || joinedRows <= most) continue;
    const path = ['pairs', 'marginals', at, 'joinedRows'];
    context.addIssue({ code: 'custom', path, message: 'it is more than all children of both kinds make' });
  }
});

export type Pack = z.output<typeof documentSchema>;
export type PackTable = Pack['structure']['tables'][number];
export type PackColumn = PackTable['columns'][number];
export type PackForeignKey = PackTable['foreignKeys'][number];
export type Marginal = Pack['marginals'][number];
export type PackPairs = Pack['pairs'];
export type PairMarginal = PackPairs['marginals'][number];
export type PairReason = z.output<typeof pairReasonSchema>;
export type Cell = Marginal['cells'][number];
export type CountingUnit = z.output<typeof countingUnitSchema>;

/** Exactly 16 lower-case hex digits: 64 bits of an HMAC-SHA256. */
export const TOKEN_PATTERN = /^[0-9a-f]{16}$/;
