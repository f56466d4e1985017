// What a plan says it will take on disk, against what the server then takes.
import fs from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';
import { generate } from '../../generator/generate.ts';
import type { PlanSize } from '../../generator/plan-size.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const chatFile = (name: string) => fs.readFileSync(path.join(packageFolder(), 'spec', name), 'utf8');

test('the chat tables take what the plan says, within a quarter', async () => {
  await withDatabase('', async (url, client) => {
    let size: PlanSize | undefined;
    await generate({
      spec: parseSpec(chatFile('chat.yaml'), 'chat.yaml'),
      band: 'dev',
      seed: 'disk',
      scale: 0.02,
      target: { kind: 'postgres', url },
      createSql: chatFile('chat.sql'),
      workers: 1,
      operator: 'test',
      onPlan: (_plan, planned) => {
        size = planned;
      },
    });

    const { rows } = await client.query<{ bytes: string }>(
      `select pg_total_relation_size(oid) as bytes from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    const found = rows.reduce((sum, row) => sum + Number(row.bytes), 0);
    expect((size?.diskBytes ?? 0) / found).toBeGreaterThan(0.8);
    expect((size?.diskBytes ?? 0) / found).toBeLessThan(1.25);
  });
});
