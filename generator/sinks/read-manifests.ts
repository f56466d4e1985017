// What a folder of files holds already: the manifests in it, all of one plan, or nothing at all. A folder of somebody else's is left alone.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ShapecastError } from '../../core/errors.ts';
import { readTextFile } from '../../core/files.ts';
import { systemCodeOf } from '../../core/system-code.ts';
import { type FileManifest, fileManifestSchema, type ManifestFile } from '../../spec/file-manifest.ts';
import { checkDocument, parseJsonText } from '../../spec/parse-document.ts';
import type { Shard } from '../shard.ts';

/** The manifest of a shard, or of the whole. */
export function manifestName(shard: Shard | undefined): string {
  return shard === undefined ? 'manifest.json' : `manifest_${shard.index}_of_${shard.of}.json`;
}

/**
 * The files that the folder's manifests list, by name. Throws FOLDER_NOT_OURS for a folder with files and no manifest, FOLDER_OTHER_RUN
 * for files of another plan or format, FILE_UNREADABLE, DOCUMENT_INVALID.
 */
export function readManifests(folder: string, wanted: Pick<FileManifest, 'planId'>): ReadonlyMap<string, ManifestFile> {
  const names = listFolder(folder);
  const manifests = names.filter((name) => /^manifest(_\d+_of_\d+)?\.json$/.test(name)).map((name) => readManifest(folder, name));
  if (names.length > 0 && manifests.length === 0) throw new ShapecastError('FOLDER_NOT_OURS', { folder });
  const other = manifests.find(({ planId }) => planId !== wanted.planId);
  if (other !== undefined) throw new ShapecastError('FOLDER_OTHER_RUN', { folder, planId: other.planId });
  return new Map(manifests.flatMap(({ files }) => files.map((file) => [file.file, file])));
}

/** Names in the folder; none where it is not there. */
export function listFolder(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return [];
    throw new ShapecastError('FILE_UNREADABLE', { file: folder, reason: String(systemCodeOf(cause)) }, { cause });
  }
}

function readManifest(folder: string, name: string): FileManifest {
  const file = path.join(folder, name);
  return checkDocument(fileManifestSchema, parseJsonText(readTextFile(file), 'manifest', file), 'manifest', file);
}

/** Whether the file is there in its size and, when `byDigest`, with its digest. */
export async function isIntact(folder: string, { file, bytes, sha256 }: ManifestFile, byDigest: boolean): Promise<boolean> {
  const whole = path.join(folder, file);
  if (fs.statSync(whole, { throwIfNoEntry: false })?.size !== bytes) return false;
  if (!byDigest) return true;
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(whole), hash);
  return hash.digest('hex') === sha256;
}
