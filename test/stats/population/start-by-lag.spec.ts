import { lagClass } from '../../../stats/population/members.ts';
import type { LagAxis } from '../../../stats/population/population.ts';
import { dealByLag, lagEdges } from '../../../stats/population/start-by-lag.ts';
import { drawFrom } from './draw-from.ts';

const SIZE = 2000;
const upTo = (size: number) => Array.from({ length: size }, (_, at) => at);
/** Values by place, ascending, a second apart on the average. */
const times = (seed: number) => {
  const draw = drawFrom(seed);
  return Float64Array.from(upTo(SIZE), () => draw(SIZE)).sort();
};
const axis: LagAxis = {
  kind: 'lag',
  variable: 0,
  since: 1,
  classes: 6,
  valueOf: times(1),
  sinceOf: times(2),
  cuts: Float64Array.of(0, 10, 100),
  classOf: [2, 3, 4, 5],
};
const heap = Int32Array.from(upTo(SIZE));
const marginal = { axes: [0] as const, wanted: Float64Array.of(0, 0, 0, 70, 30, 0) };

describe('a start along a lag', () => {
  const [edge] = lagEdges([axis], [marginal], SIZE);
  if (edge === undefined) throw new Error('no lag found');

  test.each(['the parents', 'the rows'])('gives %s each a place once, and nearly all lags as wanted', (which) => {
    const known = which === 'the parents' ? 0 : 1;
    const places = dealByLag(edge, { variable: known, places: heap }, drawFrom(3));

    const [own, since] = known === 0 ? [heap, places] : [places, heap];
    const classes = upTo(SIZE).map((member) => lagClass(axis, own[member] ?? 0, since[member] ?? 0));
    const share = (wanted: number) => classes.filter((each) => each === wanted).length / SIZE;
    expect([...places].sort((one, two) => one - two)).toEqual(upTo(SIZE));
    expect(share(3)).toBeGreaterThan(0.45);
    expect(share(3) + share(4)).toBeGreaterThan(0.8);
  });

  test('tells more the less likely its lags are by chance', () => {
    const [chance] = lagEdges([axis], [{ axes: [0], wanted: Float64Array.of(0, 0, 50, 0, 5, 45) }], SIZE);

    expect(edge.information).toBeGreaterThan(chance?.information ?? Number.POSITIVE_INFINITY);
    expect(edge.information).toBeGreaterThan(SIZE);
  });

  test('takes values that are missing for the last ones, and is not for classes that are no interval', () => {
    const gaps: LagAxis = { ...axis, sinceOf: axis.sinceOf.map((value, place) => (place % 10 === 0 ? Number.NaN : value)) };
    const [own] = lagEdges([gaps], [marginal], SIZE);
    if (own === undefined) throw new Error('no lag found');

    expect([...dealByLag(own, { variable: 0, places: heap }, drawFrom(4))].sort((one, two) => one - two)).toEqual(upTo(SIZE));
    expect(lagEdges([{ ...axis, classOf: [2, 3, 3, 2] }], [marginal], SIZE)).toEqual([]);
  });
});
