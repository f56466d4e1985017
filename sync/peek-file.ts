// The beginning of a file, whatever it is: opened without following a link, waiting for a pipe or taking a device for a file, and
// decompressed where Node can. Never more than so much is read.
import fs from 'node:fs';
import zlib from 'node:zlib';
import { systemCodeOf } from '../core/system-code.ts';

export const PEEK_BYTES = 64 * 1024;
/** Compressed input that is looked into: it can grow a thousandfold. */
const GZIP_BYTES = 16 * 1024;

export type Packing = 'none' | 'gzip' | 'zstd' | 'xz' | 'lz4' | 'bzip2';

export interface PeekedFile {
  /** Decompressed from gzip; of other packings the bytes as they are. */
  readonly head: Buffer;
  readonly packing: Packing;
  /** The head is all that the file holds. */
  readonly isWhole: boolean;
  readonly bytes: number;
  readonly modifiedAt: Date;
  /** Which file it is, whatever its name leads to later. */
  readonly identity: string;
}

const MAGIC: readonly (readonly [Packing, string])[] = [
  ['gzip', '1f8b08'],
  ['zstd', '28b52ffd'],
  ['xz', 'fd377a585a00'],
  ['lz4', '04224d18'],
  ['bzip2', '425a68'],
];

/** Reads the first 64 KiB. A text: the system's code of why it cannot be read, or `not a file`. */
export function peekFile(file: string): PeekedFile | string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  let handle: number | null = null;
  try {
    handle = fs.openSync(file, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
    const stats = fs.fstatSync(handle, { bigint: true });
    if (!stats.isFile()) return 'not a file';
    const raw = readHead(handle);
    const packing = MAGIC.find(([, magic]) => raw.subarray(0, magic.length / 2).toString('hex') === magic)?.[0] ?? 'none';
    const unpacked = packing === 'gzip' ? gunzipHead(raw.subarray(0, GZIP_BYTES)) : raw;
    const bytes = Number(stats.size);
    const read = packing === 'gzip' ? Math.min(raw.length, GZIP_BYTES) : raw.length;
    return {
      head: unpacked.subarray(0, PEEK_BYTES),
      packing,
      isWhole: read >= bytes && unpacked.length <= PEEK_BYTES,
      bytes,
      modifiedAt: stats.mtime,
      identity: identityOf(stats),
    };
  } catch (error) {
    return String(systemCodeOf(error) ?? 'unknown reason');
  } finally {
    if (handle !== null) fs.closeSync(handle);
  }
}

/** The same for the same file, as long as it is there. */
export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

function readHead(handle: number): Buffer {
  const head = Buffer.alloc(PEEK_BYTES);
  let filled = 0;
  while (filled < head.length) {
    const read = fs.readSync(handle, head, filled, head.length - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return head.subarray(0, filled);
}

/** What the cut-off input gives, or nothing where it is damaged. */
function gunzipHead(input: Buffer): Buffer {
  try {
    return zlib.gunzipSync(input, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
