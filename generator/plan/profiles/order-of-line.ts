// In which order the parents' profiles stand on the line of their children. Where profiles are single rows any order does, and the
// heap's is the best, because keys near each other in the heap often lie near each other in the parents' too. Where a profile of
// children covers several parents' profiles, those should be alike in all that marginals say about them.

/** So many neighbouring profiles are sorted among themselves: few enough to be of one time. */
const NEIGHBOURS = 32;

/** The place on the line of each parents' profile. `classes`: of the parents' profiles, the weightiest axis first. */
export function orderOfLine(size: number, isFine: boolean, classes: readonly Uint16Array[]): Int32Array {
  const line = new Int32Array(size);
  const sorted = Int32Array.from({ length: size }, (_, profile) => profile);
  if (!isFine && classes.length > 0) {
    sorted.sort((left, right) => {
      const apart = Math.floor(left / NEIGHBOURS) - Math.floor(right / NEIGHBOURS);
      return apart !== 0 ? apart : compareClasses(classes, left, right);
    });
  }
  for (let place = 0; place < size; place += 1) line[sorted[place] as number] = place;
  return line;
}

function compareClasses(classes: readonly Uint16Array[], left: number, right: number): number {
  for (const each of classes) {
    const difference = (each[left] as number) - (each[right] as number);
    if (difference !== 0) return difference;
  }
  return left - right;
}
