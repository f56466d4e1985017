// Where the classes of places change: members between two starts are the same to every marginal, so their places are free.

/** Where the class changes on any of the axes, 0 first: the places that a plan keeps together. */
export function classStarts(axes: readonly Uint16Array[], size: number): number[] {
  const starts = [0];
  for (let place = 1; place < size; place += 1) {
    if (axes.some((classes) => classes[place] !== classes[place - 1])) starts.push(place);
  }
  return starts;
}
