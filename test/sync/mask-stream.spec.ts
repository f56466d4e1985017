// The stream between two COPYs: whatever bytes the values hold and however the socket cuts them, only masked fields change.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { FrameCutter } from '../../postgres/copy-frames.ts';
import { decodeCopyField, encodeCopyField } from '../../postgres/copy-text.ts';
import { fieldMaskOf } from '../../sync/field-masks.ts';
import { createMaskStream, type FieldWriter, type MaskedFields } from '../../sync/mask-stream.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import type { PlannedColumn } from '../../sync/planned-table.ts';
import type { CopyFormat, Row } from '../../sync/row-cutter.ts';

/** What PostgreSQL's COPY writes: backslash, and the control characters that have letters. */
const escapes: Record<string, string> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
const asServer = (value: string | null) =>
  value === null ? '\\N' : value.replace(/[\\\b\f\n\r\t\v]/g, (sign) => escapes[sign] ?? '');
const hostile = fc.oneof(
  fc.constant(null),
  fc.string({ unit: fc.constantFrom('\\', '\n', '\t', '\r', '\b', '\v', 'N', '.', 'ü', '😀', "'", '"') }),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\0\p{Cs}]/gu, '')),
  fc.constantFrom('\\N', '\\.', '', '\\x41', '\\101'),
);

/** A row as the server sends it: in a CopyData message of its own. */
function frame(row: Buffer): Buffer {
  const header = Buffer.from([0x64, 0, 0, 0, 0]);
  header.writeUInt32BE(row.length + 4, 1);
  return Buffer.concat([header, row]);
}
const int = (value: number) => Buffer.from([value >> 24, value >> 16, value >> 8, value]);
const binaryRow = (values: readonly (string | null)[]) =>
  Buffer.concat([
    Buffer.from([0, values.length]),
    ...values.flatMap((value) => (value === null ? [int(-1)] : [int(Buffer.byteLength(value)), Buffer.from(value)])),
  ]);
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const textRow = (values: readonly (string | null)[]) => Buffer.from(`${values.map(asServer).join('\t')}\n`);

function toFrames(rows: readonly (readonly (string | null)[])[], format: CopyFormat): Buffer {
  if (format === 'text') return Buffer.concat(rows.map((row) => frame(textRow(row))));
  const [first = Buffer.from([0xff, 0xff]), ...others] = [...rows.map(binaryRow), Buffer.from([0xff, 0xff])];
  return Buffer.concat([frame(Buffer.concat([SIGNATURE, first])), ...others.map(frame)]);
}

/** The bytes of the messages, as the other server reads them. */
function unframe(frames: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < frames.length; at += 1 + frames.readUInt32BE(at + 1)) {
    expect(frames[at]).toBe(0x64);
    pieces.push(frames.subarray(at + 5, at + 1 + frames.readUInt32BE(at + 1)));
  }
  return Buffer.concat(pieces);
}

/** The messages as a socket cuts them, put together and masked. */
async function maskChunks(bytes: Buffer, cuts: readonly number[], fields: MaskedFields): Promise<Buffer> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
  const cutter = new FrameCutter();
  const blocks: Buffer[] = [];
  for (const [at, edge] of edges.slice(1).entries())
    cutter.push(bytes.subarray(edges[at], edge), (frames) => blocks.push(Buffer.from(frames)));
  return unframe(await buffer(Readable.from(blocks).pipe(createMaskStream(fields))));
}

const read = (row: Row, field: number) =>
  (row.ends[field] ?? 0) < 0 ? null : decodeCopyField(row.bytes.toString('utf8', row.starts[field], row.ends[field]));

test('a field is read as the server wrote it, and written so that the server reads it', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      expect(decodeCopyField(asServer(value))).toBe(value);
      expect(decodeCopyField(encodeCopyField(value))).toBe(value);
      expect(encodeCopyField(value)).not.toMatch(/[\n\t\r]/);
    }),
  );
  expect(decodeCopyField('\\x41\\101\\q')).toBe('AAq');
});

test.each(['text', 'binary'] as const)(
  'masked fields are masked, others pass as bytes, helpers are left out, wherever the chunks are cut: %s',
  async (format) => {
    const readField = (row: Row, field: number) =>
      format === 'text'
        ? read(row, field)
        : (row.ends[field] ?? 0) < 0
          ? null
          : row.bytes.toString('utf8', row.starts[field], row.ends[field]);
    const mask: FieldWriter = {
      write: (row, field, out) => {
        const masked = `<${readField(row, field) ?? ''}|${readField(row, 3) ?? 'none'}>`;
        const bytes = Buffer.from(format === 'text' ? encodeCopyField(masked) : masked);
        out.reserve(bytes.length + 4);
        if (format === 'binary') out.int32(bytes.length);
        out.copy(bytes, 0, bytes.length);
      },
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hostile, hostile, hostile, hostile)), fc.array(fc.nat()), async (rows, cuts) => {
        const masks = new Map([[1, mask]]);

        const masked = await maskChunks(toFrames(rows, format), cuts, { format, fields: 4, written: 3, masks });

        const expected = rows.map(([a, b, c, d]) => [a, b === null ? null : `<${b}|${d ?? 'none'}>`, c]);
        if (format === 'binary') expect(masked.equals(unframe(toFrames(expected, format)))).toBe(true);
        else
          expect(masked.toString()).toBe(
            rows
              .map(([a, , c], at) => `${asServer(a)}\t${encodeCopyField(expected[at]?.[1] ?? null)}\t${asServer(c)}\n`)
              .join(''),
          );
      }),
      { numRuns: 150 },
    );
  },
);

test('values of a fixed length are masked where they stand, and the messages stay as they are', async () => {
  const overwrite = (row: Row, field: number) => void row.bytes.fill(0x2a, row.starts[field], row.ends[field]);
  const masks = new Map([[1, { overwrite, write: () => expect('written').toBe('overwritten') }]]);
  const rows = [
    ['a', 'secret', null],
    [null, null, 'b'],
    ['', 'x', ''],
  ];

  const masked = await maskChunks(toFrames(rows, 'binary'), [20, 40], { format: 'binary', fields: 3, written: 3, masks });

  expect(
    masked.equals(
      unframe(
        toFrames(
          [
            ['a', '******', null],
            [null, null, 'b'],
            ['', '*', ''],
          ],
          'binary',
        ),
      ),
    ),
  ).toBe(true);
});

test('rows of another form than was asked for end the copy, so nothing passes unmasked', async () => {
  const text: MaskedFields = { format: 'text', fields: 2, written: 2, masks: new Map([[0, { write: () => undefined }]]) };
  const binary: MaskedFields = { ...text, format: 'binary' };
  const header = frame(Buffer.concat([SIGNATURE, binaryRow(['a', 'b'])]));
  const wrong = [
    [text, 'a\tb\tc\n'],
    [text, 'a\n'],
    [text, 'a\tb'],
    [text, 'a\tb\nc\td\n'],
    [binary, binaryRow(['a', 'b'])],
    [binary, Buffer.concat([SIGNATURE, binaryRow(['a'])])],
    [binary, Buffer.concat([SIGNATURE, binaryRow(['a', 'b']), Buffer.from('more')])],
    [binary, Buffer.concat([SIGNATURE, binaryRow(['a', 'bcd']).subarray(0, -1)])],
  ] as const;

  for (const [fields, bytes] of wrong)
    await expect(maskChunks(frame(Buffer.from(bytes as string)), [], fields)).rejects.toThrow('another form');
  await expect(maskChunks(Buffer.concat([header, header]), [], binary)).rejects.toThrow('another form');
});

test('what a server says between rows is left out, and its error and the end are the driver’s', () => {
  const notice = Buffer.from([0x4e, 0, 0, 0, 6, 1, 2]);
  const row = frame(textRow(['a']));
  const cut = (bytes: Buffer) => {
    const frames: Buffer[] = [];
    const rest = new FrameCutter().push(bytes, (run) => frames.push(run));
    return { frames: Buffer.concat(frames), rest };
  };

  const done = cut(Buffer.concat([notice, row, notice, row, Buffer.from([0x63, 0, 0, 0, 4, 0x43])]));
  const failed = cut(Buffer.concat([row, Buffer.from([0x45, 0, 0, 1, 0])]));

  expect(done).toEqual({ frames: Buffer.concat([row, row]), rest: Buffer.from([0x43]) });
  expect(failed).toEqual({ frames: row, rest: Buffer.from([0x45, 0, 0, 1, 0]) });
  expect(() => cut(Buffer.from([0x51, 0, 0, 0, 4]))).toThrow('no COPY');
});

test('a value that a mask cannot take ends the sync by the name of its column, and is in no error', () => {
  const rule = { kind: 'jitter', days: 3, subject: 'id' };
  const planned = { rule, column: { name: 'c', baseType: 'date', maxLength: null }, isDistinct: false, typeSql: 'date' };
  const hash = createKeyedHash(new Uint8Array(32).fill(7));
  // The mask reads these fields of a planned column alone.
  const mask = fieldMaskOf(planned as unknown as PlannedColumn, { hash, table: 't', subjectField: 1 });

  const attempt = () => mask?.('canary-7', () => null);

  expect(attempt).toThrow(expect.objectContaining({ code: 'SYNC_VALUE_UNMASKABLE' }));
  try {
    attempt();
  } catch (error) {
    expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toContain('canary-7');
  }
});
