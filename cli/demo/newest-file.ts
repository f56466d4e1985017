// Files with a time in their name: the newest is the last by name.
import fs from 'node:fs';
import path from 'node:path';

/** The newest `PREFIX...json` of the folder; where there is none, a name that no file has. */
export function newestFile(folder: string, prefix: string): string {
  const name = fs
    .readdirSync(folder)
    .filter((file) => file.startsWith(prefix) && file.endsWith('.json'))
    .sort()
    .at(-1);
  return path.join(folder, name ?? `${prefix}.json`);
}
