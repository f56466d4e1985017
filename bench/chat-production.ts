// A chat that stands for a real one where the fidelity of a generated one is measured: a simulation with sessions, circles of people and
// rows that are changed and deleted, which shares nothing with the generator. Same seed, same rows.
//
//   npm run bench -- chat-production --target 'postgresql://HOST/DATABASE' [--messages 3000000] [--seed S]
//
// The database must have none of the tables; spec/chat.sql makes them. 3 million messages need about 1.2 GB and two minutes.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { packageFolder } from '../core/tool.ts';
import { withClient } from '../postgres/connect.ts';
import { createSchema } from '../postgres/create-schema.ts';
import { makeConversations } from './fidelity/chat/conversations.ts';
import { Draws } from './fidelity/chat/draws.ts';
import { fillChat } from './fidelity/chat/fill.ts';
import { makeTraffic } from './fidelity/chat/messages.ts';
import { type Snapshot, takeSnapshot } from './fidelity/chat/snapshot.ts';
import { groupByCommunity, makeUsers } from './fidelity/chat/users.ts';

const MESSAGES_PER_USER = 150;
const MESSAGES_PER_CONVERSATION = 50;
const SLICES = 24;

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    messages: { type: 'string', default: '3000000' },
    seed: { type: 'string', default: 'chat' },
  },
});
const { target, seed } = values;
if (target === undefined) throw new Error('--target is needed');
const wanted = Number(values.messages);
const startMs = performance.now();
const print = (line: string) => void process.stdout.write(`${((performance.now() - startMs) / 1000).toFixed(1)} s | ${line}\n`);

/** The traffic at a pace that gives a little more than is wanted; the snapshot cuts the rest. */
function talk(...[conversations, users]: [Parameters<typeof makeTraffic>[0], Parameters<typeof makeTraffic>[1]]): Snapshot {
  let factor = 1;
  for (let tries = 0; tries < 8; tries += 1) {
    const traffic = makeTraffic(conversations, users, factor, new Draws(`${seed} traffic`));
    const { length } = traffic.messages.time;
    print(`${length} messages, ${traffic.reads.time.length} reads at pace ${factor.toFixed(3)}`);
    const snapshot = length > 1.08 * wanted ? null : takeSnapshot(traffic, wanted, SLICES);
    if (snapshot !== null) return snapshot;
    factor *= (1.04 * wanted) / length;
  }
  throw new Error('no pace gives that many messages');
}

const users = makeUsers(Math.ceil(wanted / MESSAGES_PER_USER), new Draws(`${seed} users`));
const people = groupByCommunity(users);
const conversations = makeConversations(
  Math.ceil(wanted / MESSAGES_PER_CONVERSATION),
  users,
  people,
  new Draws(`${seed} conversations`),
);
print(`${users.length} users, ${conversations.length} conversations`);
const snapshot = talk(conversations, users);
print(`snapshot at ${new Date(snapshot.now).toISOString()}`);
await withClient(target, { applicationName: 'shapecast bench' }, async (client) => {
  await createSchema(client, fs.readFileSync(`${packageFolder()}/spec/chat.sql`, 'utf8'));
  await fillChat(client, { users, conversations, snapshot }, seed);
});
print('filled, keyed and analysed');
