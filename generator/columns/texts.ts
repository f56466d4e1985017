// Columns of bytes: texts cut from a pool, labels, templates and UUIDs.
import { BLOCK_ROWS, type PlanBuilder, type PlanColumn, type PlanText } from '../../spec/plan.ts';
import { GuidedSearch } from '../keys/guided-search.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mix32, mixBelow, mixFraction, type StreamKey } from '../random/mixer.ts';
import { Permutation } from '../random/permutation.ts';
import type { BytesBlock, BytesKernel, CutKernel } from './blocks.ts';
import { copyFromPool, writeCode } from './pool-text.ts';
import { rankedBytes, type WriteRanked } from './ranked-bytes.ts';
import { HistogramLookup, Ranks } from './ranks.ts';
import { repeatedTextWriter } from './repeated-texts.ts';
import { RepeatsLookup } from './repeats.ts';

const SPACE = 0x20;
const UNDERSCORE = 0x5f;
/** 2024-01-01 UTC: the time of the first version 7 UUID; the clock plays no part. */
const FIRST_MS = 1_704_067_200_000;

/** A stretch of the pool, as long as the row's rank says; unique where the plan gives code digits. */
export function textKernel(column: PlanColumn, builder: PlanText, table: TableRows, pool: Buffer): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const write = textWriter(builder, table.rows, pool);
  const plain = rankedBytes(ranks, write, pool);
  return builder.repeats === undefined && builder.codeDigits === 0 ? { ...plain, cuts: textCuts(builder, ranks, pool) } : plain;
}

/** What textWriter cuts where it does nothing else. */
function textCuts(plan: PlanText, ranks: Ranks, pool: Buffer): CutKernel {
  const lengths = new HistogramLookup(plan.lengths);
  const keyOfLengths = lengthKey(plan);
  const found = new Float64Array(BLOCK_ROWS);
  return {
    longest: lengths.largest,
    fill(list, sizes, starts) {
      const { count, rows } = list;
      ranks.fill(list, found);
      for (let index = 0; index < count; index += 1) {
        const rank = found[index] as number;
        const row = rows[index] as number;
        sizes[index] = rank < 0 ? -1 : lengths.valueOf(rank, mixFraction(keyOfLengths, row));
        starts[index] = mixBelow(plan.key, row, pool.length);
      }
    },
  };
}

/** The stream that places a text's length inside its bin; apart from the one that cuts the pool. */
export function lengthKey(plan: Pick<PlanText, 'key'>): StreamKey {
  return [plan.key[0], plan.key[1] ^ 0x2545f491];
}

/** Writes the text of a row whose value rank is known. */
function textWriter(plan: PlanText, rows: number, pool: Buffer): WriteRanked {
  if (plan.repeats !== undefined) return repeatedTextWriter(plan, plan.repeats, pool);
  const lengths = new HistogramLookup(plan.lengths);
  const codes =
    plan.codeDigits > 0 ? new Permutation({ size: rows, key: plan.codeKey ?? [plan.key[0] ^ 0x5bd1e995, plan.key[1]] }) : null;
  const keyOfLengths = lengthKey(plan);
  return (row, rank, block) => {
    const length = lengths.valueOf(rank, mixFraction(keyOfLengths, row));
    const words = length - plan.codeDigits;
    block.reserve(length);
    const first = block.used;
    copyFromPool(pool, mixBelow(plan.key, row, pool.length), words, block);
    if (codes === null) return;
    joinWords(block, first);
    writeCode(codes.forward(row), plan.codeDigits, block);
  };
}

/** A unique text is mostly a name or a code: its words hang together. */
function joinWords(block: BytesBlock, first: number): void {
  for (let at = first; at < block.used; at += 1) if (block.data[at] === SPACE) block.data[at] = UNDERSCORE;
}

/** A label by the row's rank; ranks past the labels get a text of their own. */
export function labelsKernel(
  column: PlanColumn,
  builder: PlanBuilder & { kind: 'labels' },
  table: TableRows,
  pool: Buffer,
): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const labels = builder.labels.map((label) => Buffer.from(label, 'utf8'));
  const starts = new GuidedSearch(Float64Array.from(builder.cumulative.slice(0, -1)));
  const others = builder.other === null ? null : textWriter(builder.other, table.rows, pool);
  const firstOther = builder.cumulative[labels.length] ?? 0;
  return rankedBytes(ranks, (row, rank, block) => {
    if (rank >= firstOther && others !== null) others(row, rank - firstOther, block);
    else block.push(labels[Math.min(starts.lastAtMost(rank), labels.length - 1)] as Buffer);
  });
}

/** Literal text around the row's number, counted from 1. */
export function templateKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'template' }, table: TableRows): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const before = Buffer.from(builder.before, 'utf8');
  const after = Buffer.from(builder.after, 'utf8');
  return rankedBytes(ranks, (row, _rank, block) => {
    block.push(before);
    appendWhole(row + 1, block);
    block.push(after);
  });
}

/** start + step * row as decimal text, for text columns that hold numbers. */
export function sequenceTextKernel(builder: PlanBuilder & { kind: 'sequence' }): BytesKernel {
  return {
    kind: 'bytes',
    append(row, block) {
      appendWhole(builder.start + builder.step * row, block);
      return true;
    },
  };
}

/** Appends a non-negative whole number in decimal. */
function appendWhole(value: number, block: BytesBlock): void {
  let digits = 1;
  for (let left = value; left >= 10; left = Math.floor(left / 10)) digits += 1;
  block.reserve(digits);
  let left = value;
  for (let at = block.used + digits - 1; at >= block.used; at -= 1) {
    const rest = Math.floor(left / 10);
    block.data[at] = 0x30 + (left - rest * 10);
    left = rest;
  }
  block.used += digits;
}

/**
 * UUIDs (RFC 9562), 16 bytes or 36 characters. Version 4 are unique because mix32 is a bijection of the row number for a fixed key;
 * version 7 because each row is one millisecond later than the row before.
 */
export function uuidKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'uuid' }, table: TableRows): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const isText = column.baseType !== 'uuid';
  const [first, second] = builder.key;
  // Keys far apart: with neighbouring ones the words of neighbouring rows would be the same four in another order.
  const keys: readonly StreamKey[] = [1, 2, 3, 4].map((word) => [
    (first + Math.imul(word, 0x9e3779b9)) | 0,
    second ^ Math.imul(word, 0x85ebca6b),
  ]);
  const repeats = builder.repeats === undefined ? null : new RepeatsLookup(builder.repeats);
  const [one, two, three, four] = keys as readonly [StreamKey, StreamKey, StreamKey, StreamKey];
  const bytes = Buffer.allocUnsafe(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const write = (value: number, into: DataView, at: number) => {
    let [high, low] = [mix32(one, value), mix32(two, value)];
    if (builder.version === 7) {
      high = Math.floor((FIRST_MS + value) / 65536);
      low = (low & 0xffff) | ((FIRST_MS + value - high * 65536) << 16);
    }
    into.setInt32(at, high);
    into.setInt32(at + 4, (low & ~0xf000) | (builder.version << 12));
    // The variant of RFC 9562: binary 10.
    into.setInt32(at + 8, (mix32(three, value) & 0x3fffffff) | 0x80000000);
    into.setInt32(at + 12, mix32(four, value));
  };
  return rankedBytes(ranks, (row, rank, block) => {
    const value = repeats === null ? row : repeats.valueOf(rank);
    if (isText) {
      write(value, view, 0);
      block.push(Buffer.from(formatUuid(bytes), 'ascii'));
      return;
    }
    block.reserve(16);
    write(value, block.view, block.used);
    block.used += 16;
  });
}

function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The same bytes in every row; null is NULL. */
export function constantBytesKernel(text: string | null): BytesKernel {
  const bytes = Buffer.from(text ?? '', 'utf8');
  return {
    kind: 'bytes',
    append(_row, block) {
      if (text === null) return false;
      block.push(bytes);
      return true;
    },
  };
}
