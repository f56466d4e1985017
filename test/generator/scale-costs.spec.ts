// What is not measured costs what its bytes and rows say.
import type { TableCost } from '../../generator/estimate-time.ts';
import { scaleKeyCost, scaleTableCost } from '../../generator/scale-costs.ts';

const large: TableCost = {
  table: 'public.large',
  rows: 1_000_000,
  sampleRows: 1000,
  makeMs: 10,
  copyMs: 20,
  indexMs: [3, 5],
  keys: [],
};
const bytesOf = () => 100;

test('rows by bytes, indexes by rows, on a sample no larger than the table', () => {
  const small = { table: 'public.small', rows: 500, bytes: 500 * 50, indexes: 3 };

  expect(scaleTableCost(small, [large], bytesOf)).toEqual({
    table: 'public.small',
    rows: 500,
    sampleRows: 500,
    makeMs: 2.5,
    copyMs: 5,
    indexMs: [2, 2, 2],
    keys: [],
  });
  expect(scaleTableCost(small, [{ ...large, indexMs: [] }], bytesOf).indexMs).toEqual([5, 5, 5]);
});

test('keys by the rows of both tables, else as an index', () => {
  const key = { ms: 8, rows: 0, sampleRows: 1000, parentRows: 0 };

  expect(scaleKeyCost({ child: large, parent: large }, [key])).toEqual({
    ms: 16,
    rows: 2_000_000,
    sampleRows: 2000,
    parentRows: 1_000_000,
  });
  expect(scaleKeyCost({ child: large, parent: large }, []).ms).toBe(3);
});
