// The costs of a plan's rows are measured in the target, and nothing of it stays there; the estimate is told before the first row.
import { generate, planOnly } from '../../generator/generate.ts';
import { measureCosts } from '../../generator/measure-costs.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';
import { parcelsSpec, parcelsSql } from './sinks/parcels.ts';

test('every table with rows has a cost, an index and a key each their own, and no table is left', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const spec = parseSpec(parcelsSpec, 'test');
    const { plan } = await planOnly({
      spec,
      band: 'dev',
      seed: 's',
      target: { kind: 'null', url },
      workers: 1,
      operator: 'test',
    });

    const costs = await measureCosts(client, plan, await readCatalog(client));

    const shapes = costs.map(({ table, rows, indexMs, keyMs }) => [table, rows, indexMs.length, keyMs.length]);
    expect(shapes).toEqual(
      expect.arrayContaining([
        ['public.hubs', 40, 1, 0],
        ['public.events', 12_000, 2, 1],
        ['public.parcels', 9000, 2, 1],
      ]),
    );
    expect(costs.every(({ makeMs, copyMs }) => makeMs > 0 && copyMs > 0)).toBe(true);
    const left = await client.query(`select from pg_class where relname like 'shapecast_cost%'`);
    expect(left.rowCount).toBe(0);
  });
});

test('a run of a million rows tells bytes and time first', async () => {
  await withDatabase(parcelsSql, async (url) => {
    const told: string[] = [];
    const abort = new AbortController();
    const run = generate({
      spec: parseSpec(parcelsSpec, 'test'),
      band: 'dev',
      seed: 's',
      rows: new Map([['public.events', 1_000_000]]),
      target: { kind: 'postgres', url },
      workers: 1,
      operator: 'test',
      signal: abort.signal,
      warn: (line) => {
        told.push(line);
        abort.abort();
      },
    });

    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(told).toEqual([
      expect.stringMatching(
        /^estimate: 1,009,847 rows, \d+\.\d MB over COPY, \d+\.\d MB of tables and indexes on disk, about .* \(rows .*, keys and indexes .*\)$/,
      ),
    ]);
  });
});
