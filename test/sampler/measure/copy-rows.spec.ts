import fc from 'fast-check';
import { CopyRows, NULL_CODE } from '../../../sampler/measure/copy-rows.ts';

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

function encodeRow(codes: readonly (number | null)[]): Buffer {
  const parts = codes.map((code) => {
    const field = Buffer.alloc(code === null ? 4 : 8);
    field.writeInt32BE(code === null ? -1 : 4);
    if (code !== null) field.writeInt32BE(code, 4);
    return field;
  });
  const count = Buffer.alloc(2);
  count.writeInt16BE(codes.length);
  return Buffer.concat([count, ...parts]);
}

function readAll(chunks: readonly Buffer[], fields: number): number[][] {
  const rows: number[][] = [];
  const parser = new CopyRows(fields, (row) => rows.push([...row]));
  for (const chunk of chunks) parser.push(chunk);
  parser.finish();
  return rows;
}

function cut(data: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < data.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(data.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const code = fc.option(fc.integer({ min: -0x7fffffff, max: 0x7fffffff }), { nil: null });

describe('CopyRows', () => {
  test('reads the same rows however the stream is cut into chunks', () => {
    const table = fc.integer({ min: 0, max: 5 }).chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        rows: fc.array(fc.array(code, { minLength: fields, maxLength: fields }), { maxLength: 20 }),
        sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ fields, rows, sizes }) => {
        const stream = Buffer.concat([HEADER, ...rows.map(encodeRow), TRAILER]);

        const read = readAll(cut(stream, sizes), fields);

        expect(read).toEqual(rows.map((row) => row.map((value) => value ?? NULL_CODE)));
      }),
    );
  });

  test('skips a header extension', () => {
    const header = Buffer.concat([HEADER.subarray(0, -4), Buffer.from([0, 0, 0, 3]), Buffer.from('abc')]);

    expect(readAll([Buffer.concat([header, encodeRow([7]), TRAILER])], 1)).toEqual([[7]]);
  });

  test('refuses a stream that ends before its trailer', () => {
    expect(() => readAll([Buffer.concat([HEADER, encodeRow([7])])], 1)).toThrow(RangeError);
  });

  test('refuses rows with another number of fields, fields that are no int4, and other streams', () => {
    const wide = Buffer.from([0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]);

    expect(() => readAll([Buffer.concat([HEADER, encodeRow([1, 2]), TRAILER])], 1)).toThrow('2 fields');
    expect(() => readAll([Buffer.concat([HEADER, wide, TRAILER])], 1)).toThrow('no int4');
    expect(() => readAll([Buffer.alloc(30)], 1)).toThrow('not a binary COPY stream');
  });
});
