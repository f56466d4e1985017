// Fills the database as the service would have: slice by slice of time, rows appended in the order in which they came, then the changes
// of that time, which move rows, and deletions, whose place is used again after the next vacuum.
import type pg from 'pg';
import type { Conversation, Member } from './conversations.ts';
import { type Cell, copyRows, formatTime } from './copy-rows.ts';
import { Draws } from './draws.ts';
import { DELETED, EDITED, MEDIA_SHIFT, UNDELIVERED } from './messages.ts';
import type { Snapshot } from './snapshot.ts';
import { type MediaKind, makeBody, makeFileName, makeTextPool } from './texts.ts';
import type { User } from './users.ts';

/** The simulated service. */
export interface Chat {
  readonly users: readonly User[];
  readonly conversations: readonly Conversation[];
  readonly snapshot: Snapshot;
}

const TABLES = ['users', 'conversations', 'conversation_users', 'messages', 'message_reads', 'attachments'];
const VACUUM_EVERY = 4;

interface Slice {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

interface Membership extends Member {
  readonly conversation: number;
}

/** Fills the tables of spec/chat.sql, which are there and empty. */
export async function fillChat(client: pg.Client, chat: Chat, seed: string): Promise<void> {
  await client.query('set search_path = public');
  const foreignKeys = await dropForeignKeys(client);
  for (const table of TABLES) await client.query(`alter table ${table} set (autovacuum_enabled = off)`);
  const filling = new Filling(client, chat, new Draws(`${seed} fill`));
  const { sliceEnds } = chat.snapshot;
  for (const [at, to] of sliceEnds.entries()) {
    await filling.fill({ from: at === 0 ? -Infinity : (sliceEnds[at - 1] ?? 0), to });
    if (at % VACUUM_EVERY === VACUUM_EVERY - 1) await client.query('vacuum');
  }
  for (const sql of foreignKeys) await client.query(sql);
  for (const table of TABLES) await client.query(`alter table ${table} reset (autovacuum_enabled)`);
  for (const table of ['users', 'conversations', 'messages', 'attachments']) {
    await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), max(id)) from ${table}`);
  }
  await client.query('vacuum analyze');
}

/** Returns the statements that make them again: checked once at the end, they cost a tenth. */
async function dropForeignKeys(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ drop: string; add: string }>(`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
    from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace
    order by conrelid::regclass::text, conname`);
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ add }) => add);
}

/** The state between slices: how far each list of rows has been written. */
class Filling {
  private readonly client: pg.Client;
  private readonly chat: Chat;
  private readonly draws: Draws;
  private readonly pool: string;
  private readonly memberships: readonly Membership[];
  private nextUser = 0;
  private nextConversation = 0;
  private nextMembership = 0;
  private nextMessage = 0;
  private nextRead = 0;
  private nextAttachment = 1;

  constructor(client: pg.Client, chat: Chat, draws: Draws) {
    this.client = client;
    this.chat = chat;
    this.draws = draws;
    this.pool = makeTextPool(draws);
    this.memberships = chat.conversations
      .flatMap(({ members }, conversation) => members.map((member) => ({ ...member, conversation })))
      .sort((a, b) => a.joined - b.joined);
  }

  async fill(slice: Slice): Promise<void> {
    const { client } = this;
    const firstMessage = this.nextMessage;
    await copyRows(client, 'users', this.takeUsers(slice));
    await copyRows(client, 'conversations', this.takeConversations(slice));
    await copyRows(client, 'conversation_users', this.takeMemberships(slice));
    const attachments: Cell[][] = [];
    await copyRows(client, 'messages', this.takeMessages(slice, attachments));
    await copyRows(client, 'attachments', attachments);
    await copyRows(client, 'message_reads', this.takeReads(slice));
    await this.changeUsers(slice);
    await this.changeConversations(slice);
    await this.changeMessages(this.chat.snapshot.order.subarray(firstMessage, this.nextMessage));
  }

  private *takeUsers({ to }: Slice): Generator<Cell[]> {
    for (let user = this.chat.users[this.nextUser]; user !== undefined && user.joined <= to; ) {
      this.nextUser += 1;
      yield [this.nextUser, user.username, user.email, true, formatTime(user.joined)];
      user = this.chat.users[this.nextUser];
    }
  }

  private *takeConversations({ to }: Slice): Generator<Cell[]> {
    const { conversations } = this.chat;
    for (let next = conversations[this.nextConversation]; next !== undefined && next.created <= to; ) {
      this.nextConversation += 1;
      yield [this.nextConversation, next.type, next.title, formatTime(next.created)];
      next = conversations[this.nextConversation];
    }
  }

  private *takeMemberships({ to }: Slice): Generator<Cell[]> {
    for (let next = this.memberships[this.nextMembership]; next !== undefined && next.joined <= to; ) {
      this.nextMembership += 1;
      yield [next.conversation + 1, next.user + 1, next.role === 'owner' ? 'owner' : 'member', formatTime(next.joined)];
      next = this.memberships[this.nextMembership];
    }
  }

  private *takeMessages({ to }: Slice, attachments: Cell[][]): Generator<Cell[]> {
    const { order, ids, traffic } = this.chat.snapshot;
    const { messages } = traffic;
    for (; this.nextMessage < order.length; this.nextMessage += 1) {
      const index = order[this.nextMessage] ?? 0;
      const time = messages.time.at(index);
      if (time > to) return;
      const [id, conversation] = [ids[index] ?? 0, messages.conversation.at(index)];
      const media = messages.flags.at(index) >> MEDIA_SHIFT;
      if (media > 0) this.addMedia({ id, conversation, time, count: media }, attachments);
      const body = makeBody(messages.length.at(index), this.pool, this.draws);
      yield [id, conversation + 1, messages.sender.at(index) + 1, body, this.draws.chance(0.93), formatTime(time)];
    }
  }

  /** Several files of a message are of one kind. Their kind goes with the conversation, their size with the kind. */
  private addMedia(
    { id, conversation, time, count }: { id: number; conversation: number; time: number; count: number },
    attachments: Cell[][],
  ): void {
    const { draws } = this;
    const weights = { direct: [66, 12, 6, 16], group: [68, 16, 10, 6], channel: [42, 14, 42, 2] };
    const kinds: readonly MediaKind[] = ['image', 'video', 'document', 'audio'];
    const type = this.chat.conversations[conversation]?.type ?? 'direct';
    const kind = count > 2 ? 'image' : (kinds[draws.weighted(weights[type])] ?? 'image');
    const [median, sigma] = { image: [240e3, 0.9], video: [6e6, 1.1], document: [180e3, 1.6], audio: [60e3, 0.7] }[kind] ?? [];
    for (let at = 0; at < count; at += 1) {
      const size = Math.max(300, Math.round(draws.logNormal(median ?? 1, sigma ?? 1)));
      attachments.push([this.nextAttachment, id, kind, makeFileName(kind, time, draws), size]);
      this.nextAttachment += 1;
    }
  }

  private *takeReads({ to }: Slice): Generator<Cell[]> {
    const { readOrder, ids, traffic, sliceEnds } = this.chat.snapshot;
    const { reads, messages } = traffic;
    for (; this.nextRead < readOrder.length; this.nextRead += 1) {
      const read = readOrder[this.nextRead] ?? 0;
      const time = reads.time.at(read);
      if (time > to) return;
      const message = reads.message.at(read);
      // A message that was deleted in an earlier slice is read by nobody.
      const isGone =
        (messages.flags.at(message) & DELETED) !== 0 && sliceEnds.some((end) => messages.time.at(message) <= end && end < to);
      if (!isGone) yield [ids[message] ?? 0, reads.reader.at(read) + 1, formatTime(time)];
    }
  }

  private async changeUsers({ from, to }: Slice): Promise<void> {
    const happens = (time: number) => time > from && time <= to;
    const off = this.chat.users.flatMap(({ switchedOff }, user) => (happens(switchedOff) ? [user + 1] : []));
    await this.client.query(`update users set "isActive" = false where id = any ($1)`, [off]);
  }

  private async changeConversations({ from, to }: Slice): Promise<void> {
    const happens = (time: number) => time > from && time <= to;
    const { client } = this;
    const renamed = this.chat.conversations.flatMap((one, at) => (one.renamed && happens(one.renamed.at) ? [at] : []));
    for (const at of renamed) {
      await client.query('update conversations set title = $2 where id = $1', [
        at + 1,
        this.chat.conversations[at]?.renamed?.title,
      ]);
    }
    const atOnce = 'from unnest($1::bigint[], $2::bigint[]) as change (conversation, member)';
    const key = '"conversationId" = change.conversation and "userId" = change.member';
    const keysOf = (chosen: readonly Membership[]) => [
      chosen.map(({ conversation }) => conversation + 1),
      chosen.map(({ user }) => user + 1),
    ];
    const promoted = this.memberships.filter(({ role, promoted: at }) => role === 'admin' && happens(at));
    await client.query(`update conversation_users set role = 'admin' ${atOnce} where ${key}`, keysOf(promoted));
    const left = this.memberships.filter(({ left: at }) => happens(at));
    await client.query(`delete from conversation_users using ${atOnce.slice(5)} where ${key}`, keysOf(left));
  }

  /** Delivery of what was not delivered at once, edited texts, and deletions with all that hangs on the message. */
  private async changeMessages(sent: Uint32Array): Promise<void> {
    const { client, draws, pool } = this;
    const { ids, traffic } = this.chat.snapshot;
    const having = (flag: number) => {
      return [...sent].filter((index) => (traffic.messages.flags.at(index) & flag) !== 0).map((index) => ids[index] ?? 0);
    };
    const range = [ids[sent[0] ?? 0], ids[sent[sent.length - 1] ?? 0]];
    const lost = new Set(having(UNDELIVERED));
    const { rows } = await client.query<{ id: string }>(
      'select id from messages where id between $1 and $2 and not "isDelivered" order by id',
      range,
    );
    const late = rows.map(({ id }) => Number(id)).filter((id) => !lost.has(id));
    await client.query('update messages set "isDelivered" = true where id = any ($1)', [late]);
    await client.query('update messages set "isDelivered" = false where id = any ($1) and "isDelivered"', [[...lost]]);
    const edited = having(EDITED);
    const bodies = edited.map(() => makeBody(20 + draws.geometric(60), pool, draws));
    const change = 'from unnest($1::bigint[], $2::text[]) as change (id, body) where messages.id = change.id';
    await client.query(`update messages set body = change.body ${change}`, [edited, bodies]);
    const deleted = having(DELETED);
    await client.query('delete from message_reads where "messageId" = any ($1)', [deleted]);
    await client.query('delete from attachments where "messageId" = any ($1)', [deleted]);
    await client.query('delete from messages where id = any ($1)', [deleted]);
  }
}
