// The references of SPEED.md in one run: rows a second of every other way to fill the wide table. Nothing is judged here.
import type { Gate } from './context.ts';
import { provideTemplate, withCopy } from './databases.ts';
import { interleave } from './interleave.ts';
import type { Reading } from './reading.ts';
import { drizzleReference } from './references/drizzle.ts';
import { fakerReference } from './references/faker.ts';
import { generateReference } from './references/generate.ts';
import { insertSelectReference } from './references/insert-select.ts';
import { pgbenchReference } from './references/pgbench.ts';
import type { Filled, Reference } from './references/reference.ts';
import { binaryCopyReference, csvCopyReference } from './references/server-copy.ts';
import { plainDataSet, provideCsv } from './references/wide-table.ts';
import { figureOf } from './statistics.ts';

const REFERENCES: readonly Reference[] = [
  generateReference,
  binaryCopyReference,
  csvCopyReference,
  insertSelectReference,
  pgbenchReference,
  fakerReference,
  drizzleReference,
];

export const references: Gate = {
  name: 'references',
  title: 'other ways to fill the wide table, one connection each',
  async run(context) {
    const { cluster, runs, tell } = context;
    const template = await provideTemplate(cluster, plainDataSet(), 'bare');
    await provideCsv(context);
    const kinds = REFERENCES.map(({ fill, name }) => ({
      name,
      run: () => withCopy(cluster, template, (url) => fill(context, url)),
      seconds: ({ seconds }: Filled) => seconds,
    }));
    const results = await interleave('references', runs, kinds, tell);
    return kinds.map(({ name }, at): Reading => {
      const rates = results[at]?.map(({ rows, seconds }) => rows / seconds) ?? [];
      return { name, unit: 'rows/s', figure: figureOf(rates), limit: null };
    });
  },
};
