// The log of one sync: steps, counts, kinds of rules and how it ended, one line each. Lines are made of names and numbers; a value or a
// URL never gets here. Written line by line, so that a killed run leaves its log too.
import fs from 'node:fs';
import path from 'node:path';
import { unwritable } from '../core/files.ts';

export interface SyncLog {
  readonly file: string;
  readonly write: (line: string) => void;
}

/** Opens `FOLDER/logs/data-sync/shadow-sync-STAMP.log`, mode 0600. Throws FILE_UNWRITABLE, also when writing. */
export function openSyncLog(folder: string, stamp: string, now: () => Date): SyncLog {
  const file = path.join(folder, 'logs', 'data-sync', `shadow-sync-${stamp}.log`);
  const write = (line: string) => {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.appendFileSync(file, `${now().toISOString()} ${line.replaceAll(/\p{Cc}/gu, '?')}\n`, { mode: 0o600 });
    } catch (cause) {
      throw unwritable(file, cause);
    }
  };
  return { file, write };
}
