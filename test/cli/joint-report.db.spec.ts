// The joint shape as a user reads it: the dry run's lines and JSON, and the report of the run.
import fs from 'node:fs';
import path from 'node:path';
import { preflightSchema } from '../../spec/preflight.ts';
import { reportSchema } from '../../spec/report.ts';
import { withDatabase } from '../support/database.ts';
import { shopSpec, shopSql } from './shop.ts';
import { createBench, type TestBench } from './test-context.ts';

// Orders of customers from one country cost more.
const MARGINALS = `    axes:
      total: { kind: number, column: total, decimals: 0, cuts: [20] }
      country: { kind: category, column: country, labels: [0, 1], via: { columns: [customerId], references: public.customers } }
      previous: { kind: sameAsPrevious, via: { columns: [customerId], references: public.customers } }
    marginals:
      - { axes: [total, country], cells: "2 2 1400, 2 0 100, 3 0 200, 3 3 1300" }
      - { axes: [previous], cells: "2 100, 3 100" }
`;
const argv = ['generate', '--spec', 'shop.yaml', '--create', 'shop.sql', '--workers', '1', '--seed', 'a'];
const by = ['number(total) x customerId -> category(country)'];

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec + MARGINALS);
  fs.writeFileSync(path.join(bench.folder, 'shop.sql'), shopSql);
});
afterEach(() => bench.remove());

test('the report has the distance of each marginal and what each key follows', async () => {
  await withDatabase('', async (url) => {
    const { status, stdout } = await bench.run([...argv, '--target', url, '--json']);

    expect(status).toBe(0);
    const { tables } = reportSchema.parse(JSON.parse(stdout));
    const orders = tables.find(({ name }) => name === 'public.orders');
    expect(orders?.joint?.profiles).toBe(3000);
    expect(orders?.joint?.marginals).toMatchObject([{ unused: null }, { after: null, unused: expect.stringContaining('told') }]);
    const [used] = orders?.joint?.marginals ?? [];
    expect(used?.after).toBeLessThan(0.05);
    expect(used?.before).toBeGreaterThanOrEqual(used?.after ?? 1);
    expect(orders?.references[0]?.mode).toMatchObject({ kind: 'profiles', by });
    expect(tables.find(({ name }) => name === 'public.customers')?.joint).toMatchObject({ profiles: 500, marginals: [] });
  });
});

test('the dry run says the same before the first row', async () => {
  await withDatabase(shopSql, async (url) => {
    const text = await bench.run([...argv, '--target', url, '--dry-run']);
    const json = await bench.run([...argv, '--target', url, '--dry-run', '--json']);

    expect(text.stdout).toMatch(/^public\.orders: 3,000 profiles, 1 of 2 marginals, mean distance 0\.0\d\d, worst 0\.0\d\d \(/m);
    expect(text.stdout).toContain('public.orders (customerId) -> public.customers: profiles; ');
    const { tables } = preflightSchema.parse(JSON.parse(json.stdout));
    const orders = tables.find(({ name }) => name === 'public.orders');
    expect(orders?.joint?.marginals).toHaveLength(2);
    expect(orders?.references).toMatchObject([
      { columns: ['customerId'], table: 'public.customers', mode: { kind: 'profiles', by } },
    ]);
  });
});
