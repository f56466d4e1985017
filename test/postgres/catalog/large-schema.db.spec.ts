import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { withDatabase } from '../../support/database.ts';
import { createLargeSchema } from './large-schema.ts';

test('reads 500 tables with 800 foreign keys in less than 3 s', async () => {
  await withDatabase('select 1', async (_url, client) => {
    await createLargeSchema(client);
    const start = performance.now();

    const catalog = await readCatalog(client);

    const seconds = (performance.now() - start) / 1000;
    const keys = catalog.tables.reduce((sum, table) => sum + table.foreignKeys.length, 0);
    expect([catalog.tables.length, keys >= 798]).toEqual([500, true]);
    expect(seconds).toBeLessThan(3);
  });
}, 120_000);
