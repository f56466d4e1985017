// drizzle-seed as its page shows it: rows of the table's own columns by generators, sent as INSERTs of many rows. Snaplet's seeding, the
// other tool of that kind, is no longer kept up.
import { drizzle } from 'drizzle-orm/node-postgres';
import { bigint, pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { seed } from 'drizzle-seed';
import { withClient } from '../../../postgres/connect.ts';
import type { Reference } from './reference.ts';

/** Of the rows of the others: it is that slow. */
const SHARE = 0.05;

const STATES = ['sent', 'delivered', 'read', 'failed'] as const;
const wide = pgTable('wide', {
  id: uuid('id').primaryKey(),
  groupId: bigint('group_id', { mode: 'number' }).notNull(),
  senderId: bigint('sender_id', { mode: 'number' }).notNull(),
  body: text('body').notNull(),
  state: pgEnum('wide_state', STATES)('state').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
});

export const drizzleReference: Reference = {
  name: 'drizzle-seed, INSERTs of many rows',
  async fill(context, url) {
    const rows = Math.max(1000, Math.round(context.rows * SHARE));
    const startMs = performance.now();
    await withClient(url, { applicationName: 'shapecast bench' }, async (client) => {
      // The table is named without its schema.
      await client.query('set search_path to public');
      await seed(drizzle(client), { wide }, { count: rows, seed: 1 }).refine((make) => ({
        wide: {
          columns: {
            groupId: make.int({ minValue: 1, maxValue: 100_000 }),
            senderId: make.int({ minValue: 1, maxValue: 1_000_000 }),
            body: make.loremIpsum({ sentencesCount: 3 }),
            state: make.valuesFromArray({ values: [...STATES] }),
          },
        },
      }));
    });
    return { rows, seconds: (performance.now() - startMs) / 1000 };
  },
};
