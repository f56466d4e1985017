// Users: they join as the service grows, belong to a community, and a few write most. Early ones write more, later ones leave sooner;
// who has left is switched off some months later.
import { DAY, drawGrowthTime, END, type Rhythm, START } from './calendar.ts';
import type { Draws } from './draws.ts';
import { makeUsername } from './texts.ts';

export interface User {
  readonly joined: number;
  /** Writes nothing from here on. */
  readonly left: number;
  /** When the account was switched off; Infinity while it is on. */
  readonly switchedOff: number;
  readonly activity: number;
  readonly community: number;
  readonly rhythm: Rhythm;
  /** Writes texts that are so much longer, as a factor. */
  readonly verbosity: number;
  /** How often a message has media. */
  readonly mediaShare: number;
  readonly username: string;
  readonly email: string;
}

const PROVIDERS = ['mail.example', 'post.example', 'inbox.example', 'corp.example', 'uni.example'];
const PROVIDER_WEIGHTS = [50, 20, 15, 10, 5];

interface Community {
  readonly zone: number;
  readonly workShare: number;
}

/** In the order of joining, which is the order of their ids. */
export function makeUsers(count: number, draws: Draws): readonly User[] {
  const communities = Array.from({ length: Math.max(8, Math.round(count / 120)) }, () => ({
    zone: [0, 1, -5, 8][draws.weighted([35, 20, 30, 15])] ?? 0,
    workShare: draws.chance(0.35) ? 0.9 : 0.2,
  }));
  const times = Array.from({ length: count }, () => Math.min(drawGrowthTime(draws), END - 1)).sort((a, b) => a - b);
  const taken = new Set<string>();
  return times.map((joined, at) => makeUser({ joined, lateness: at / count, communities, taken }, draws));
}

interface Newcomer {
  readonly joined: number;
  /** 0 for the first user, 1 for the last. */
  readonly lateness: number;
  readonly communities: readonly Community[];
  readonly taken: Set<string>;
}

function makeUser({ joined, lateness, communities, taken }: Newcomer, draws: Draws): User {
  // Communities of very different sizes; older ones are larger.
  const community = Math.floor(communities.length * draws.next() ** 1.8);
  const { zone, workShare } = communities[community] ?? { zone: 0, workShare: 0 };
  const isWork = draws.chance(workShare);
  const activity = draws.logNormal(1 - 0.55 * lateness, 1.25) * (draws.chance(0.02) ? draws.pareto(3, 1.6) : 1);
  const stays = draws.chance(Math.min(0.95, 0.45 + 0.25 * Math.sqrt(activity)));
  const left = stays ? END : joined + draws.logNormal(25 + 60 * activity, 1.3) * DAY;
  const username = makeUsername(lateness, taken, draws);
  return {
    joined,
    left,
    switchedOff: drawSwitchOff(joined, left, draws),
    activity: Math.min(activity, 400),
    community,
    rhythm: { isWork, zone, shift: Math.round(draws.normal() * 1.6) },
    verbosity: draws.logNormal(isWork ? 1.25 : 0.9, 0.45),
    mediaShare: Math.min(0.6, draws.logNormal(isWork ? 0.05 : 0.11, 0.8)),
    username,
    email: `${username}@${PROVIDERS[isWork ? 3 : draws.weighted(PROVIDER_WEIGHTS)] ?? ''}`,
  };
}

function drawSwitchOff(joined: number, left: number, draws: Draws): number {
  if (left < END && draws.chance(0.45)) return left + draws.exponential(70 * DAY);
  return draws.chance(0.006) ? joined + draws.next() * (END - joined) : Infinity;
}

/** The users of a community in the order of joining. */
export function groupByCommunity(users: readonly User[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const [id, { community }] of users.entries()) {
    groups[community] ??= [];
    groups[community].push(id);
  }
  return Array.from(groups, (group) => group ?? []);
}

/** How many of them (in the order of joining) have joined before the time. */
export function countJoined(ids: readonly number[], users: readonly User[], time: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBefore = (users[ids[middle] ?? 0]?.joined ?? START) < time;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}
