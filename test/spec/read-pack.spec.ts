import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { readPackFile } from '../../spec/read-pack.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const now = new Date('2024-04-15T10:00:00Z');
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-read-pack-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Writes the text and reads it as a pack; the error that comes of it, or null. */
function readError(text: string, at = now): ShapecastError | null {
  const file = path.join(folder, 'pack.json');
  fs.writeFileSync(file, text);
  try {
    readPackFile(file, { now: at });
    return null;
  } catch (error) {
    if (error instanceof ShapecastError) return error;
    throw error;
  }
}

// The changes below make packs that the types forbid.
type Loose = { [key: string]: Loose } & { [key: number]: Loose };

function readChanged(change: (pack: Loose) => void): ShapecastError | null {
  const pack = buildTestPack() as unknown as Loose;
  change(pack);
  return readError(JSON.stringify(pack));
}

describe('readPackFile', () => {
  test('a valid pack is read', () => {
    const file = path.join(folder, 'pack.json');
    fs.writeFileSync(file, JSON.stringify(buildTestPack()));

    expect(readPackFile(file, { now })).toEqual(buildTestPack());
  });

  test('a pack is refused from the day of its expiry on', () => {
    const text = JSON.stringify(buildTestPack());

    expect(readError(text, new Date('2024-06-28T23:59:59Z'))).toBeNull();
    expect(readError(text, new Date('2024-06-29T00:00:00Z'))).toMatchObject({
      code: 'PACK_EXPIRED',
      data: { expires: '2024-06-29' },
    });
  });

  test('a pack that names a later expiry than 90 days after its day does not live longer', () => {
    const pack = buildTestPack();
    pack.provenance.expires = '2099-01-01';

    expect(readError(JSON.stringify(pack), new Date('2024-07-01'))).toMatchObject({
      code: 'PACK_EXPIRED',
      data: { expires: '2024-06-29' },
    });
  });

  test('another version is refused by name, whatever else it holds', () => {
    expect(readError(JSON.stringify({ format: 'shapecast-pack', version: 2, news: [] }))?.code).toBe('PACK_VERSION_UNKNOWN');
  });

  test('a file that is no JSON is refused', () => {
    expect(readError('{"format": ')?.code).toBe('DOCUMENT_UNPARSABLE');
  });

  test.each<[string, string, (pack: Loose) => void]>([
    [
      'a string of 101 characters',
      'provenance.operator',
      (pack) => Object.assign(pack.provenance ?? {}, { operator: 'x'.repeat(101) }),
    ],
    ['an unknown key', 'privacy.salt', (pack) => Object.assign(pack.privacy ?? {}, { salt: 'x' })],
    ['a count that is no whole number', 'marginals.0.other', (pack) => Object.assign(pack.marginals?.[0] ?? {}, { other: 0.5 })],
    ['a day that no calendar has', 'provenance.day', (pack) => Object.assign(pack.provenance ?? {}, { day: '2024-13-45' })],
  ])('%s is refused with its path', (_, place, change) => {
    const error = readChanged(change);

    expect(error?.code).toBe('DOCUMENT_INVALID');
    expect(error?.message).toContain(`${place}:`);
  });

  test('a token of 15 hex digits is refused with its path and without its text', () => {
    const text = JSON.stringify(buildTestPack()).replace('1c0f5a9be2d47783', '1c0f5a9be2d4778');

    const error = readError(text);

    expect(error?.code).toBe('DOCUMENT_INVALID');
    expect(error?.message).toMatch(/marginals\.\d+\.axes\.0\.labels\.0\.token/);
    expect(error?.message).not.toContain('1c0f5a9be2d4778');
  });

  test('a __proto__ key is refused', () => {
    const error = readError(JSON.stringify(buildTestPack()).replace('"privacy":{', '"privacy":{"__proto__":{"k":1},'));

    expect(error?.code).toBe('DOCUMENT_INVALID');
    expect(error?.message).toContain('privacy.__proto__');
  });
});
