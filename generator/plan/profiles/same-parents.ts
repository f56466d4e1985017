// Two references of a child to one table often name one parent (who made a row and who changed it last). The numbers of children under
// the two must then go together, or there are not enough such rows to make: where few parents stand behind the counts of both
// numbers, the share of children whose parents are the same is what is left to learn it from.

export interface SiblingDegrees {
  /** Children of the parent at each place, under either reference; equally many places. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Children whose two parents are the same, for each place of the parents on the average. */
  readonly same: number;
}

export interface SiblingCounts {
  /** The octave of the number of children, by place. */
  readonly firstClasses: Uint16Array;
  readonly secondClasses: Uint16Array;
  readonly classes: number;
  /** Parents by octave of the first number times octave of the second. */
  readonly wanted: Float64Array;
  /** Of parents in equal order under both, against chance: 0 to 1. */
  readonly strength: number;
}

/** Less than this is chance. */
const LEAST_STRENGTH = 0.05;

/**
 * How parents should stand by both numbers: a mixture of the same order (Fréchet's upper bound) and chance, such that as many children
 * can have the same parents as there are. Null where chance gives enough of them.
 */
export function siblingCounts({ first, same, second }: SiblingDegrees): SiblingCounts | null {
  const size = first.length;
  const [ones, twos] = [first.map((_, at) => at).sort(by(first)), second.map((_, at) => at).sort(by(second))];
  let most = 0;
  for (let at = 0; at < size; at += 1) most += Math.min(first[ones[at] ?? 0] ?? 0, second[twos[at] ?? 0] ?? 0);
  const chance = meanOfMinima(first, second) * size;
  const strength = most > chance ? Math.min(1, (same * size - chance) / (most - chance)) : 0;
  if (strength < LEAST_STRENGTH) return null;
  const [firstClasses, secondClasses] = [Uint16Array.from(first, octaveOf), Uint16Array.from(second, octaveOf)];
  const classes = 1 + Math.max(0, ...firstClasses, ...secondClasses);
  const [firstSums, secondSums] = [sumsOf(firstClasses, classes), sumsOf(secondClasses, classes)];
  const wanted = new Float64Array(classes * classes);
  for (let one = 0; one < classes; one += 1) {
    for (let two = 0; two < classes; two += 1) {
      wanted[one * classes + two] = ((1 - strength) * (firstSums[one] ?? 0) * (secondSums[two] ?? 0)) / size;
    }
  }
  for (let at = 0; at < size; at += 1) {
    const cell = (firstClasses[ones[at] ?? 0] ?? 0) * classes + (secondClasses[twos[at] ?? 0] ?? 0);
    wanted[cell] = (wanted[cell] ?? 0) + strength;
  }
  return { firstClasses, secondClasses, classes, wanted, strength };
}

/** The mean of the smaller one of two numbers that have nothing to do with each other. */
function meanOfMinima(first: Float64Array, second: Float64Array): number {
  const ascending = Float64Array.from(second).sort();
  let below = 0;
  let at = 0;
  let sum = 0;
  for (const value of Float64Array.from(first).sort()) {
    for (; at < ascending.length && (ascending[at] ?? 0) < value; at += 1) below += ascending[at] ?? 0;
    sum += below + value * (ascending.length - at);
  }
  return first.length === 0 ? 0 : sum / (first.length * second.length);
}

function by(values: Float64Array): (left: number, right: number) => number {
  return (left, right) => (values[left] ?? 0) - (values[right] ?? 0) || left - right;
}

/** 0 for none, 1 for 1, 2 for 2 and 3, 3 for 4 to 7, ... */
function octaveOf(degree: number): number {
  let octave = 0;
  for (let from = 1; from <= degree; from *= 2) octave += 1;
  return octave;
}

function sumsOf(classOf: Uint16Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  for (const value of classOf) sums[value] = (sums[value] ?? 0) + 1;
  return sums;
}
