// The reference fills the table that the others fill.
import fs from 'node:fs';
import path from 'node:path';
import type { GateContext } from '../../../bench/gates/context.ts';
import { drizzleReference } from '../../../bench/gates/references/drizzle.ts';
import { packageFolder } from '../../../core/tool.ts';
import { withDatabase } from '../../support/database.ts';

const plain = fs.readFileSync(path.join(packageFolder(), 'bench', 'gates', 'plain', 'plain.sql'), 'utf8');

test('drizzle-seed makes as many rows of the wide table as it says', async () => {
  await withDatabase(plain, async (url, client) => {
    const { rows } = await drizzleReference.fill({ rows: 40_000 } as GateContext, url);

    const found = await client.query<{ rows: number; texts: number }>(
      'select count(*)::int as rows, count(distinct body)::int as texts from public.wide',
    );
    expect(rows).toBe(2000);
    expect(found.rows[0]?.rows).toBe(rows);
    expect(found.rows[0]?.texts).toBeGreaterThan(1000);
  });
});
