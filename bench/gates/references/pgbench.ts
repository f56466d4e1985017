// pgbench's own tables, four narrow columns in the one that counts, made by its client and sent by COPY; without keys and vacuum.
import path from 'node:path';
import { runProgram } from '../run-program.ts';
import type { Reference } from './reference.ts';

const ROWS_A_SCALE = 100_000;

export const pgbenchReference: Reference = {
  name: 'pgbench -i -I dtg (4 narrow columns)',
  async fill({ cluster, rows }, url) {
    const scale = Math.max(1, Math.round(rows / ROWS_A_SCALE));
    const args = ['--initialize', '--init-steps', 'dtg', '--quiet', '--scale', String(scale), url];
    const { seconds } = await runProgram(path.join(cluster.bin, 'pgbench'), args);
    return { rows: scale * ROWS_A_SCALE, seconds };
  },
};
