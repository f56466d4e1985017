// The stream between two COPYs: whatever bytes the values hold and however the socket cuts them, only masked fields change.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { decodeCopyField, encodeCopyField } from '../../postgres/copy-text.ts';
import { fieldMaskOf } from '../../sync/field-masks.ts';
import { createMaskStream, type MaskedFields } from '../../sync/mask-stream.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import type { PlannedColumn } from '../../sync/planned-table.ts';

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

async function maskChunks(bytes: Buffer, cuts: readonly number[], fields: MaskedFields): Promise<string> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
  const chunks = edges.slice(1).map((edge, at) => bytes.subarray(edges[at], edge));
  return (await buffer(Readable.from(chunks.filter(({ length }) => length > 0)).pipe(createMaskStream(fields)))).toString('utf8');
}

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

test('masked fields are masked, others pass as bytes, helpers are left out, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(hostile, hostile, hostile, hostile)), fc.array(fc.nat()), async (rows, cuts) => {
      const bytes = Buffer.from(rows.map((row) => `${row.map(asServer).join('\t')}\n`).join(''), 'utf8');
      const masks = new Map([
        [1, (value: string, helper: (field: number) => string | null) => `<${value}|${helper(3) ?? 'none'}>`],
      ]);

      const masked = await maskChunks(bytes, cuts, { written: 3, masks });

      const expected = rows.map(([a, b, c, d]) => {
        const middle = b === null ? '\\N' : encodeCopyField(`<${b}|${d ?? 'none'}>`);
        return `${asServer(a)}\t${middle}\t${asServer(c)}\n`;
      });
      expect(masked).toBe(expected.join(''));
    }),
    { numRuns: 200 },
  );
});

test('half a row at the end is an error, and never passed on', async () => {
  await expect(maskChunks(Buffer.from('a\tb\nc\t'), [], { written: 2, masks: new Map() })).rejects.toThrow('middle of a row');
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
