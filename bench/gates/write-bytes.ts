// The rows of a plan as files that a COPY can read: the very bytes that generate sends.
import fs from 'node:fs';
import path from 'node:path';
import type { TableKernel } from '../../generator/table-kernel.ts';
import { BINARY_HEADER, BINARY_TRAILER } from '../../postgres/encode-binary.ts';
import { BLOCK_ROWS } from '../../spec/plan.ts';
import { kernelMaker } from './table-rows.ts';
import { readPlan } from './write-plan.ts';

export interface BytesRequest {
  readonly planFile: string;
  readonly folder: string;
  /** Files that a table is split into. */
  readonly pieces: number;
}

export interface WrittenTable {
  readonly name: string;
  readonly schema: string;
  readonly relation: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Of the rows alone, as generate counts them. */
  readonly bytes: number;
  readonly files: readonly string[];
}

/** Writes every table of the plan, the longest first. */
export function writeBytes({ folder, pieces, planFile }: BytesRequest): readonly WrittenTable[] {
  const plan = readPlan(planFile);
  const kernelOf = kernelMaker(plan);
  const written = plan.tables.map((table, index): WrittenTable => {
    const blocks = Math.ceil(table.rows / BLOCK_ROWS);
    const kernel = kernelOf(index);
    const files = Array.from({ length: pieces }, (_, piece) => path.join(folder, `${table.name}.${piece}.copy`));
    const sizes = files.map((file, piece) => {
      const [from, to] = [Math.floor((piece * blocks) / pieces), Math.floor(((piece + 1) * blocks) / pieces)];
      return writeBlocks(
        file,
        kernel,
        Array.from({ length: to - from }, (_, at) => from + at),
      );
    });
    const { name, relation, rows, schema } = table;
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { name, schema, relation, columns: table.columns.map((column) => column.name), rows, bytes, files };
  });
  return written.sort((a, b) => b.bytes - a.bytes);
}

/** Writes the blocks as one binary COPY file; the bytes of its rows. Throws for a table that only goes as text. */
export function writeBlocks(file: string, kernel: TableKernel, blocks: readonly number[]): number {
  if (kernel.table.format !== 'binary') throw new Error(`${kernel.table.name} has no binary form`);
  const descriptor = fs.openSync(file, 'w', 0o644);
  try {
    let bytes = 0;
    fs.writeSync(descriptor, BINARY_HEADER);
    for (const block of blocks) bytes += fs.writeSync(descriptor, kernel.encodeBlock(block, { high: 0, low: 0 }));
    fs.writeSync(descriptor, BINARY_TRAILER);
    return bytes;
  } finally {
    fs.closeSync(descriptor);
  }
}
