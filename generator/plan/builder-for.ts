// From a column's spec to its builder: everything floating point is decided here and frozen as whole numbers.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanBuilder, PlanReference, PlanText } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { deriveKey } from '../random/mixer.ts';
import { dayProfiles, resolveCalendar, type Window, weekWeights } from './calendar.ts';
import { discretise, planHistogram } from './histogram.ts';
import { largestFit } from './largest-fit.ts';
import { makeLabels } from './make-labels.ts';
import type { PlanContext } from './resolve-references.ts';
import { isNumberType, isTextType, isTimeType, numberBounds } from './value-types.ts';

/** One column to resolve: `rows` of the table, `values` of them not null. */
export interface ColumnRequest {
  readonly key: string;
  readonly path: string;
  readonly column: CatalogColumn;
  readonly spec: ColumnSpec;
  readonly rows: number;
  readonly values: number;
  readonly decimals: number;
  readonly references: readonly PlanReference[];
  readonly context: PlanContext & {
    readonly window?: Window | null;
    readonly band?: string;
    readonly scale?: number;
    readonly overrides?: ReadonlyMap<string, number>;
  };
}

const MICROSECONDS = { day: 86_400_000_000, minute: 60_000_000, second: 1_000_000, millisecond: 1000, microsecond: 1 } as const;
/** Longest text that a column without a limit gets. */
const MAX_TEXT = 1_000_000;

/** The builder, or null after reporting why there is none. */
export function builderFor(request: ColumnRequest): PlanBuilder | null {
  const { spec } = request;
  switch (spec.kind) {
    case 'sequence':
      return sequence(request, spec);
    case 'uuid':
      return fits(request, request.column.baseType === 'uuid' || isTextType(request.column.baseType))
        ? { kind: 'uuid', version: spec.version ?? 4, key: keyOf(request, 'uuid') }
        : null;
    case 'template':
      return template(request, spec.template);
    case 'number':
      return number(request, spec.distribution);
    case 'boolean':
      return number(request, { family: 'empirical', bins: booleanBins(spec.trueFraction) });
    case 'category':
      return category(request, spec);
    case 'text':
      return fits(request, isTextType(request.column.baseType))
        ? text(request, spec.length, spec.isUnique === true, request.values)
        : null;
    case 'time':
      return time(request, spec);
    case 'delay':
      return delay(request, spec);
    case 'degreeClass':
      return degreeClass(request, spec);
    case 'id':
    case 'ordinal':
    case 'bytes':
    case 'json':
    case 'array':
      return null;
    case 'constant':
      return constant(request, spec.value);
    case 'server':
      return null;
    case 'unsupported':
      report(
        request,
        `has type ${spec.type}, which no builder makes yet: exclude the column in the policy, or give it a constant`,
      );
      return null;
  }
}

function report(request: ColumnRequest, message: string): void {
  request.context.problems.add(request.path, message);
}

function fits(request: ColumnRequest, isFit: boolean): boolean {
  if (!isFit)
    report(
      request,
      `kind ${request.spec.kind} does not make values of type ${request.column.type}: choose a kind that does, or take the column out of the spec`,
    );
  return isFit;
}

function keyOf(request: ColumnRequest, purpose: string) {
  return deriveKey(request.context.seed, request.key, request.column.name, purpose);
}

function sequence(request: ColumnRequest, spec: { start: number; step: number }): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType) || isTextType(request.column.baseType))) return null;
  const last = spec.start + spec.step * Math.max(0, request.rows - 1);
  const bounds = isTextType(request.column.baseType) ? { min: 0, max: Number.MAX_SAFE_INTEGER } : numberBounds(request.column, 0);
  if (Math.min(spec.start, last) < bounds.min || Math.max(spec.start, last) > bounds.max) {
    report(
      request,
      `${request.rows} keys from ${spec.start} on do not fit ${request.column.type} (at most ${bounds.max}): ${wayOut(request, sequenceLength(spec, bounds))}, or widen the column`,
    );
    return null;
  }
  return { kind: 'sequence', start: spec.start, step: spec.step };
}

/** How many numbers from `start` on are inside the bounds. */
function sequenceLength({ start, step }: { start: number; step: number }, { min, max }: { min: number; max: number }): number {
  if (start < min || start > max) return 0;
  return step === 0 ? Number.MAX_SAFE_INTEGER : Math.floor((step > 0 ? max - start : start - min) / Math.abs(step)) + 1;
}

/** The largest size of the table at which it has at most so many rows. */
function wayOut({ context, key, rows }: ColumnRequest, most: number): string {
  const { spec, scale = 1, overrides = new Map() } = context;
  return largestFit({ spec, scale, overrides }, key, rows, most);
}

function template(request: ColumnRequest, pattern: string): PlanBuilder | null {
  if (!fits(request, isTextType(request.column.baseType))) return null;
  const [before = '', after, ...more] = pattern.split('{row}');
  if (after === undefined || more.length > 0) {
    report(request, 'the template needs {row} exactly once: correct it, or use a constant');
    return null;
  }
  const longest = before.length + after.length + String(request.rows).length;
  if (request.column.maxLength !== null && longest > request.column.maxLength) {
    report(
      request,
      `needs ${longest} characters and the column takes ${request.column.maxLength}: shorten the template, or widen the column`,
    );
    return null;
  }
  return { kind: 'template', before, after };
}

function booleanBins(trueFraction: number): [number, number, number][] {
  return [
    [0, 1, 1 - trueFraction],
    [1, 2, trueFraction],
  ];
}

function number(request: ColumnRequest, distribution: Distribution): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType))) return null;
  const bins = discretise(distribution, request.decimals, request.values, numberBounds(request.column, request.decimals));
  return { kind: 'number', histogram: planHistogram(bins), key: keyOf(request, 'values'), isUnique: false };
}

function category(request: ColumnRequest, spec: ColumnSpec & { kind: 'category' }): PlanBuilder | null {
  const { column } = request;
  if (column.baseType === 'bool') return booleanCategory(request, spec);
  if (!fits(request, isTextType(column.baseType) || column.kind === 'enum')) return null;
  const labels = makeLabels(spec.values, column.maxLength, keyOf(request, 'labels'));
  const tooLong = labels.find((label) => column.maxLength !== null && label.length > column.maxLength);
  if (tooLong !== undefined)
    report(
      request,
      `a label is longer than the ${column.maxLength} characters of the column: shorten it here, or widen the column`,
    );
  const weights = [...spec.values.map((value) => value.weight), spec.other?.weight ?? 0];
  const counts = apportion(weights, request.values);
  const others = counts.at(-1) ?? 0;
  const other = spec.other === undefined || others === 0 ? null : text(request, spec.other.length, false, others);
  return { kind: 'labels', labels, cumulative: runningSums(counts), other };
}

function booleanCategory(request: ColumnRequest, spec: ColumnSpec & { kind: 'category' }): PlanBuilder | null {
  const weightOf = (label: string) =>
    spec.values.reduce((sum, value) => sum + ('label' in value && value.label === label ? value.weight : 0), 0);
  return number(request, {
    family: 'empirical',
    bins: [
      [0, 1, weightOf('false')],
      [1, 2, weightOf('true')],
    ],
  });
}

function text(
  request: ColumnRequest,
  lengths: Distribution,
  isUnique: boolean,
  values: number,
): (PlanText & { kind: 'text' }) | null {
  const codeDigits = isUnique ? digitsBase36(request.rows) : 0;
  const max = request.column.maxLength ?? MAX_TEXT;
  if (codeDigits > max) {
    report(
      request,
      `${request.rows} different texts do not fit ${max} characters: ${wayOut(request, 36 ** max)}, or widen the column`,
    );
    return null;
  }
  const bins = discretise(lengths, 0, values, { min: codeDigits, max });
  return { kind: 'text', lengths: planHistogram(bins), key: keyOf(request, 'text'), codeDigits };
}

function digitsBase36(rows: number): number {
  return Math.max(1, (Math.max(1, rows) - 1).toString(36).length);
}

function time(request: ColumnRequest, spec: ColumnSpec & { kind: 'time' }): PlanBuilder | null {
  if (!fits(request, isTimeType(request.column.baseType))) return null;
  const { window = null, band } = request.context;
  if (spec.calendar.kind === 'window' && window === null) {
    report(request, 'a window calendar needs windowEnd in the spec and windowDays in the band: give both, or use bins');
    return null;
  }
  const week = weekWeights(spec.hourOfWeek);
  const swing = spec.calendar.kind === 'window' ? (spec.calendar.seasonalSwing?.[band as 'dev'] ?? 0) : 0;
  const bins = resolveCalendar(spec.calendar, week, window, swing, request.values);
  if (bins.length === 0 && request.values > 0) {
    report(request, 'the calendar has no weight anywhere: give one of its bins a weight above 0');
    return null;
  }
  const unitUs = request.column.baseType === 'date' ? MICROSECONDS.day : MICROSECONDS[spec.resolution];
  return {
    kind: 'time',
    histogram: planHistogram(bins),
    profile: dayProfiles(week),
    unitUs,
    key: keyOf(request, 'values'),
    isUnique: false,
    epoch: null,
  };
}

function delay(request: ColumnRequest, spec: ColumnSpec & { kind: 'delay' }): PlanBuilder | null {
  if (!fits(request, isTimeType(request.column.baseType))) return null;
  const reference = request.references.findIndex((candidate) => candidate.name === spec.reference);
  const parent = request.context.spec.tables[request.context.spec.tables[request.key]?.references[spec.reference]?.table ?? ''];
  const parentColumn = parent?.columns[spec.column];
  if (reference < 0 || parentColumn === undefined || (parentColumn.kind !== 'time' && parentColumn.kind !== 'delay')) {
    report(
      request,
      `reference ${spec.reference} does not lead to a time column ${spec.column}: name a reference of this table and a time of its parent`,
    );
    return null;
  }
  const bins = discretise(spec.seconds, 6, request.values, { min: 0, max: 2 ** 52 });
  return { kind: 'delay', reference, column: spec.column, histogram: planHistogram(bins), key: keyOf(request, 'values') };
}

function degreeClass(request: ColumnRequest, spec: ColumnSpec & { kind: 'degreeClass' }): PlanBuilder | null {
  if (!fits(request, isTextType(request.column.baseType) || request.column.kind === 'enum')) return null;
  const table = request.context.index.get(spec.child);
  const references = request.context.spec.tables[spec.child]?.references ?? {};
  const reference = Object.keys(references).indexOf(spec.reference);
  if (table === undefined || reference < 0 || references[spec.reference]?.table !== request.key) {
    report(request, `${spec.child} has no reference ${spec.reference} to this table: name one that it has`);
    return null;
  }
  return {
    kind: 'degreeClass',
    table,
    reference,
    upTo: spec.classes.map((one) => one.upTo),
    labels: spec.classes.map((one) => one.label),
  };
}

/** Numbers and booleans go the way of all numbers; everything else is text that the server reads. */
function constant(request: ColumnRequest, value: string | number | boolean | null): PlanBuilder | null {
  if (value === null) return { kind: 'constant', text: null };
  if (!isNumberType(request.column.baseType)) return { kind: 'constant', text: String(value) };
  if (!fits(request, typeof value !== 'string')) return null;
  return number(request, { family: 'constant', value: Number(value) });
}
