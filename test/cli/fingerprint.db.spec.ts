// fingerprint as a user runs it, after generate and after somebody changed a row.
import fs from 'node:fs';
import path from 'node:path';
import { recheckSchema } from '../../spec/recheck.ts';
import { withDatabase } from '../support/database.ts';
import { shopSpec, shopSql } from './shop.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec);
  fs.writeFileSync(path.join(bench.folder, 'shop.sql'), shopSql);
});
afterEach(() => bench.remove());

test('fingerprint ends with 0 on a target as it was made, and with 1 and the row once one is changed', async () => {
  await withDatabase('', async (url, client) => {
    const environment = { DATABASE_URL: url };
    const run = (...argv: string[]) => bench.run(argv, environment);
    await run(
      'generate',
      '--spec',
      'shop.yaml',
      '--create',
      'shop.sql',
      '--workers',
      '1',
      '--seed',
      'a',
      '--rows',
      'customers=70',
    );
    const report = 'report_dev_20260131T120000Z.json';

    const equal = await run('fingerprint', '--config', report);
    await client.query('delete from public.orders where id = 1001');
    const unnamed = await run('fingerprint');
    const named = await run('fingerprint', '--spec', 'shop.yaml', '--rows', 'customers=70', '--readers', '3');
    const document = await run('fingerprint', '--spec', 'shop.yaml', '--rows', 'customers=70', '--table', 'orders', '--json');
    const otherSize = await run('fingerprint', '--spec', 'shop.yaml');
    const hashes = await run('fingerprint', '--hash-only', '--schema', 'public');
    const mistyped = await run('fingerprint', '--schema', 'pubilc');

    expect(equal).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/✓ public\.orders .*\n✓ every table is as the report has it/),
    });
    expect(unnamed).toMatchObject({ status: 1, stdout: expect.stringContaining('(--spec)') });
    expect(named).toMatchObject({ status: 1, stdout: expect.stringContaining('rows, counted from 0: 1000 missing') });
    expect(document.status).toBe(1);
    expect(recheckSchema.parse(JSON.parse(document.stdout))).toMatchObject({
      against: { kind: 'ledger' },
      tables: [
        { name: 'public.orders', rowsExpected: 3000, rowsFound: 2999, differences: { blocks: [{ block: 0, missing: 1 }] } },
      ],
    });
    expect(otherSize).toMatchObject({ status: 2, stderr: expect.stringContaining('FINGERPRINT_OTHER_PLAN') });
    expect(mistyped).toMatchObject({ status: 2, stderr: expect.stringContaining('OPTION_INVALID') });
    expect(hashes).toMatchObject({ status: 0, stdout: expect.stringContaining('not compared') });
  });
});
