import fs from 'node:fs';
import { Session } from 'node:inspector/promises';
import { ColumnKernels } from '../generator/columns/column-kernels.ts';
import { makeTextPool } from '../generator/columns/text-pool.ts';
import { Parents } from '../generator/keys/parents.ts';
import { discardChunk } from '../generator/make-chunk.ts';
import { resolvePlan } from '../generator/plan/resolve-plan.ts';
import { TableKernel } from '../generator/table-kernel.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { withClient } from '../postgres/connect.ts';
import { BLOCK_ROWS, chunkCount, type Plan } from '../spec/plan.ts';
import { parseSpec } from '../spec/spec.ts';
import { profileOf } from './model-speed/profile.ts';

const [, , url, name, profiled, band = 'dev'] = process.argv;
const file = `/tmp/kp-${band}.json`;
if (!fs.existsSync(file)) {
  const spec = parseSpec(fs.readFileSync('spec/chat.yaml', 'utf8'), 'x');
  const catalog = await withClient(url as string, { applicationName: 'x' }, (client) => readCatalog(client));
  const plan = resolvePlan({ spec, catalog, band: band as 'dev', seed: 'bench', scale: 1, rows: new Map() });
  fs.writeFileSync(file, JSON.stringify(plan));
}
const whole: Plan = JSON.parse(fs.readFileSync(file, 'utf8'));
const plan = { ...whole, tables: whole.tables.map((table) => ({ ...table, chunkBlocks: 4 })) };
const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
const session = new Session();
session.connect();
for (const [index, table] of plan.tables.entries()) {
  if (name !== 'all' && table.name !== `public.${name}`) continue;
  const kernel = new TableKernel(table, index, kernels);
  const chunks = chunkCount(table);
  const run = async (from: number, to: number) => {
    let rows = 0;
    for (let at = from; at < to; at += 1) {
      const task = { table: index, chunk: Math.floor(((at % 60) * chunks) / 60) % chunks };
      rows += (await discardChunk({ plan, planId: '', task, kernel }, { onRows: () => undefined, isStopping: () => false })).rows;
    }
    return rows;
  };
  await run(0, 20);
  if (profiled === '1') {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
  }
  const samples: number[] = [];
  for (let times = 0; times < 12; times += 1) {
    const start = process.cpuUsage();
    const rows = await run(20 + times * 3, 23 + times * 3);
    const { user, system } = process.cpuUsage(start);
    samples.push((1000 * (user + system)) / rows);
  }
  samples.sort((a, b) => a - b);
  console.log(table.name, table.columns.length, 'min', samples[0]?.toFixed(0), 'median', samples[6]?.toFixed(0));
  if (profiled === '1')
    for (const { where, share } of profileOf((await session.post('Profiler.stop')).profile).slice(0, 24))
      console.log(`  ${(100 * share).toFixed(1)} % ${where}`);
}
