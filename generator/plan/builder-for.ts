// From a column's spec to its builder: everything floating point is decided here and frozen as whole numbers.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanBuilder, PlanText } from '../../spec/plan.ts';
import type { Repeats } from '../../spec/repeats.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { arrayBuilder } from './array-builder.ts';
import { bytesBuilder } from './bytes-builder.ts';
import { dayProfiles, resolveCalendar, weekWeights } from './calendar.ts';
import { clipCalendar } from './clip-calendar.ts';
import { clipNumbers } from './clip-numbers.ts';
import { type ColumnRequest, checkNames, fits, keyOf, report } from './column-request.ts';
import { canHoldEpoch, epochFits, epochRestriction, epochStepUs } from './epoch-unit.ts';
import { type CountedBin, discretise, planHistogram } from './histogram.ts';
import { idBuilder } from './id-builder.ts';
import { jsonBuilder } from './json-builder.ts';
import { largestFit } from './largest-fit.ts';
import { makeLabels } from './make-labels.ts';
import { repeatNumbers, repeatRows, repeatTexts, repeatTimes } from './repeat-bins.ts';
import { allowsNumber, allowsText, restrictCategory } from './restrict-labels.ts';
import { isStretched } from './time-span.ts';
import { endOfRoom, spreadUnique, wholePlaces } from './unique-values.ts';
import { isNumberType, isSecondsType, isTextType, isTimeType, lengthLimits, numberBounds } from './value-types.ts';

const MICROSECONDS = { day: 86_400_000_000, minute: 60_000_000, second: 1_000_000, millisecond: 1000, microsecond: 1 } as const;
const MICROSECONDS_PER_HOUR = 3_600_000_000;
/** Hours from 1970 to 2000. */
const POSTGRES_EPOCH_HOUR = 262_968;
/** Year 9999, in hours since 1970. */
const LAST_HOUR = 70_389_504;

/** The builder, or null after reporting why there is none. */
export function builderFor(request: ColumnRequest): PlanBuilder | null {
  const { spec } = request;
  switch (spec.kind) {
    case 'sequence':
      return sequence(request, spec);
    case 'uuid':
      return fits(request, request.column.baseType === 'uuid' || isTextType(request.column.baseType))
        ? uuid(request, spec)
        : null;
    case 'template':
      return template(request, spec.template);
    case 'number':
      return number(request, spec.distribution, spec.isUnique === true, spec.repeats);
    case 'boolean':
      return number(request, { family: 'empirical', bins: booleanBins(spec.trueFraction) });
    case 'category':
      return category(request, spec);
    case 'text':
      if (request.restriction.labels !== null) return category(request, { kind: 'category', values: [], nullFraction: 0 });
      return fits(request, isTextType(request.column.baseType))
        ? text(request, spec.length, { isUnique: spec.isUnique === true, values: request.values, repeats: spec.repeats })
        : null;
    case 'time':
      return time(request, spec);
    case 'delay':
      return delay(request, spec);
    case 'degreeClass':
      return degreeClass(request, spec);
    case 'ordinal':
      return ordinal(request, spec);
    case 'id':
      return idBuilder(request, spec);
    case 'bytes':
      return bytesBuilder(request, spec);
    case 'json':
      return jsonBuilder(request, spec);
    case 'array':
      return arrayBuilder(request, spec);
    case 'constant':
      return constant(request, spec.value);
    case 'server':
      return null;
    case 'unsupported':
      report(
        request,
        `has type ${spec.type}, which no builder makes: exclude the column in the policy (excludedColumns), or give it a constant in the spec (kind: constant)`,
      );
      return null;
  }
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
  if (request.rows > 0 && !(allowsNumber(request.restriction, spec.start, 0) && allowsNumber(request.restriction, last, 0)))
    report(request, `keys from ${spec.start} to ${last} are not all allowed by ${checkNames(request)}: change start or step`);
  return { kind: 'sequence', start: spec.start, step: spec.step };
}

function ordinal(request: ColumnRequest, spec: { reference: string; start: number }): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType))) return null;
  const index = request.references.findIndex((reference) => reference.name === spec.reference);
  const found = request.references[index];
  const curves = found?.tree?.curves ?? (found?.curve ? [found.curve] : []);
  if (curves.length === 0 && request.rows > 0) {
    report(request, `${spec.reference} is no reference of this table with a fanOut`);
    return null;
  }
  const { max } = numberBounds(request.column, 0);
  // A root that points at itself is one of its own children.
  const own = found?.tree?.rootsPointAtThemselves === true ? 1 : 0;
  const largest = curves.reduce((most, { degree }) => Math.max(most, degree.at(-1) ?? 0), 0) + own;
  const last = spec.start + Math.max(largest, found?.nulls ?? 0) - 1;
  if (last > max) {
    report(
      request,
      `counts up to ${last} and ${request.column.type} holds ${max} at most: flatten the fanOut of ${spec.reference}`,
    );
    return null;
  }
  return { kind: 'ordinal', reference: index, start: spec.start };
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

function uuid(request: ColumnRequest, spec: ColumnSpec & { kind: 'uuid' }): PlanBuilder {
  const repeats = repeatRows(request.values, spec.repeats);
  const builder = { kind: 'uuid', version: spec.version ?? 4, key: keyOf(request, 'uuid') } as const;
  return repeats === undefined ? builder : { ...builder, repeats };
}

function number(request: ColumnRequest, distribution: Distribution, isUnique = false, repeats?: Repeats): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType) || isSecondsType(request.column.baseType))) return null;
  const { column, decimals, values, restriction } = request;
  const bounds = numberBounds(column, decimals);
  const drawn = clipNumbers(discretise, { distribution, decimals, total: values, bounds, restriction });
  if (drawn.length === 0 && values > 0)
    report(request, `no value with ${decimals} decimals is allowed by ${checkNames(request)}: set other decimals`);
  const bins = isUnique ? spreadUnique(drawn, wholePlaces(endOfRoom(drawn, restriction, decimals, bounds.max + 1))) : drawn;
  if (bins === null) {
    report(
      request,
      `${values} different values do not fit ${column.type} (at most ${bounds.max}${restriction.intervals === null ? '' : `, and ${checkNames(request)}`}): lower the rows, widen the column, or start the distribution lower`,
    );
    return null;
  }
  return {
    kind: 'number',
    ...repeatNumbers(bins, isUnique ? undefined : repeats, decimals),
    key: keyOf(request, 'values'),
    isUnique,
  };
}

function category(request: ColumnRequest, given: ColumnSpec & { kind: 'category' }): PlanBuilder | null {
  const { column, restriction } = request;
  const spec = restrictCategory(given, restriction);
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
  const other =
    spec.other === undefined || others === 0
      ? null
      : text(request, spec.other.length, { isUnique: false, values: others, repeats: spec.other.repeats });
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
  { isUnique, values, repeats }: { readonly isUnique: boolean; readonly values: number; readonly repeats: Repeats | undefined },
): (PlanText & { kind: 'text' }) | null {
  const codeDigits = isUnique ? digitsBase36(request.rows) : 0;
  const { minLength, maxLength } = request.restriction;
  const limits = lengthLimits(request.column);
  const max = Math.min(limits.max, maxLength);
  if (codeDigits > max) {
    report(
      request,
      `${request.rows} different texts do not fit ${max} characters: ${wayOut(request, 36 ** max)}, or widen the column`,
    );
    return null;
  }
  const bins = discretise(lengths, 0, values, { min: Math.max(limits.min, codeDigits, minLength), max });
  const { histogram, ...shared } = repeatTexts(bins, isUnique ? undefined : repeats);
  return { kind: 'text', lengths: histogram, ...shared, key: keyOf(request, 'text'), codeDigits };
}

function digitsBase36(rows: number): number {
  return Math.max(1, (Math.max(1, rows) - 1).toString(36).length);
}

function scatterOf(request: ColumnRequest, { calendar, scatter }: ColumnSpec & { kind: 'time' }) {
  return scatter === undefined || calendar.kind !== 'bins' ? null : { scatter, key: keyOf(request, 'days') };
}

function time(request: ColumnRequest, spec: ColumnSpec & { kind: 'time' }): PlanBuilder | null {
  const { epoch } = spec;
  if (!fits(request, epoch === undefined ? isTimeType(request.column.baseType) : canHoldEpoch(request.column))) return null;
  const { window = null, timeSpan = null, band } = request.context;
  if (spec.calendar.kind === 'window' && window === null) {
    report(request, 'a window calendar needs windowEnd in the spec and windowDays in the band: give both, or use bins');
    return null;
  }
  const week = weekWeights(spec.hourOfWeek);
  const swing = spec.calendar.kind === 'window' ? (spec.calendar.seasonalSwing?.[band as 'dev'] ?? 0) : 0;
  const unitUs = request.column.baseType === 'date' ? MICROSECONDS.day : epochStepUs(epoch, MICROSECONDS[spec.resolution]);
  const found = resolveCalendar(spec.calendar, week, window, swing, request.values, {
    scatter: scatterOf(request, spec),
    span: timeSpan !== null && isStretched(spec) ? timeSpan : null,
  });
  const bins = clipCalendar(found, week, epochRestriction(epoch, request.restriction), request.column.baseType, unitUs);
  if (bins.length === 0 && request.values > 0) {
    report(request, 'the calendar has no weight anywhere: give one of its bins a weight above 0');
    return null;
  }
  if (spec.isUnique === true) return uniqueTime(request, bins, unitUs, epoch ?? null);
  const { histogram, ...shared } = repeatTimes(bins, spec.repeats, unitUs);
  if (epoch !== undefined && !epochFits(request.column, epoch, histogram)) {
    report(request, `its calendar reaches times that ${request.column.type} does not hold in ${epoch}`);
    return null;
  }
  return {
    kind: 'time',
    histogram,
    ...shared,
    profile: dayProfiles(week),
    unitUs,
    key: keyOf(request, 'values'),
    isUnique: false,
    epoch: epoch ?? null,
  };
}

/** Times of which none repeats; the hours of the day are even, because the profile gives shares and not places. */
function uniqueTime(
  request: ColumnRequest,
  bins: readonly CountedBin[],
  unitUs: number,
  epoch: 'seconds' | 'milliseconds' | null,
): PlanBuilder | null {
  const perHour = MICROSECONDS_PER_HOUR / unitUs;
  const step = Math.max(1, Math.ceil(1 / perHour));
  const spread = spreadUnique(bins, {
    in: (from, to) => Math.floor((to - from) * perHour),
    endFor: (from, count) => from + Math.ceil(count / perHour / step) * step,
    end: lastHour(request),
  });
  if (spread === null) {
    report(request, `${request.values} different times at this resolution do not fit: lower the rows or refine the resolution`);
    return null;
  }
  return {
    kind: 'time',
    histogram: planHistogram(spread),
    profile: [],
    unitUs,
    key: keyOf(request, 'values'),
    isUnique: true,
    epoch,
  };
}

/** Exclusive end of the column's times, in hours since 1970. */
function lastHour({ column, restriction }: ColumnRequest): number {
  const last = restriction.intervals?.at(-1)?.to;
  if (last === undefined || !isTimeType(column.baseType)) return LAST_HOUR;
  const perHour = column.baseType === 'date' ? 1 / 24 : MICROSECONDS_PER_HOUR;
  return Math.min(LAST_HOUR, Math.floor(last / perHour) + POSTGRES_EPOCH_HOUR);
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
  const isNumber = isNumberType(request.column.baseType) || (isSecondsType(request.column.baseType) && typeof value === 'number');
  const isAllowed = isNumber
    ? allowsNumber(request.restriction, Number(value), request.decimals)
    : allowsText(request.restriction, String(value));
  if (!isAllowed && request.rows > 0) report(request, `the constant is not allowed by ${checkNames(request)}`);
  if (!isNumber) return { kind: 'constant', text: String(value) };
  if (!fits(request, typeof value !== 'string')) return null;
  return number(request, { family: 'constant', value: Number(value) });
}
