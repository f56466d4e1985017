// A metric under construction: the same function makes the value (production against the copy) and the floor (production against
// itself), and the two are put together here with target and verdict.
import type { FidelityMetric } from '../../spec/fidelity.ts';

export interface Figure {
  readonly number: number;
  readonly name: string;
  readonly value: number | null;
  readonly target: number | null;
  readonly direction: 'atLeast' | 'atMost';
  readonly samples: number;
  readonly remark: string;
  /** Where the value comes from; sorted and cut when the metric is made. */
  readonly places: readonly { readonly place: string; readonly value: number }[];
}

const MAX_PLACES = 200;
/** Figures are judged as shown, so that a value printed as its target meets it. */
const DIGITS = 1e4;

/** The figures with their floors (by number and name; none: null), in order. */
export function makeMetrics(figures: readonly Figure[], floors: readonly Figure[]): FidelityMetric[] {
  const floorOf = new Map(floors.map((floor) => [`${floor.number} ${floor.name}`, floor]));
  return figures.map((figure) => {
    const floor = floorOf.get(`${figure.number} ${figure.name}`);
    const value = figure.value === null ? null : round(figure.value);
    return {
      ...figure,
      value,
      floor: roundOrNull(floor?.value),
      verdict: verdictOf(figure, value),
      places: worstPlaces(figure, floor),
    };
  });
}

/** A metric that was not measured, with the reason. */
export function unmeasured(number: number, name: string, target: number | null, remark: string): Figure {
  return { number, name, value: null, target, direction: 'atMost', samples: 0, remark, places: [] };
}

function worstPlaces(figure: Figure, floor: Figure | undefined): FidelityMetric['places'] {
  const floors = new Map(floor?.places.map(({ place, value }) => [place, value]));
  const sign = figure.direction === 'atMost' ? 1 : -1;
  return [...figure.places]
    .sort((left, right) => sign * (right.value - left.value))
    .slice(0, MAX_PLACES)
    .map(({ place, value }) => ({ place, value: round(value), floor: roundOrNull(floors.get(place)) }));
}

function verdictOf({ target, direction }: Figure, value: number | null): FidelityMetric['verdict'] {
  if (value === null || target === null) return 'notMeasured';
  return (direction === 'atMost' ? value <= target : value >= target) ? 'met' : 'missed';
}

function roundOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : round(value);
}

/** Four digits after the point. */
export function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
