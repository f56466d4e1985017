// faker's values, row by row as text into one COPY: the usual seeding script at its best.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { faker } from '@faker-js/faker/locale/en';
import { withClient } from '../../../postgres/connect.ts';
import { copyFromStdin } from '../../../postgres/copy-streams.ts';
import type { Reference } from './reference.ts';

/** Of the rows of the others: it is that slow. */
const SHARE = 0.05;

export const fakerReference: Reference = {
  name: 'faker values, text COPY row by row',
  async fill(context, url) {
    const rows = Math.max(1000, Math.round(context.rows * SHARE));
    const startMs = performance.now();
    await withClient(url, { applicationName: 'shapecast bench' }, async (client) => {
      const into = copyFromStdin(client, 'copy public.wide (id, group_id, sender_id, body, state, created_at) from stdin');
      await pipeline(Readable.from(lines(rows)), into);
    });
    return { rows, seconds: (performance.now() - startMs) / 1000 };
  },
};

function* lines(rows: number): Generator<string> {
  for (let row = 0; row < rows; row += 1) {
    const cells = [
      faker.string.uuid(),
      faker.number.int({ min: 1, max: 100_000 }),
      faker.number.int({ min: 1, max: 1_000_000 }),
      faker.lorem.words(28),
      faker.helpers.arrayElement(['sent', 'delivered', 'read', 'failed']),
      faker.date.past().toISOString(),
    ];
    yield `${cells.join('\t')}\n`;
  }
}
