// How the rows of a tree are shared by its levels when nobody measured it: calibrate writes it down, and the plan falls back on it
// for a spec without levels.

/** Levels below the roots. */
const ASSUMED_LEVELS = 8;

/** Weights of the levels, roots first: each level below the roots has half the rows of the one above, eight of them. */
export function assumeLevels(rootShare: number): number[] {
  const below = Array.from({ length: ASSUMED_LEVELS }, (_, level) => 2 ** -(level + 1));
  const sum = below.reduce((left, right) => left + right, 0);
  if (rootShare >= 1) return [1];
  return [rootShare, ...below.map((weight) => ((1 - rootShare) * weight) / sum)];
}
