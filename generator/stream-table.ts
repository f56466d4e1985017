// The door of generate --to -: the rows of one table, in order, as one stream of COPY data or CSV. One thread makes them: a pipe takes them in
// one by one anyway.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ShapecastError } from '../core/errors.ts';
import { silentProgress } from '../core/progress.ts';
import { systemCodeOf } from '../core/system-code.ts';
import { connect } from '../postgres/connect.ts';
import { formatContentHash } from '../postgres/content-hash.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { BLOCK_ROWS, type Plan, type PlanTable } from '../spec/plan.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { makeTextPool } from './columns/text-pool.ts';
import { decidePlan } from './decide-plan.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Parents } from './keys/parents.ts';
import { provideTables } from './prepare-target.ts';
import { chunkEncoder } from './sinks/encode-chunk.ts';
import { fileFormat } from './sinks/file-names.ts';
import { TableKernel } from './table-kernel.ts';

export interface StreamRequest {
  readonly table: string;
  readonly format: 'binary' | 'csv';
  readonly output: Writable;
}

export interface StreamedTable {
  readonly format: 'binary' | 'text' | 'csv';
  readonly rows: number;
  readonly contentHash: string;
  /** False when the reader closed the stream before its end. */
  readonly isWhole: boolean;
}

/**
 * Writes the table to the output and ends nothing. Throws OPTION_INVALID, PLAN_IMPOSSIBLE, FILE_UNWRITABLE, INTERRUPTED and those of a
 * connection; a reader who goes away is no error.
 */
export async function streamTable(options: GenerateOptions, request: StreamRequest): Promise<StreamedTable> {
  refuseUnsafeTarget('generate', options.target.url, options.environment ?? process.env);
  if (!Object.hasOwn(options.spec.tables, request.table)) {
    throw new ShapecastError('OPTION_INVALID', { option: '--table', reason: 'the spec has no table of that name' });
  }
  const client = await connect(options.target.url, { applicationName: 'shapecast generate' });
  let plan: Plan;
  try {
    const { catalog } = await provideTables(client, options.spec, options.createSql);
    ({ plan } = await decidePlan(client, options, catalog));
  } finally {
    await client.end();
  }
  return writeTable(plan, options, request);
}

async function writeTable(plan: Plan, options: GenerateOptions, request: StreamRequest): Promise<StreamedTable> {
  const index = plan.tables.findIndex(({ name }) => name === request.table);
  const table = plan.tables[index] as PlanTable;
  const format = fileFormat(table, request);
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const kernel = new TableKernel(table, index, kernels);
  const { header, trailer, encode } = chunkEncoder(table, index, format, kernels);
  const progress = options.startProgress?.(table.name, table.rows, 'rows') ?? silentProgress;
  const pipe = new Pipe(request.output);
  let content = 0n;
  let rows = 0;
  try {
    await pipe.write(header);
    for (let block = 0; rows < table.rows && !pipe.isClosed; block += 1) {
      if (options.signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
      const sum = { high: 0, low: 0 };
      // Copied: the kernel fills its buffers again, and the pipe may still hold what it was given.
      await pipe.write(Buffer.from(encode(kernel.encodeBlock(block, sum), block)));
      content += (BigInt(sum.high) << 32n) + BigInt(sum.low);
      const count = Math.min(BLOCK_ROWS, table.rows - rows);
      rows += count;
      progress.advance(count);
    }
    await pipe.write(trailer);
  } finally {
    pipe.release();
    progress.finish();
  }
  return { format, rows, contentHash: formatContentHash(content), isWhole: !pipe.isClosed };
}

/** An output with backpressure, whose reader may go away. */
class Pipe {
  isClosed = false;
  private readonly output: Writable;
  private failure: Error | null = null;
  private readonly onError = (error: Error) => {
    if (systemCodeOf(error) === 'EPIPE') this.isClosed = true;
    else this.failure = error;
  };

  constructor(output: Writable) {
    this.output = output;
    output.on('error', this.onError);
  }

  /** Returns once the output takes more. Throws FILE_UNWRITABLE. */
  async write(data: Buffer): Promise<void> {
    if (data.length > 0 && !this.isClosed && !this.output.write(data)) await this.drained();
    // A pipe is written to at once, so that nothing else would be heard between two blocks: no Ctrl-C, no error.
    await nextTurn();
    if (this.output.destroyed) this.isClosed = true;
    if (this.failure === null) return;
    const reason = String(systemCodeOf(this.failure) ?? 'unknown reason');
    throw new ShapecastError('FILE_UNWRITABLE', { file: 'stdout', reason }, { cause: this.failure });
  }

  /** An error is heard above; it and the close end the wait. */
  private async drained(): Promise<void> {
    const waited = new AbortController();
    const { signal } = waited;
    await Promise.race([once(this.output, 'drain', { signal }), once(this.output, 'close', { signal })]).catch(() => undefined);
    waited.abort();
  }

  release(): void {
    this.output.off('error', this.onError);
  }
}
