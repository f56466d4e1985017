// The rules of the masked road (YAML): what happens to every column of every table. A person writes and reviews them; a column without
// a rule stops the sync, so that nothing new ever slips through.
import { z } from 'zod';
import { namedRecord, namedRecordOf } from './named-record.ts';
import { relationshipSchema, tableKeySchema } from './policy.ts';

const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);

const FAKES = ['name', 'firstName', 'lastName', 'mail', 'phone', 'address'] as const;
const fakeRule = z.strictObject({
  kind: z.literal('fake'),
  of: z.enum(FAKES),
  /** A tail that makes the fakes of different values different. Columns under a unique key have it without asking. */
  distinct: z.boolean().default(false),
});
const constantRule = z.strictObject({
  kind: z.literal('constant'),
  /** An object or a list is written as JSON: `{ redacted: true }`. */
  value: z.union([scalar, z.record(z.string(), z.unknown()), z.array(z.unknown())]),
});
const keepLastRule = z.strictObject({
  kind: z.literal('keepLast'),
  /** Characters that stay; a value that is not longer is hidden whole. */
  length: z.int().min(1).max(100),
  mark: z.string().length(1).default('*'),
});

/** Kinds of findings that a person may excuse: what the detectors know, values of the source, and values without the rule's form. */
const REVIEWABLE = ['mail', 'phone', 'card', 'iban', 'credential', 'survivor', 'form'] as const;

const plainKinds = ['keep', 'null', 'empty', 'token'] as const;
const plainRules = [
  z.strictObject({ kind: z.literal('keep') }),
  z.strictObject({ kind: z.literal('null') }),
  z.strictObject({ kind: z.literal('empty') }),
  z.strictObject({ kind: z.literal('token') }),
] as const;

/** `keep` is `{ kind: keep }`; YAML's null is the rule of that name, the most cautious reading of a forgotten value. */
function shortForms(value: unknown): unknown {
  if (value === null) return { kind: 'null' };
  return typeof value === 'string' ? { kind: value } : value;
}

const memberRuleSchema = z.preprocess(
  shortForms,
  z.discriminatedUnion('kind', [...plainRules, constantRule, fakeRule, keepLastRule]),
);

/** A rule for a value is one for all that is in it: of a path below another, nobody could say which of the two rules counts. */
function refuseNestedPaths(paths: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const given = new Set(Object.keys(paths));
  for (const path of given) {
    const parts = path.split('.');
    const above = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
    const outer = above.find((place) => given.has(place));
    if (outer !== undefined)
      context.addIssue({ code: 'custom', path: [path], message: `lies inside ${outer}, which has a rule of its own` });
  }
}

const columnRuleSchema = z.preprocess(
  shortForms,
  z.discriminatedUnion(
    'kind',
    [
      ...plainRules,
      constantRule,
      fakeRule,
      keepLastRule,
      z.strictObject({
        kind: z.literal('template'),
        /** `{seq}` is the row's number in the copy, from 1. */
        text: z.string().min(1).max(500),
      }),
      z.strictObject({
        kind: z.literal('jitter'),
        /** Times move by up to so many days to either side. */
        days: z.number().positive().max(3650),
        /** The column of the same table whose value names the person: all times of a person move together. */
        subject: z.string().min(1).max(63),
      }),
      z.strictObject({
        kind: z.literal('json'),
        /** Members by path, parts separated by dots, `*` for every element or member: `user.mail`, `items.*.price`. */
        paths: namedRecordOf(z.string().min(1).max(500), memberRuleSchema).superRefine(refuseNestedPaths),
        /** What happens to members that no path names. */
        others: z.enum(['drop', 'keep']).default('drop'),
      }),
      z.strictObject({
        kind: z.literal('replace'),
        /** A regular expression of PostgreSQL; every match is replaced. */
        pattern: z.string().min(1).max(2000),
        with: z.string().max(2000),
      }),
      z.strictObject({ kind: z.literal('shuffle') }),
      z.strictObject({
        kind: z.literal('sql'),
        /** An expression over the columns of the row; functions that are not PostgreSQL's own need their schema. */
        expression: z.string().min(1).max(10_000),
        /** The word of who wrote it that different rows get different values. */
        isDistinct: z.boolean().default(false),
      }),
    ],
    { error: `expected a rule: ${[...plainKinds, 'shuffle'].join(', ')}, or { kind: ... } with its settings` },
  ),
);

const chosenRowsSchema = z
  .strictObject({
    /** A condition of SQL over the table's columns; `{now}` is the time of the snapshot. */
    where: z.string().min(1).max(10_000).optional(),
    /** A share of the rows, chosen by a hash of the primary key: the same rows in every run, and those of a smaller share among them. */
    sample: z.number().positive().max(1).optional(),
  })
  .refine(({ where, sample }) => where !== undefined || sample !== undefined, 'expected where, sample or both');

/** What verify-shadow may find in a column without failing, because a person has looked at it and says why. */
const reviewSchema = z.strictObject({
  finds: z.array(z.enum(REVIEWABLE)).min(1),
  reason: z.string().min(1).max(500),
});

const tableRulesSchema = z.strictObject({
  /**
   * none: the table is made and left empty, and its columns need no rules. referenced: only rows that copied rows point at. Whatever is
   * chosen, a row comes only if every row that it points at comes too.
   */
  rows: z
    .union([z.enum(['all', 'none', 'referenced']), chosenRowsSchema], {
      error: 'expected all, none, referenced, { where: SQL } or { sample: a share up to 1 }',
    })
    .default('all'),
  columns: namedRecordOf(z.string().min(1).max(63), columnRuleSchema).default(() => namedRecord<never>([])),
  /** By column, also of columns that the server computes. */
  reviewed: namedRecordOf(z.string().min(1).max(63), reviewSchema).default(() => namedRecord<never>([])),
});

export const syncRulesSchema = z.strictObject({
  version: z.literal(1).default(1),
  tables: namedRecordOf(tableKeySchema, tableRulesSchema),
  /** References that the data has and the schema does not declare. */
  references: z.array(relationshipSchema).max(1000).default([]),
  /** Large objects are no part of any table, so no rule masks them: `skip` leaves them behind. */
  largeObjects: z.enum(['refuse', 'skip']).default('refuse'),
  /** Literals of the schema that a person has read and allows although they look like personal data. */
  reviewedStrings: z.array(z.string().max(1000)).default([]),
});

export type SyncRules = z.output<typeof syncRulesSchema>;
export type ColumnRule = z.output<typeof columnRuleSchema>;
/** What may happen to a member of a JSON value. */
export type MemberRule = z.output<typeof memberRuleSchema>;
/** The rows of a table that come along. */
export type RowsRule = SyncRules['tables'][string]['rows'];
export type FakeKind = (typeof FAKES)[number];
export type ReviewableFinding = (typeof REVIEWABLE)[number];
