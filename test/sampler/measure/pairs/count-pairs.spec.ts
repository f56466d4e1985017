import { NULL_CODE } from '../../../../sampler/measure/copy-rows.ts';
import { type CountedAxis, startCountingPairs } from '../../../../sampler/measure/pairs/count-pairs.ts';
import { FIRST_CLASS, type PairAxis } from '../../../../spec/pair-axis.ts';

const DEGREE: PairAxis = { kind: 'degree', child: 'c', columns: ['k'], cuts: [1, 2] };
const KIND: PairAxis = { kind: 'number', column: 'n', decimals: 0, cuts: [1] };
const AXES: readonly CountedAxis[] = [
  { axis: DEGREE, field: 1, classOf: (code) => (code === NULL_CODE ? 0 : FIRST_CLASS + Math.min(2, code)) },
  { axis: KIND, field: 10, classOf: (code) => FIRST_CLASS + code },
];
/** The bucket of the parent's owner, the degree, the map of the children's owners, the kind. */
const OWNED = { axes: [0, 1], buckets: [0], maps: [{ field: 2, degree: 1 }] };

function row(bucket: number, degree: number, words: readonly number[], kind: number): Int32Array {
  const map = Array.from({ length: 8 }, (_, at) => (degree > 0 ? (words[at] ?? 0) : NULL_CODE));
  return Int32Array.from([bucket, degree, ...map, kind]);
}

test('the maps of the rows of a cell are joined, and a NULL map is nobody', () => {
  const counts = startCountingPairs(AXES, [OWNED, { ...OWNED, axes: [0], buckets: [] }]);
  counts.addRow(row(0, 1, [0b01, 0, 0, 0, 0, 0, 0, 1 << 31], 1));
  counts.addRow(row(33, 1, [0b10], 1));
  counts.addRow(row(33, 0, [], 1));
  counts.addRow(row(33, NULL_CODE, [], 1));

  const parents = [1, 2, 0, 0, 0, 0, 0, 0];
  const second = Uint32Array.from([0, 2, 0, 0, 0, 0, 0, 0]);
  const nobody = new Uint32Array(8);
  const both = Uint32Array.from([0b11, 0, 0, 0, 0, 0, 0, 2 ** 31]);
  expect(counts.cellsOf(0)).toEqual([
    { classes: [0, FIRST_CLASS + 1], count: 1, units: [second], childUnits: [nobody] },
    { classes: [FIRST_CLASS, FIRST_CLASS + 1], count: 1, units: [second], childUnits: [nobody] },
    { classes: [FIRST_CLASS + 1, FIRST_CLASS + 1], count: 2, units: [Uint32Array.from(parents)], childUnits: [both] },
  ]);
  // The bitmaps of one pair do not reach into those of the next.
  expect(counts.cellsOf(1).map(({ units, childUnits }) => [units, childUnits])).toEqual([
    [[1], [nobody]],
    [[1], [nobody]],
    [[2], [both]],
  ]);
});
