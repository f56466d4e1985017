// Where generate's rows go, as --to, --format, --table and --shard say it.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { normaliseTableKey } from '../core/identifiers.ts';

export const sinkOptions = {
  to: {
    type: 'string',
    describe: 'DIR: write files there instead; -: write --table to stdout; null: write the rows nowhere',
  },
  format: {
    choices: ['binary', 'csv'] as const,
    default: 'binary' as const,
    describe: 'Of files and stdout: COPY data (text where a type has no binary form), or CSV with a header',
  },
  table: { type: 'string', describe: 'The table for --to -' },
  shard: { type: 'string', describe: 'I/N: only the I-th (from 0) of N shares, for N machines on one target or folder' },
} as const;

export interface SinkFlags {
  readonly to: string | undefined;
  readonly format: 'binary' | 'csv';
  readonly table: string | undefined;
  readonly shard: string | undefined;
}

export type Destination =
  | { readonly kind: 'postgres' | 'null' }
  | { readonly kind: 'files'; readonly folder: string; readonly format: 'binary' | 'csv' }
  | { readonly kind: 'stdout'; readonly table: string; readonly format: 'binary' | 'csv' };

/** The destination of the flags. Throws OPTION_INVALID, NAME_INVALID. */
export function parseDestination({ to, format, table, shard }: SinkFlags, folder: string): Destination {
  if (to === '-') {
    if (table === undefined) throw invalid('--to -', 'it takes one table: give it by --table');
    if (shard !== undefined) throw invalid('--shard', 'one table on stdout is not shared out');
    return { kind: 'stdout', table: normaliseTableKey(table), format };
  }
  if (table !== undefined) throw invalid('--table', 'it goes with --to -');
  if (to === undefined) return { kind: 'postgres' };
  if (to === 'null') return { kind: 'null' };
  const whole = path.resolve(folder, to);
  if (fs.statSync(whole, { throwIfNoEntry: false })?.isDirectory() === false)
    throw invalid('--to', 'there is a file of that name');
  return { kind: 'files', folder: whole, format };
}

/** `0/3`. Throws OPTION_INVALID. */
export function parseShard(text: string | undefined): { readonly index: number; readonly of: number } | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || of < 1 || index >= of) throw invalid('--shard', 'expected I/N, with I from 0 to N - 1: 0/3, 1/3, 2/3');
  return { index, of };
}

function invalid(option: string, reason: string): ShapecastError {
  return new ShapecastError('OPTION_INVALID', { option, reason });
}
