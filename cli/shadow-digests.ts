// The digest sets of shadows, beside the evidence log: one file for each run of sync, for its owner alone.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { readTextFile, writeFileAtomically } from '../core/files.ts';
import { checkDocument, parseJsonText } from '../spec/parse-document.ts';
import { type ShadowDigests, shadowDigestsSchema } from '../spec/shadow-digests.ts';
import type { World } from './command.ts';
import { evidencePlace } from './evidence.ts';

/** The file of a run, in the folder of the evidence log. Throws OPTION_INVALID for what is no run id. */
export function digestsFile(runId: string, world: World): string {
  if (!/^[A-Za-z0-9-]{1,80}$/.test(runId))
    throw new ShapecastError('OPTION_INVALID', { option: 'shapecast.shadow', reason: 'its run id is not one of sync' });
  return path.join(evidencePlace(world).folder, `shadow-digests-${runId}.json`);
}

/** Mode 0600. Throws FILE_UNWRITABLE. */
export function writeDigests(digests: ShadowDigests, world: World): string {
  const file = digestsFile(digests.runId, world);
  writeFileAtomically(file, `${JSON.stringify(digests)}\n`);
  return file;
}

/** Null where there is no such file. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function findDigests(runId: string, world: World): ShadowDigests | null {
  const file = digestsFile(runId, world);
  return fs.existsSync(file) ? readDigests(file) : null;
}

/** Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function readDigests(file: string): ShadowDigests {
  return checkDocument(shadowDigestsSchema, parseJsonText(readTextFile(file), 'digest set', file), 'digest set', file);
}
