import fc from 'fast-check';
import { PresentRows, RowList } from '../../../generator/columns/row-list.ts';

const rows = fc.array(fc.integer({ min: -1, max: 1e9 }), { maxLength: 300 });
const listOf = (numbers: readonly number[]) => new RowList().setRows(Float64Array.from(numbers), numbers.length);

test('present rows keep their order, and values made of them go back to where the rows stood', () => {
  fc.assert(
    fc.property(rows, (numbers) => {
      const list = listOf(numbers);
      const present = new PresentRows();
      const dense = present.of(list);
      expect([...dense.rows.subarray(0, dense.count)]).toEqual(numbers.filter((row) => row >= 0));
      const values = new Float64Array(numbers.length);
      for (let index = 0; index < dense.count; index += 1) values[index] = (dense.rows[index] as number) * 2;
      present.spread(values, list, -7);
      expect([...values]).toEqual(numbers.map((row) => (row < 0 ? -7 : row * 2)));
    }),
  );
});

test('the stamp changes with every writing, and a copy does not follow its list', () => {
  const list = listOf([1, -1, 3]);
  const before = list.stamp;
  const copy = new RowList().copy(list);
  list.setRange(10, 2);
  expect(list.stamp).not.toBe(before);
  expect([...copy.rows.subarray(0, copy.count)]).toEqual([1, -1, 3]);
  expect(copy.hasMissing).toBe(true);
  expect(list.hasMissing).toBe(false);
});
