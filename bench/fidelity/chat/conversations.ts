// Conversations and their members: someone active starts one, mostly with people of the own community; channels go on filling for
// months, and some members leave. A pair of users has one direct conversation.
import { DAY, END, HOUR, presence, START } from './calendar.ts';
import type { Draws } from './draws.ts';
import { makeTitle } from './texts.ts';
import { countJoined, type User } from './users.ts';

export type ConversationType = 'direct' | 'group' | 'channel';

export interface Member {
  /** Index of the user. */
  readonly user: number;
  readonly joined: number;
  /** Infinity while they stay; the row of the membership is deleted then. */
  readonly left: number;
  readonly role: 'owner' | 'admin' | 'member';
  /** When the role was given, later than `joined` for who was promoted. */
  readonly promoted: number;
}

export interface Conversation {
  readonly type: ConversationType;
  readonly created: number;
  /** Null: without a title. */
  readonly title: string | null;
  /** When the title was changed, and to what. */
  readonly renamed: { readonly at: number; readonly title: string } | null;
  /** No messages after this. */
  readonly ends: number;
  /** Sessions a day in the beginning, before the service's scale. */
  readonly energy: number;
  /** In the order of joining; the first is the owner. */
  readonly members: readonly Member[];
}

/** Users by the chance that they start or join a conversation. */
interface People {
  readonly users: readonly User[];
  readonly communities: readonly (readonly number[])[];
  readonly pairs: Set<number>;
}

/** In the order of their creation, which is the order of their ids. */
export function makeConversations(
  count: number,
  users: readonly User[],
  communities: readonly (readonly number[])[],
  draws: Draws,
): readonly Conversation[] {
  const people = { users, communities, pairs: new Set<number>() };
  const made: Conversation[] = [];
  while (made.length < count) {
    const conversation = tryConversation(people, draws);
    if (conversation !== null) made.push(conversation);
  }
  return made.sort((a, b) => a.created - b.created);
}

function tryConversation(people: People, draws: Draws): Conversation | null {
  const { users } = people;
  const owner = draws.below(users.length);
  const user = users[owner];
  if (user === undefined || !draws.chance(Math.min(1, user.activity / 10))) return null;
  // Much is started in the first weeks after joining.
  const span = Math.min(user.left, END) - user.joined;
  const created = user.joined + (draws.chance(0.35) ? Math.min(span, draws.exponential(12 * DAY)) : span * draws.next());
  if (created < START || created >= END || !draws.chance(0.05 + presence(created, user.rhythm))) return null;
  const type = (['direct', 'group', 'channel'] as const)[draws.weighted([72, 24.5, 3.5])] ?? 'direct';
  const others = pickOthers(people, { owner, created, wanted: drawSize(type, draws) - 1 }, draws);
  if (others.length === 0 || (type === 'direct' && !takePair(people.pairs, owner, others[0] ?? 0))) return null;
  const ends = Math.min(END, created + drawLife(type, draws));
  const members = makeMembers({ type, created, ends, people: [owner, ...others] }, users, draws);
  const mean = others.reduce((sum, other) => sum + (users[other]?.activity ?? 0), user.activity) / (others.length + 1);
  return {
    type,
    created,
    ...drawTitles(type, created, draws),
    ends,
    energy: draws.logNormal(type === 'direct' ? 0.35 : type === 'group' ? 0.6 : 3, 1.1) * mean ** 0.7,
    members,
  };
}

function drawSize(type: ConversationType, draws: Draws): number {
  if (type === 'direct') return 2;
  if (type === 'group') return Math.min(30, 3 + draws.geometric(draws.chance(0.8) ? 2.5 : 9));
  return Math.min(400, Math.round(draws.pareto(12, 1.35)));
}

function drawLife(type: ConversationType, draws: Draws): number {
  const kind = draws.weighted(type === 'direct' ? [30, 45, 25] : type === 'group' ? [25, 45, 30] : [8, 32, 60]);
  return [2 * HOUR, draws.logNormal(25 * DAY, 1.5), Infinity][kind] ?? Infinity;
}

function drawTitles(type: ConversationType, created: number, draws: Draws): Pick<Conversation, 'title' | 'renamed'> {
  const titled = type === 'channel' || (type === 'group' && draws.chance(0.6));
  const title = () => makeTitle(1 + draws.geometric(type === 'channel' ? 1.8 : 1), draws);
  if (type === 'direct') return { title: null, renamed: null };
  const renamed = draws.chance(0.15) ? { at: created + draws.exponential(40 * DAY), title: title() } : null;
  return { title: titled ? title() : null, renamed };
}

interface Wish {
  readonly owner: number;
  readonly created: number;
  readonly wanted: number;
}

function pickOthers({ users, communities }: People, { owner, created, wanted }: Wish, draws: Draws): readonly number[] {
  const own = communities[users[owner]?.community ?? 0] ?? [];
  const near = countJoined(own, users, created + DAY);
  const chosen = new Set<number>();
  for (let tries = 0; tries < wanted * 12 + 20 && chosen.size < wanted; tries += 1) {
    const other = near > 3 && draws.chance(0.75) ? own[draws.below(near)] : draws.below(users.length);
    const user = users[other ?? 0];
    if (other === undefined || user === undefined || other === owner || user.left < created) continue;
    // Channels also take who joins the service later.
    if (user.joined > created && (wanted < 12 || draws.chance(0.5))) continue;
    if (draws.chance(0.1 + Math.min(0.9, user.activity / 8))) chosen.add(other);
  }
  return [...chosen];
}

function takePair(pairs: Set<number>, one: number, other: number): boolean {
  const pair = Math.min(one, other) * 2 ** 26 + Math.max(one, other);
  if (pairs.has(pair)) return false;
  pairs.add(pair);
  return true;
}

interface Founding {
  readonly type: ConversationType;
  readonly created: number;
  readonly ends: number;
  /** The owner first. */
  readonly people: readonly number[];
}

function makeMembers({ type, created, ends, people }: Founding, users: readonly User[], draws: Draws): readonly Member[] {
  const span = Math.min(ends, created + 400 * DAY) - created;
  const joinedAt = (at: number, user: number) => {
    const isFounder = at === 0 || type === 'direct' || draws.chance(type === 'group' ? 0.75 : 0.25);
    const joined = created + (isFounder ? at * 40 + draws.exponential(300) : span * draws.next() ** 1.7);
    return Math.max(joined, (users[user]?.joined ?? 0) + draws.exponential(3 * DAY) * (isFounder ? 0.01 : 1));
  };
  return people
    .map((user, at) => ({ user, joined: at === 0 ? created : joinedAt(at, user) }))
    .sort((a, b) => a.joined - b.joined)
    .map(({ user, joined }, at) => ({ user, joined, ...drawStay({ type, at, joined }, draws) }));
}

function drawStay(
  { type, at, joined }: { type: ConversationType; at: number; joined: number },
  draws: Draws,
): Omit<Member, 'user' | 'joined'> {
  const leaves = type !== 'direct' && at > 0 && draws.chance(type === 'group' ? 0.1 : 0.2);
  const left = leaves ? joined + draws.logNormal(45 * DAY, 1.2) : Infinity;
  if (at === 0) return { left, role: 'owner', promoted: joined };
  const isAdmin = type !== 'direct' && draws.chance(at < 4 ? 0.22 : 0.025);
  if (!isAdmin) return { left, role: 'member', promoted: joined };
  return { left, role: 'admin', promoted: draws.chance(0.5) ? joined : joined + draws.exponential(20 * DAY) };
}
