// The run record on disk: one file per run, and `latest_run.json` with the same bytes, both or neither.
import path from 'node:path';
import { writeFilesAtomically } from '../core/files.ts';
import { type RunRecord, runRecordSchema } from '../spec/run-record.ts';

/** Writes both files and returns the name of the one that stays. Throws FILE_UNWRITABLE. */
export function writeRunRecord(record: RunRecord, folder: string): string {
  const text = `${JSON.stringify(runRecordSchema.parse(record), null, 2)}\n`;
  const file = path.join(folder, `run_${formatStamp(record.completedAt)}.json`);
  writeFilesAtomically(
    new Map([
      [file, text],
      [path.join(folder, 'latest_run.json'), text],
    ]),
  );
  return file;
}

/** 2024-05-01T12:00:00.000Z as 20240501T120000Z. */
function formatStamp(moment: string): string {
  return `${moment.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
