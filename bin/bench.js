#!/usr/bin/env node
// Runs benchmarks: `npm run bench` lists them, `npm run bench -- NAME [options]` runs bench/NAME.ts with what follows.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale, buildOne } from './build.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'bench');

const names = fs.existsSync(folder)
  ? fs.readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [path.basename(file, '.ts')] : []))
  : [];
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  process.stdout.write(names.length === 0 ? 'no benchmarks yet\n' : `benchmarks: ${names.sort().join(', ')}\n`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  await buildIfStale();
  const script = await buildOne(`bench/${name}.ts`);
  // A measurement's runs do not belong into the developer's evidence log.
  const env = { SHAPECAST_EVIDENCE: 'off', ...process.env };
  process.exitCode = spawnSync(process.execPath, ['--expose-gc', script, ...rest], { stdio: 'inherit', env }).status ?? 1;
}
