import { BytesBlock } from '../../../generator/columns/blocks.ts';
import { copyFromPool } from '../../../generator/columns/pool-text.ts';
import { PoolLanes } from '../../../generator/columns/text-lanes.ts';
import { makeTextPool } from '../../../generator/columns/text-pool.ts';
import { mixBelow } from '../../../generator/random/mixer.ts';
import { FramedFields } from '../../../postgres/framed-fields.ts';

test('texts that lanes cut into rows are those that are cut one by one, round the end of the pool and for every size', () => {
  const pool = makeTextPool([1, 2]);
  const [lanes, framed] = [PoolLanes.of(pool), FramedFields.make()];
  if (lanes === null || framed === null) throw new Error('no lanes');
  const { frame, places, sizes } = framed;
  const starts = framed.words();
  const count = 250;
  for (let round = 0; round < 8; round += 1) {
    let at = 0;
    for (let row = 0; row < count; row += 1) {
      sizes.view[row] = row % 13 === 5 ? -1 : (row * 3 + round) % 131;
      // Some of them near the pool's end, where the next word is at its start.
      starts.view[row] = row < 100 ? pool.length - 1 - row : mixBelow([3, round], row, pool.length);
      frame.cursors.view[row] = at;
      at += 4 + Math.max(0, sizes.view[row] as number);
    }
    const wanted = Array.from({ length: count }, (_, row) => {
      const block = new BytesBlock();
      copyFromPool(pool, starts.view[row] as number, sizes.view[row] as number, block);
      return block.data.toString('ascii', 0, block.used);
    });

    lanes.write(count, { sizes, starts }, frame, places);

    for (let row = 0, from = 0; row < count; row += 1) {
      const size = sizes.view[row] as number;
      expect(frame.rows.view.getInt32(from)).toBe(size);
      expect(frame.rows.bytes.toString('ascii', from + 4, from + 4 + Math.max(0, size))).toBe(wanted[row]);
      from += 4 + Math.max(0, size);
      expect(frame.cursors.view[row]).toBe(from);
    }
  }
});
