// The hours of a day by how much of it happens in them: where a share of the day falls, and how far it is through its hour.
import { lastAtMost } from '../keys/curve-lookup.ts';

/** Of a whole day, as PlanBuilder's time has it. */
export const PROFILE_UNIT = 65536;
const STEP = 256;

/** One day's profile, prepared for finding the hour of a share fast. */
export class HourProfile {
  private readonly start: Float64Array;
  private readonly width: Float64Array;
  /** The hour where each step of shares begins: most steps lie in one hour. */
  private readonly guide: Uint8Array;

  /** `profile`: cumulative shares, from 0 to PROFILE_UNIT. */
  constructor(profile: readonly number[]) {
    this.start = Float64Array.from(profile.slice(0, -1));
    this.width = Float64Array.from(this.start, (from, hour) => (profile[hour + 1] ?? PROFILE_UNIT) - from);
    this.guide = Uint8Array.from({ length: PROFILE_UNIT / STEP + 1 }, (_, step) => lastAtMost(this.start, step * STEP));
  }

  /** The last hour that begins at or before the share. */
  hourOf(share: number): number {
    const { guide, start } = this;
    let hour = guide[(share / STEP) | 0] as number;
    const last = guide[((share / STEP) | 0) + 1] as number;
    while (hour < last && (start[hour + 1] as number) <= share) hour += 1;
    return hour;
  }

  /** How far the share is through the hour, from 0 to below 1. */
  placeIn(hour: number, share: number): number {
    return (share - (this.start[hour] as number)) / (this.width[hour] as number);
  }
}
