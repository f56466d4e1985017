// Runs that are killed at random moments (a connection, the process, the server) and started again until they are done, and whether what
// they leave is what an undisturbed run leaves: content recomputed from the target, counts, every index and constraint. On a server of its
// own. Ends with 1 unless all are equal.
//
//   npm run bench -- kills [--runs 100] [--seed 1] [--bin /usr/lib/postgresql/15/bin]
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../core/tool.ts';
import { killRuns } from './kills/kill-runs.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, bin: { type: 'string' } },
});
const print = (line: string) => void process.stdout.write(`${line}\n`);
const inFolder = (name: string) => path.join(packageFolder(), 'bench', 'kills', name);

const { runs, equal, met, chunksMadeAgain } = await killRuns({
  numbers: Array.from({ length: Number(values.runs) }, (_, at) => at + 1),
  seed: Number(values.seed),
  bin: values.bin ?? null,
  sqlFile: inFolder('dataset.sql'),
  arguments: ['--spec', inFolder('dataset.yaml'), '--band', 'dev', '--seed', 'kills', '--workers', '2'],
  print,
});
for (const [name, count] of [...met].sort()) print(`  ${count} x ${name}`);
print(`  ${chunksMadeAgain} finished chunks made again`);
print(`${runs} runs, ${equal} equal`);
if (equal !== runs) process.exitCode = 1;
