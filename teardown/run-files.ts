// The reports and run records that removed runs left in folders which the user names. A file is one of theirs when it says so
// itself: its name has our form, it is of our format, and its run id is one of the marker's. Everything else is somebody else's.
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { unwritable } from '../core/files.ts';
import { systemCodeOf } from '../core/system-code.ts';

const NAME = /^(report_[a-z]+_\d{8}T\d{6}Z|run_\d{8}T\d{6}Z|latest_run)\.json$/;
/** A report of a thousand tables has a few megabytes. */
const MAX_BYTES = 64 * 1024 * 1024;

// Only what tells whose file it is: reports of other versions are removed too.
const documentSchema = z.discriminatedUnion('format', [
  z.looseObject({ format: z.literal('shapecast-report'), runId: z.string() }),
  z.looseObject({ format: z.literal('shapecast-run'), report: z.looseObject({ runId: z.string() }) }),
]);

/** Files of the runs, sorted; folders below are not looked into. Throws FILE_UNREADABLE for a folder that cannot be listed. */
export function findRunFiles(folders: readonly string[], runs: readonly string[]): string[] {
  const found = folders.flatMap((folder) =>
    listFolder(folder)
      .filter((name) => NAME.test(name))
      .map((name) => path.join(folder, name))
      .filter((file) => isOfRun(file, runs)),
  );
  return [...new Set(found)].sort();
}

/** Removes those that are still what they were. Throws FILE_UNWRITABLE. */
export function removeRunFiles(files: readonly string[], runs: readonly string[]): void {
  for (const file of files) {
    if (!isOfRun(file, runs)) continue;
    try {
      fs.rmSync(file);
    } catch (cause) {
      throw unwritable(file, cause);
    }
  }
}

function listFolder(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (cause) {
    throw new ShapecastError(
      'FILE_UNREADABLE',
      { file: folder, reason: String(systemCodeOf(cause) ?? 'unknown reason') },
      { cause },
    );
  }
}

function isOfRun(file: string, runs: readonly string[]): boolean {
  const document = readDocument(file);
  if (document === null) return false;
  return runs.includes(document.format === 'shapecast-report' ? document.runId : document.report.runId);
}

/** null: a link, no regular file, too large, not readable, or none of ours. */
function readDocument(file: string): z.output<typeof documentSchema> | null {
  try {
    const state = fs.lstatSync(file);
    if (!state.isFile() || state.size > MAX_BYTES) return null;
    return documentSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
