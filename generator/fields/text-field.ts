// Columns of texts cut from the pool, as lanes write them into the frame. Everything else (text rows, hashes without rows, strips that the frame
// cannot hold) has the values of the column's plain field, which are made only then.
import type { CopyBuffer } from '../../postgres/copy-buffer.ts';
import type { ColumnEncoder } from '../../postgres/encode-columns.ts';
import { FramedFields } from '../../postgres/framed-fields.ts';
import { STRIP_ROWS } from '../../postgres/strip-frame.ts';
import type { PlanColumn } from '../../spec/plan.ts';
import type { BytesKernel, CutKernel } from '../columns/blocks.ts';
import type { RowList } from '../columns/row-list.ts';
import { PoolLanes } from '../columns/text-lanes.ts';
import { bytesField, hashesAsItStands, orFramed } from './bytes-field.ts';
import type { Field } from './field.ts';

/** The field of a column of bytes: cut by lanes where its kernel says how and the table goes as binary rows. */
export function textField(column: PlanColumn, kernel: BytesKernel, isBinary: boolean): Field {
  const plain = bytesField(column, kernel, isBinary);
  const { cuts, pool } = kernel;
  if (cuts === undefined || pool === undefined || pool === null || !isBinary || !hashesAsItStands(column)) return plain;
  const [lanes, framed] = [PoolLanes.of(pool), FramedFields.make()];
  return lanes === null || framed === null || cuts.longest > lanes.longest ? plain : cutField(plain, cuts, lanes, framed);
}

function cutField(plain: Field, cuts: CutKernel, lanes: PoolLanes, framed: FramedFields): Field {
  const { places, sizes } = framed;
  const starts = framed.words();
  let waiting: RowList | null = null;
  const makePlain = () => {
    if (waiting !== null) plain.fill(waiting);
    waiting = null;
  };
  return {
    fill(list) {
      waiting = list;
      framed.isWritten = false;
      if (list.count > STRIP_ROWS) makePlain();
      else cuts.fill(list, sizes.view, starts.view);
    },
    binary: cutEncoder(sizes.view, (count, cursors, out) => {
      if (out === framed.frame.rows) {
        lanes.write(count, { sizes, starts }, framed.frame, places);
        framed.isWritten = true;
      } else {
        makePlain();
        plain.binary?.write(0, count, cursors, out);
      }
    }),
    maxTextBytes(count) {
      makePlain();
      return plain.maxTextBytes(count);
    },
    encodeText: plain.encodeText,
    addHashes: orFramed(framed, (hashes, count, seed) => {
      makePlain();
      plain.addHashes(hashes, count, seed);
    }),
    router(partitions) {
      const route = plain.router(partitions);
      return (index) => {
        makePlain();
        return route(index);
      };
    },
  };
}

function cutEncoder(sizes: Int32Array, write: (count: number, cursors: Int32Array, out: CopyBuffer) => void): ColumnEncoder {
  return {
    addSizes(count, rowSizes) {
      for (let index = 0; index < count; index += 1)
        rowSizes[index] = (rowSizes[index] as number) + 4 + Math.max(0, sizes[index] as number);
    },
    write: (_from, to, cursors, out) => write(to, cursors, out),
  };
}
