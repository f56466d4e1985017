// Messages come in sessions: minutes apart, among a few members who answer each other, then nothing for hours or weeks. Who takes part
// reads within seconds; the others read a whole session at once, when they look the next time, or never.
import { DAY, END, HOUR, presence, whenAwake } from './calendar.ts';
import { Int32Column, TimeColumn } from './columns.ts';
import type { Conversation, ConversationType, Member } from './conversations.ts';
import type { Draws } from './draws.ts';
import type { User } from './users.ts';

/** Bits of a message's flags; what is above them is the number of attachments. */
export const DELETED = 1;
export const EDITED = 2;
export const UNDELIVERED = 4;
export const MEDIA_SHIFT = 3;

export class Messages {
  readonly conversation = new Int32Column();
  readonly sender = new Int32Column();
  readonly time = new TimeColumn();
  /** Characters of the body. */
  readonly length = new Int32Column();
  readonly flags = new Int32Column();
}

export class Reads {
  /** Index of the message as it was pushed. */
  readonly message = new Int32Column();
  readonly reader = new Int32Column();
  readonly time = new TimeColumn();
}

export interface Traffic {
  readonly messages: Messages;
  readonly reads: Reads;
}

/** All messages and reads of the conversations; `factor` scales how often they talk. */
export function makeTraffic(
  conversations: readonly Conversation[],
  users: readonly User[],
  factor: number,
  draws: Draws,
): Traffic {
  const traffic = { messages: new Messages(), reads: new Reads() };
  for (const [id, conversation] of conversations.entries()) new Talk(id, conversation, users, traffic, draws).run(factor);
  return traffic;
}

const SESSION_LENGTH: Readonly<Record<ConversationType, number>> = { direct: 6, group: 8, channel: 5 };
const BODY_LENGTH: Readonly<Record<ConversationType, number>> = { direct: 28, group: 38, channel: 110 };
const ROLE_WEIGHT = { owner: 4, admin: 2.5, member: 1 };

/** One conversation through its life. */
class Talk {
  private readonly id: number;
  private readonly conversation: Conversation;
  private readonly users: readonly User[];
  private readonly traffic: Traffic;
  private readonly draws: Draws;
  private readonly weights: readonly number[];

  constructor(id: number, conversation: Conversation, users: readonly User[], traffic: Traffic, draws: Draws) {
    this.id = id;
    this.conversation = conversation;
    this.users = users;
    this.traffic = traffic;
    this.draws = draws;
    this.weights = conversation.members.map(({ user, role }) => {
      const isChannel = conversation.type === 'channel';
      return (users[user]?.activity ?? 0) * (isChannel ? ROLE_WEIGHT[role] * draws.pareto(0.3, 1.1) : 1);
    });
  }

  /** Sessions from the creation on: hot phases and quiet ones, less and less of them. */
  run(factor: number): void {
    const { created, ends, energy } = this.conversation;
    const { draws } = this;
    let time = created + draws.exponential(3 * 60_000);
    let isHot = true;
    if (draws.chance(0.93)) time = this.holdSession(time);
    while (time < ends) {
      if (draws.chance(0.12)) isHot = !isHot;
      const age = 1 + (time - created) / (30 * DAY);
      const perDay = (energy * factor * (isHot ? 3 : 0.3)) / Math.sqrt(age);
      time += draws.exponential(Math.min(DAY / perDay, 400 * DAY));
      if (time < ends) time = this.holdSession(time);
    }
  }

  /** Whether the member is there and not gone. */
  private isPresent({ user, joined, left }: Member, time: number): boolean {
    return joined <= time && time < left && time < (this.users[user]?.left ?? 0);
  }

  /** One session, if somebody is awake to begin it; returns when it is over. */
  private holdSession(time: number): number {
    const { conversation, draws, users, traffic } = this;
    const { members, type } = conversation;
    const first = draws.weighted(this.weights);
    const starter = members[first];
    const rhythm = users[starter?.user ?? 0]?.rhythm;
    if (starter === undefined || rhythm === undefined || !this.isPresent(starter, time)) return time;
    // The creator is there at the creation, whatever the hour.
    if (time > conversation.created + HOUR && !draws.chance(presence(time, rhythm))) return time;
    const speakers = this.gatherSpeakers(first, time);
    const begin = traffic.messages.time.length;
    const mean = SESSION_LENGTH[type] * (speakers.length === 1 ? 0.25 : 1);
    const count = 1 + Math.min(400, Math.floor(draws.logNormal(mean, 1) - 0.5));
    const end = this.exchange(speakers, count, time);
    this.readSession(speakers, begin, end);
    return end;
  }

  private gatherSpeakers(first: number, time: number): readonly Member[] {
    const { draws } = this;
    const { members, type } = this.conversation;
    const wanted = type === 'direct' ? (draws.chance(0.85) ? 1 : 0) : draws.geometric(type === 'group' ? 1.6 : 1.9);
    const chosen = new Set([first]);
    for (let tries = 0; tries < wanted * 3 && chosen.size < wanted + 1; tries += 1) {
      const at = type === 'direct' ? 1 - first : draws.weighted(this.weights);
      const member = members[at];
      if (member !== undefined && this.isPresent(member, time)) chosen.add(at);
    }
    return [...chosen].flatMap((at) => members[at] ?? []);
  }

  /** The messages of a session: mostly an answer, sometimes the same sender once more. Returns the time of the last one. */
  private exchange(speakers: readonly Member[], count: number, start: number): number {
    const { draws } = this;
    let [time, speaker, previous] = [start, 0, speakers.length > 1 ? 1 : 0];
    for (let at = 0; at < count && time < END; at += 1) {
      const isRun = at > 0 && (speakers.length === 1 || draws.chance(0.36));
      if (at > 0 && !isRun) {
        const isAnswer = previous !== speaker && draws.chance(0.65);
        const other = (speaker + 1 + draws.below(speakers.length - 1)) % speakers.length;
        [previous, speaker] = [speaker, isAnswer ? previous : other];
      }
      this.send(speakers[speaker]?.user ?? 0, time, { isRun, isFirst: at === 0 });
      const pause = isRun ? 12_000 : 45_000;
      time += 400 + (draws.chance(0.06) ? draws.logNormal(8 * 60_000, 0.8) : draws.logNormal(pause, 1.1));
    }
    return time;
  }

  private send(sender: number, time: number, { isRun, isFirst }: { isRun: boolean; isFirst: boolean }): void {
    const { draws } = this;
    const { messages } = this.traffic;
    const user = this.users[sender];
    const { type } = this.conversation;
    const media = draws.chance((user?.mediaShare ?? 0) * (type === 'channel' ? 1.6 : 1)) ? this.drawMedia() : 0;
    const middle = BODY_LENGTH[type] * (user?.verbosity ?? 1) * (isRun ? 0.6 : 1) * (isFirst ? 1.4 : 1) * (media > 0 ? 0.5 : 1);
    const isWordless = media > 0 && draws.chance(0.55);
    const length = isWordless ? 0 : Math.max(1, Math.min(5000, Math.round(draws.logNormal(middle, 0.95))));
    messages.conversation.push(this.id);
    messages.sender.push(sender);
    messages.time.push(time);
    messages.length.push(length);
    messages.flags.push((media << MEDIA_SHIFT) | this.drawFate(time, length));
  }

  private drawMedia(): number {
    return this.draws.chance(0.8) ? 1 : 2 + Math.min(8, this.draws.geometric(1.2));
  }

  private drawFate(time: number, length: number): number {
    const { draws } = this;
    const { members, type } = this.conversation;
    const isHeard = type !== 'direct' || members.every((member) => this.isPresent(member, time));
    const deleted = draws.chance(0.012) ? DELETED : 0;
    const edited = draws.chance(length > 60 ? 0.05 : 0.008) ? EDITED : 0;
    return deleted | edited | (draws.chance(isHeard ? 0.012 : 0.7) ? UNDELIVERED : 0);
  }

  private readSession(speakers: readonly Member[], begin: number, end: number): void {
    for (const speaker of speakers) this.readAlong(speaker, begin);
    const { members, type } = this.conversation;
    // Receipts are kept for small circles; in a large one only those who keep it have them.
    const interest = type === 'direct' ? 0.9 : Math.min(0.6, 5 / members.length);
    for (const member of members) {
      if (speakers.includes(member) || !this.isPresent(member, end)) continue;
      const activity = this.users[member.user]?.activity ?? 0;
      if (this.draws.chance(interest * (0.3 + 0.7 * Math.min(1, activity)))) this.readLater(member, begin, end, activity);
    }
  }

  /** A member who takes part reads each message of the others within seconds. */
  private readAlong({ user }: Member, begin: number): void {
    const { messages } = this.traffic;
    for (let at = begin; at < messages.time.length; at += 1) {
      if (messages.sender.at(at) === user || !this.draws.chance(0.96)) continue;
      this.markRead(at, user, messages.time.at(at) + this.draws.logNormal(7000, 1.1));
    }
  }

  /** The others read all of it when they look again: the more active, the sooner. */
  private readLater({ user }: Member, begin: number, end: number, activity: number): void {
    const { messages } = this.traffic;
    const { draws } = this;
    const rhythm = this.users[user]?.rhythm;
    if (rhythm === undefined) return;
    let time = whenAwake(end + draws.logNormal((1.5 * HOUR) / (0.3 + activity), 1.5), rhythm, draws);
    for (let at = begin; at < messages.time.length; at += 1) {
      if (messages.sender.at(at) === user) continue;
      this.markRead(at, user, time);
      time += draws.exponential(400);
    }
  }

  private markRead(message: number, reader: number, time: number): void {
    const { reads } = this.traffic;
    reads.message.push(message);
    reads.reader.push(reader);
    reads.time.push(time);
  }
}
