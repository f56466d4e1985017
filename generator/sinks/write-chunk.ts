// A chunk as a file: written under a temporary name, flushed and renamed. So a file under its own name is always whole, whenever the
// process, the disk or the machine gives up.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { systemCodeOf } from '../../core/system-code.ts';
import { type Chunk, type ChunkHooks, makeBlocks } from '../make-chunk.ts';
import { blocksOf, type ChunkResult } from '../work.ts';
import type { ChunkEncoder } from './encode-chunk.ts';
import { chunkFileName } from './file-names.ts';
import type { FileSink } from './file-sink.ts';

const MODE = 0o600;

/** The chunk's result with its file. Throws FILE_UNWRITABLE, INTERRUPTED; the temporary file is gone then. */
export async function writeChunk(sink: FileSink, chunk: Chunk, encoder: ChunkEncoder, hooks: ChunkHooks): Promise<ChunkResult> {
  const name = chunkFileName(chunk.plan, chunk.task, sink);
  const file = path.join(sink.folder, name);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const written = await writeRows(temporary, chunk, encoder, hooks);
    await fs.rename(temporary, file);
    return { ...written.result, file: { name, bytes: written.bytes, sha256: written.sha256 } };
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof ShapecastError) throw error;
    throw new ShapecastError(
      'FILE_UNWRITABLE',
      { file, reason: String(systemCodeOf(error) ?? 'unknown reason') },
      { cause: error },
    );
  }
}

async function writeRows(
  file: string,
  chunk: Chunk,
  encoder: ChunkEncoder,
  hooks: ChunkHooks,
): Promise<{ readonly result: ChunkResult; readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await fs.open(file, 'wx', MODE);
  const write = async (data: Buffer) => {
    hash.update(data);
    bytes += data.length;
    // Goes on where the last write ended, and writes all of it.
    await handle.writeFile(data);
  };
  try {
    let block = blocksOf(chunk.plan, chunk.task).first;
    await write(encoder.header);
    const result = await makeBlocks(chunk, hooks, (rows) => write(encoder.encode(rows, block++)));
    await write(encoder.trailer);
    await handle.sync();
    return { result, bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}
