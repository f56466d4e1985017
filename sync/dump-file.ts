// A dump is whole or has a name that says it is not: its bytes go into NAME.partial, made new with mode 0600, and only the last step gives
// it its name. Whatever fails removes it; a killed run leaves the partial file, whose first line lets purge know it.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { ShapecastError } from '../core/errors.ts';
import { flushFolder, unwritable } from '../core/files.ts';
import { systemCodeOf } from '../core/system-code.ts';
import { type DumpHeader, formatDumpHeader, PARTIAL_SUFFIX } from '../spec/dump-header.ts';
import { refuseTaken } from './dump-place.ts';

export interface DumpContent {
  readonly header: DumpHeader;
  /** What follows the header; read no faster than the disk takes it. */
  readonly script: AsyncIterable<string | Uint8Array>;
  readonly signal: AbortSignal;
}

export interface WrittenDump {
  readonly bytes: number;
  /** Of the file, hex. */
  readonly sha256: string;
}

/** Little is gained by more: rows of masked text are tokens. */
const GZIP_LEVEL = 3;

/**
 * Writes the file, compressed where its name ends in .gz. Throws FILE_UNWRITABLE, OPTION_INVALID when the name is taken, and what the
 * script throws; nothing is left then.
 */
export async function writeDump(file: string, content: DumpContent): Promise<WrittenDump> {
  const partial = `${file}.${randomBytes(4).toString('hex')}${PARTIAL_SUFFIX}`;
  const target = await openNew(partial);
  try {
    const written = await writeContent(target, { ...content, isCompressed: file.endsWith('.gz') });
    await target.sync();
    giveName(partial, file);
    flushFolder(path.dirname(file));
    return written;
  } catch (error) {
    fs.rmSync(partial, { force: true });
    throw explain(error, file);
  } finally {
    await target.close();
  }
}

/** A link never takes the place of a file that somebody has made meanwhile, as a renamed one would. */
function giveName(partial: string, file: string): void {
  refuseTaken(file);
  try {
    fs.linkSync(partial, file);
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') refuseTaken(file);
    if (!LINKLESS.has(systemCodeOf(cause))) throw cause;
    fs.renameSync(partial, file);
    return;
  }
  fs.rmSync(partial);
}

/** What file systems without hard links say. */
const LINKLESS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function openNew(file: string): Promise<fs.promises.FileHandle> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  try {
    // Windows has no O_NOFOLLOW; O_EXCL alone refuses a link too.
    return await fs.promises.open(file, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), 0o600);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

async function writeContent(
  target: fs.promises.FileHandle,
  { header, script, signal, isCompressed }: DumpContent & { readonly isCompressed: boolean },
): Promise<WrittenDump> {
  const hash = createHash('sha256');
  let bytes = 0;
  const write = async (piece: Uint8Array) => {
    hash.update(piece);
    bytes += piece.length;
    await target.writeFile(piece);
  };
  const first = Buffer.from(formatDumpHeader(header));
  // A member of its own, so that the first line is on the disk before the first row, and can be read by its beginning.
  await write(isCompressed ? gzipSync(first) : first);
  await target.sync();
  let failure: unknown = null;
  const keepFirst = (error: unknown) => {
    failure ??= error;
    throw error;
  };
  const read = async function* () {
    try {
      yield* script;
    } catch (error) {
      keepFirst(error);
    }
  };
  const sink = async (pieces: AsyncIterable<string | Uint8Array>) => {
    for await (const piece of pieces) await write(typeof piece === 'string' ? Buffer.from(piece) : piece).catch(keepFirst);
  };
  const source = Readable.from(read(), { objectMode: true, highWaterMark: 1 });
  try {
    if (isCompressed) await pipeline(source, createGzip({ level: GZIP_LEVEL }), sink, { signal });
    else await pipeline(source, sink, { signal });
  } catch (error) {
    // With a stream in between, the pipeline tells that it was ended rather than by what.
    throw failure ?? error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof ShapecastError || typeof systemCodeOf(error) !== 'string' || !hasSystemCall(error)) return error;
  return unwritable(file, error);
}

/** A failure of the disk, not one of the driver, whose codes are texts as well. */
function hasSystemCall(error: unknown): boolean {
  return (
    error !== null &&
    typeof error === 'object' &&
    'syscall' in error &&
    /^(write|fsync|rename|link|open)/.test(String(error.syscall))
  );
}
