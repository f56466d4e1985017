// Repeats at another size, and as whole numbers. Whether a copy of ten times the rows has new values is told by the values that occur
// once: with N1 of them among D, the number of values grows as rows^(N1 / D) (Good, Biometrika 40, 1953; Karlin, J. Math. Mech. 17, 1967).
import { apportion } from '../../stats/apportion.ts';

/** `values` values, each in `degree` rows. */
export interface Degrees {
  readonly degree: number;
  readonly values: number;
}

/** A value that is in fewer rows than this occurs once. */
const ONCE = 1.5;

/**
 * The degrees at `ratio` times the rows, heaviest first: without values that occur once each value has ratio times the rows, with nothing
 * else there are ratio times the values; between the two the heaviest grow in full and the rarest hardly.
 */
export function scaleDegrees(degrees: readonly Degrees[], ratio: number): Degrees[] {
  const sorted = [...degrees].sort((left, right) => right.degree - left.degree);
  const all = sorted.reduce((sum, { values }) => sum + values, 0);
  if (ratio === 1 || all <= 1) return sorted.map(({ degree, values }) => ({ degree: degree * ratio, values }));
  const once = sorted.reduce((sum, { degree, values }) => sum + (degree < ONCE ? values : 0), 0);
  const exponent = once / all;
  const wanted = Math.max(1, all * ratio ** exponent);
  const stretch = Math.log(wanted) / Math.log(all);
  let before = 0;
  return sorted.map(({ degree, values }) => {
    const [first, last] = [before, before + values];
    before = last;
    const place = Math.log(Math.max(1, Math.sqrt(Math.max(1, first) * last))) / Math.log(all);
    const scaled = Math.max(1, degree * ratio ** (1 - exponent * place));
    return { degree: scaled, values: (first === 0 ? 0 : -(first ** stretch)) + last ** stretch };
  });
}

/** The same as whole numbers: `rows` rows, at most `most` values, each in at least one row. */
export function wholeDegrees(degrees: readonly Degrees[], rows: number, most: number): Degrees[] {
  const sum = degrees.reduce((total, { values }) => total + values, 0);
  const count = Math.max(1, Math.min(most, rows, Math.round(sum)));
  const values = apportion(
    degrees.map((each) => each.values),
    count,
  );
  const spare = degrees.map(({ degree }, at) => Math.max(0, degree - 1) * (values[at] ?? 0));
  const hasSpare = spare.some((each) => each > 0);
  const extra = apportion(hasSpare ? spare : values, rows - count);
  return degrees.flatMap((_, at) => alike(values[at] ?? 0, extra[at] ?? 0));
}

/** So many values with so many rows beyond one each, as equal as whole numbers can be; the heavier first. */
function alike(values: number, extra: number): Degrees[] {
  if (values === 0) return [];
  const each = Math.floor(extra / values);
  const over = extra - each * values;
  return [
    { degree: each + 2, values: over },
    { degree: each + 1, values: values - over },
  ].filter((part) => part.values > 0);
}
