// The table that the references fill, and files with its rows for those that read some.
import fs from 'node:fs';
import path from 'node:path';
import { type GateContext, provideBytes } from '../context.ts';
import { copyStatement } from '../copy-file.ts';
import { type DataSet, listDataSets } from '../data-sets.ts';
import { onUrl, provideTemplate, withCopy } from '../databases.ts';
import type { WrittenTable } from '../write-bytes.ts';

export function plainDataSet(): DataSet {
  const found = listDataSets().find(({ name }) => name === 'plain');
  if (found === undefined) throw new Error('there is no plain data set');
  return found;
}

/** The table with the binary files of its rows. */
export async function provideWide(context: GateContext): Promise<WrittenTable> {
  const wide = (await provideBytes(context, plainDataSet())).find(({ relation }) => relation === 'wide');
  if (wide === undefined) throw new Error('there is no wide table');
  return wide;
}

/** The same rows as one CSV file of the server's own making. */
export async function provideCsv(context: GateContext): Promise<string> {
  const { cluster } = context;
  const file = path.join(cluster.folder, 'wide.csv');
  if (fs.existsSync(file)) return file;
  const wide = await provideWide(context);
  const copies = wide.files.map((piece) => copyStatement(wide, piece, 'format binary'));
  await withCopy(cluster, await provideTemplate(cluster, plainDataSet(), 'bare'), (url) =>
    onUrl(url, ...copies, `copy public.wide to '${file}' with (format csv)`),
  );
  return file;
}
