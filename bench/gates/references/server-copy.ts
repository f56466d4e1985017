// The server's own COPY of a file, in the transaction that emptied the table: binary is what no client can be faster than, CSV what most write.
import { copyFrozen } from '../copy-file.ts';
import type { Reference } from './reference.ts';
import { provideCsv, provideWide } from './wide-table.ts';

export const binaryCopyReference: Reference = {
  name: 'server-side COPY, binary file, FREEZE',
  async fill(context, url) {
    const wide = await provideWide(context);
    let seconds = 0;
    for (const file of wide.files) seconds += await copyFrozen(url, wide, file);
    return { rows: wide.rows, seconds };
  },
};

export const csvCopyReference: Reference = {
  name: 'server-side COPY, CSV file, FREEZE',
  async fill(context, url) {
    const wide = await provideWide(context);
    return { rows: wide.rows, seconds: await copyFrozen(url, wide, await provideCsv(context), 'csv') };
  },
};
