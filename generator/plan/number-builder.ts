// Numbers from a distribution, whole in the column's last decimal; booleans and constants go the same way.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanBuilder } from '../../spec/plan.ts';
import type { Repeats } from '../../spec/repeats.ts';
import { clipNumbers } from './clip-numbers.ts';
import { type ColumnRequest, checkNames, fits, keyOf, report } from './column-request.ts';
import { discretise } from './histogram.ts';
import { repeatNumbers } from './repeat-bins.ts';
import { allowsNumber, allowsText } from './restrict-labels.ts';
import { endOfRoom, spreadUnique, wholePlaces } from './unique-values.ts';
import { isNumberType, isSecondsType, numberBounds } from './value-types.ts';

/** Numbers of a distribution; null after reporting why there are none. */
export function numberBuilder(
  request: ColumnRequest,
  distribution: Distribution,
  isUnique = false,
  repeats?: Repeats,
): PlanBuilder | null {
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

/** A boolean as the number 0 or 1. */
export function booleanBuilder(
  request: ColumnRequest,
  weights: { readonly no: number; readonly yes: number },
): PlanBuilder | null {
  return numberBuilder(request, {
    family: 'empirical',
    bins: [
      [0, 1, weights.no],
      [1, 2, weights.yes],
    ],
  });
}

/** Numbers and booleans go the way of all numbers; everything else is text that the server reads. */
export function constantBuilder(request: ColumnRequest, value: string | number | boolean | null): PlanBuilder | null {
  if (value === null) return { kind: 'constant', text: null };
  const isNumber = isNumberType(request.column.baseType) || (isSecondsType(request.column.baseType) && typeof value === 'number');
  const isAllowed = isNumber
    ? allowsNumber(request.restriction, Number(value), request.decimals)
    : allowsText(request.restriction, String(value));
  if (!isAllowed && request.rows > 0) report(request, `the constant is not allowed by ${checkNames(request)}`);
  if (!isNumber) return { kind: 'constant', text: String(value) };
  if (!fits(request, typeof value !== 'string')) return null;
  return numberBuilder(request, { family: 'constant', value: Number(value) });
}
