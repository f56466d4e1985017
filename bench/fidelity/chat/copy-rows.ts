// COPY in text form, in chunks of a quarter megabyte. The simulated texts have nothing to escape.
import { once } from 'node:events';
import type pg from 'pg';
import { copyFromStdin } from '../../../postgres/copy-streams.ts';

const CHUNK_CHARACTERS = 1 << 18;

export type Cell = string | number | boolean | null;

/** Writes the rows and returns how many there were. */
export async function copyRows(client: pg.Client, into: string, rows: Iterable<readonly Cell[]>): Promise<number> {
  const stream = copyFromStdin(client, `copy ${into} from stdin`);
  const finished = once(stream, 'finish');
  let text = '';
  let count = 0;
  for (const row of rows) {
    for (const [at, cell] of row.entries()) text += `${at === 0 ? '' : '\t'}${cell === null ? '\\N' : cell}`;
    text += '\n';
    count += 1;
    if (text.length < CHUNK_CHARACTERS) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await finished;
  return count;
}

export function formatTime(time: number): string {
  return new Date(time).toISOString();
}
