// The hostile database as SQL: the files of a folder in the order of their names. `psql` takes them as they are.
import fs from 'node:fs';
import path from 'node:path';

function readFolder(name: string): string {
  const folder = path.join(import.meta.dirname, name);
  const files = fs.readdirSync(folder).sort();
  return files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8')).join('\n');
}

/** Makes the tables; no rows. */
export const hostileSchema = readFolder('schema');

/** Fills them. One session, because the first file makes a function that is temporary. */
export const hostileFill = readFolder('fill');
