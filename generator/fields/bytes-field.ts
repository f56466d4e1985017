// Columns of bytes on their way out.
import { hashAscii, hashClassOf, hashNull } from '../../postgres/content-hash.ts';
import { BytesColumnEncoder } from '../../postgres/encode-columns.ts';
import { encodeTextBytes } from '../../postgres/encode-text.ts';
import { FramedFields } from '../../postgres/framed-fields.ts';
import type { PlanColumn } from '../../spec/plan.ts';
import { BytesBlock, type BytesKernel, fillBytes } from '../columns/blocks.ts';
import { bytesRouter } from '../leaf-router.ts';
import { isForeignConstant } from '../plan/value-types.ts';
import { appendText, type Field, TEXT_NULL } from './field.ts';

/** The version of jsonb's binary form (src/backend/utils/adt/jsonb.c, jsonb_recv). */
const JSONB_VERSION = 1;

/** The field of a column of bytes. */
export function bytesField(column: PlanColumn, kernel: BytesKernel, isBinary: boolean): Field {
  const block = new BytesBlock(kernel.pool);
  const framed = isBinary && hashesAsItStands(column) ? FramedFields.make() : null;
  return {
    fill(list) {
      fillBytes(kernel, list, block);
      if (framed !== null) framed.isWritten = false;
    },
    binary: isBinary ? new BytesColumnEncoder(block, column.baseType === 'jsonb' ? JSONB_VERSION : -1, framed) : null,
    maxTextBytes: (count) => count * 5 + (block.used - (block.pool?.length ?? 0)) * 2,
    encodeText: textBytes(block, hexPrefixOf(column)),
    addHashes: orFramed(framed, addHashesOf(block, column)),
    router: (partitions) => bytesRouter(partitions, column.baseType, block),
  };
}

/** The hashes of what stands in the frame, or else those of the column's own values. */
export function orFramed(framed: FramedFields | null, addOwn: Field['addHashes']): Field['addHashes'] {
  if (framed === null) return addOwn;
  return (hashes, count, seed) => (framed.isWritten ? framed.addHashes(hashes, count, seed) : addOwn(hashes, count, seed));
}

/** Whether the bytes of the COPY field are those of the hash. */
export function hashesAsItStands({ baseType }: PlanColumn): boolean {
  return baseType !== 'jsonb' && hashClassOf(baseType) !== 'bytes';
}

/** What stands before bytes that are written as hex digits; null for those that are text already, a constant included. */
function hexPrefixOf(column: PlanColumn): string | null {
  if (isForeignConstant(column)) return null;
  return { uuid: '', bytea: '\\x' }[column.baseType] ?? null;
}

function textBytes(block: BytesBlock, hexPrefix: string | null): Field['encodeText'] {
  return (index, out) => {
    if (block.isNull[index] === 1) {
      appendText(TEXT_NULL, out);
      return;
    }
    const from = block.offsets[index] as number;
    const to = block.offsets[index + 1] as number;
    if (hexPrefix !== null) {
      const hex = Buffer.from(hexPrefix + block.data.toString('hex', from, to), 'ascii');
      encodeTextBytes(hex, 0, hex.length, out);
    } else encodeTextBytes(block.data, from, to, out);
  };
}

/** Text and UUIDs hash as they stand; bytea as hex text; a constant of another type as its text. */
function addHashesOf(block: BytesBlock, column: PlanColumn): Field['addHashes'] {
  if (hashClassOf(column.baseType) !== 'bytes')
    return (hashes, count, seed) => hashes.addBytes(block.view, block.offsets, block.isNull, count, seed);
  return (hashes, count, seed) => {
    for (let index = 0; index < count; index += 1) {
      if (block.isNull[index] === 1) hashNull(seed);
      else hashAscii(block.data.toString('hex', block.offsets[index], block.offsets[index + 1]), seed);
      hashes.addLast(index);
    }
  };
}
