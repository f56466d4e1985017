// From a row's value in the key column to its leaf, by what the plan knows of the partitions' bounds.
import { hashRemainderOfBytes, hashRemainderOfNumber } from '../postgres/partition-hash.ts';
import type { PlanPartitions } from '../spec/plan.ts';
import type { BytesBlock, NumberBlock } from './columns/blocks.ts';
import { lastAtMost } from './keys/curve-lookup.ts';

/** The leaf of a row of the filled block; -1 where the plan knows none and the server must say. */
export type LeafRouter = (index: number) => number;

const SPACE = 0x20;

/** The router of a column of numbers. */
export function numberRouter({ routing }: PlanPartitions, block: NumberBlock): LeafRouter {
  const { values } = block;
  switch (routing.kind) {
    case 'range': {
      const from = Float64Array.from(routing.from, (value) => value ?? Number.NEGATIVE_INFINITY);
      const to = Float64Array.from(routing.to, (value) => value ?? Number.POSITIVE_INFINITY);
      const other = routing.other ?? -1;
      return (index) => {
        const value = values[index] as number;
        // NaN, our NULL, is in no range.
        if (from.length === 0 || !(value >= (from[0] as number))) return other;
        const leaf = lastAtMost(from, value);
        return value < (to[leaf] as number) ? leaf : other;
      };
    }
    case 'list': {
      const leafOf = new Map(Object.entries(routing.leafOf).map(([text, leaf]) => [Number(text), leaf]));
      const other = routing.other ?? -1;
      const nullLeaf = routing.nullLeaf ?? other;
      return (index) => {
        const value = values[index] as number;
        return Number.isNaN(value) ? nullLeaf : (leafOf.get(value) ?? other);
      };
    }
    case 'hash': {
      const { modulus, leafOfRemainder } = routing;
      return (index) => leafOfRemainder[hashRemainderOfNumber(values[index] as number, modulus)] ?? -1;
    }
  }
}

/** The router of a column of bytes. */
export function bytesRouter({ routing }: PlanPartitions, baseType: string, block: BytesBlock): LeafRouter {
  const endOf = baseType === 'bpchar' ? unpaddedEnd : plainEnd;
  switch (routing.kind) {
    case 'range':
      return () => -1;
    case 'list': {
      const isUuid = baseType === 'uuid';
      // Bytes are looked up as Latin-1 texts, one character a byte: the cheapest key that a map takes.
      const leafOf = new Map(
        Object.entries(routing.leafOf).map(([text, leaf]) => [
          Buffer.from(text, isUuid ? 'hex' : 'utf8').toString('latin1'),
          leaf,
        ]),
      );
      const other = routing.other ?? -1;
      const nullLeaf = routing.nullLeaf ?? other;
      return (index) => {
        if (block.isNull[index] === 1) return nullLeaf;
        return leafOf.get(block.data.toString('latin1', block.offsets[index], endOf(block, index))) ?? other;
      };
    }
    case 'hash': {
      const { modulus, leafOfRemainder } = routing;
      return (index) => {
        if (block.isNull[index] === 1) return leafOfRemainder[0] ?? -1;
        const from = block.offsets[index] as number;
        return leafOfRemainder[hashRemainderOfBytes(block.view, from, endOf(block, index), modulus)] ?? -1;
      };
    }
  }
}

function plainEnd(block: BytesBlock, index: number): number {
  return block.offsets[index + 1] as number;
}

/** char(n) is compared and hashed without its padding. */
function unpaddedEnd(block: BytesBlock, index: number): number {
  const from = block.offsets[index] as number;
  let end = block.offsets[index + 1] as number;
  while (end > from && block.data[end - 1] === SPACE) end -= 1;
  return end;
}
