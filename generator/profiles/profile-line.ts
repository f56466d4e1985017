// Profiles laid one after another in some order, each as long as it is (its rows, its parents, their children): where a profile starts,
// and which one lies at a position. Made once from the plan; a guide table leaves a search of a step or two.
import { ShapecastError } from '../../core/errors.ts';
import { type PackedIntegers, unpackIntegers } from '../../core/packed-integers.ts';

/** Profiles by place. Positions go from 0 to `total` - 1; profiles of length 0 lie at none. */
export class ProfileLine {
  readonly total: number;
  private readonly profileAtPlace: Int32Array;
  private readonly lengths: Lengths;

  /** `places` says the place of each profile, `sizeOf` how long it is. */
  constructor(places: PackedIntegers, count: number, sizeOf: (profile: number) => number) {
    const placeOf = unpackIntegers(places);
    this.profileAtPlace = invert(placeOf, count);
    this.lengths = measureLengths(this.profileAtPlace, placeOf, sizeOf);
    this.total = this.lengths.isEven ? count : this.lengths.total;
  }

  /** Where a profile starts. */
  startOf(profile: number): number {
    const { lengths } = this;
    return (lengths.isEven ? lengths.placeOf[profile] : lengths.startOfProfile[profile]) as number;
  }

  /** Where a place starts; the line's end for the one after the last. */
  startAt(place: number): number {
    const { lengths } = this;
    if (place >= this.profileAtPlace.length) return this.total;
    return lengths.isEven ? place : (lengths.startOfPlace[place] as number);
  }

  /** The profiles at the first `count` positions, and where in their profiles these lie. */
  findAll(positions: Float64Array, count: number, profiles: Int32Array, within: Float64Array): void {
    const { lengths, profileAtPlace } = this;
    if (lengths.isEven) {
      for (let index = 0; index < count; index += 1) profiles[index] = profileAtPlace[positions[index] as number] as number;
      within.fill(0, 0, count);
      return;
    }
    const { guide, guideWidth, startOfPlace } = lengths;
    for (let index = 0; index < count; index += 1) {
      const position = positions[index] as number;
      const step = Math.floor(position / guideWidth);
      let low = guide[step] as number;
      let high = guide[step + 1] as number;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((startOfPlace[middle] as number) <= position) low = middle;
        else high = middle - 1;
      }
      profiles[index] = profileAtPlace[low] as number;
      within[index] = position - (startOfPlace[low] as number);
    }
  }

  /** The profile at a position, 0 <= position < total. */
  profileAt(position: number): number {
    const { lengths } = this;
    if (lengths.isEven) return this.profileAtPlace[position] as number;
    const { guide, guideWidth, startOfPlace } = lengths;
    const step = Math.floor(position / guideWidth);
    let low = guide[step] as number;
    let high = guide[step + 1] as number;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((startOfPlace[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    return this.profileAtPlace[low] as number;
  }
}

/** Profiles of one position each lie where their places are: a third of the memory, and nothing to search. */
interface Even {
  readonly isEven: true;
  readonly placeOf: Int32Array;
}

interface Uneven {
  readonly isEven: false;
  readonly total: number;
  readonly startOfPlace: Float64Array;
  readonly startOfProfile: Float64Array;
  readonly guide: Int32Array;
  readonly guideWidth: number;
}

type Lengths = Even | Uneven;

function measureLengths(profileAtPlace: Int32Array, placeOf: Int32Array, sizeOf: (profile: number) => number): Lengths {
  const count = profileAtPlace.length;
  if (profileAtPlace.every((profile) => sizeOf(profile) === 1)) return { isEven: true, placeOf };
  const startOfPlace = new Float64Array(count);
  const startOfProfile = new Float64Array(count);
  let total = 0;
  for (let place = 0; place < count; place += 1) {
    const profile = profileAtPlace[place] as number;
    startOfPlace[place] = total;
    startOfProfile[profile] = total;
    total += sizeOf(profile);
  }
  const guideWidth = Math.max(1, Math.floor(total / count));
  return { isEven: false, total, startOfPlace, startOfProfile, guide: makeGuide(startOfPlace, total, guideWidth), guideWidth };
}

/** The last place that starts at or before each multiple of the width; one more than there are, to search between two. */
function makeGuide(startOfPlace: Float64Array, total: number, width: number): Int32Array {
  const guide = new Int32Array(Math.ceil(total / width) + 1);
  let place = 0;
  for (let step = 0; step < guide.length; step += 1) {
    while (place + 1 < startOfPlace.length && (startOfPlace[place + 1] as number) <= step * width) place += 1;
    guide[step] = place;
  }
  return guide;
}

/** The profile of each place. Throws BUG unless each of `count` places has exactly one. */
function invert(places: Int32Array, count: number): Int32Array {
  const profiles = new Int32Array(count).fill(-1);
  if (places.length !== count) throw new ShapecastError('BUG', { what: 'an order of profiles does not fit their number' });
  for (let profile = 0; profile < count; profile += 1) {
    const place = places[profile] as number;
    if (place >= count || profiles[place] !== -1) throw new ShapecastError('BUG', { what: 'two profiles have the same place' });
    profiles[place] = profile;
  }
  return profiles;
}
