// What chance explains, how two lists are read side by side, and what digests are: all without a server.
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { detect } from '../../core/detectors/detector.ts';
import type { NamedKey, ShadowDigests } from '../../spec/shadow-digests.ts';
import type { ComparedColumn } from '../../spec/shadow-verification.ts';
import type { Comparable } from '../../sync/digests/comparable-columns.ts';
import { createDigestMaker, packDigests, proofOfKey, refuseOtherKey, unpackDigests } from '../../sync/digests/digest-key.ts';
import { LARGEST_HASH, limitOf, shareBelow } from '../../sync/digests/hash-sql.ts';
import { compareKeys } from '../../sync/verify/check-structure.ts';
import { readLines } from '../../sync/verify/line-reader.ts';
import { normaliseDefinition } from '../../sync/verify/read-keys.ts';
import { expectedMatches, mostByChance } from '../../sync/verify/survivors/chance.ts';
import { mergeHashes } from '../../sync/verify/survivors/compare-columns.ts';
import { findSurvivors } from '../../sync/verify/survivors/find-survivors.ts';
import { detectInto, VALUE_DETECTORS, type ValueDetector } from '../../sync/verify/value-detectors.ts';
import { eachText } from '../../sync/verify/value-texts.ts';

test('chance explains about the expected number of matches, none where none is expected, and never much more', () => {
  expect(mostByChance(0)).toBe(0);
  expect(mostByChance(9e-10)).toBe(0);
  expect(mostByChance(0.18)).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (expected) => {
      const most = mostByChance(expected);
      expect(most).toBeGreaterThanOrEqual(Math.floor(expected));
      expect(most).toBeLessThan(expected + 9 * Math.sqrt(expected) + 15);
    }),
  );
  // A mask that gives 232 names to 40 people, of whom 30 have such names: each name is met with a chance of 40 in 232.
  expect(expectedMatches({ ofForm: 30, shadowValues: 40, size: 232, share: 1 })).toBeCloseTo((30 * 40) / 232);
  // Of a tenth of both sides, a tenth of the matches.
  expect(expectedMatches({ ofForm: 3, shadowValues: 4, size: 232, share: 0.1 })).toBeCloseTo((30 * 40) / 232 / 10);
});

test('a column whose every match may be chance is not among the compared, and is told by itself', () => {
  const comparison = (column: string, mostByChance: number): ComparedColumn => ({
    ...{ table: 'public.t', column, path: null, rule: 'fake', share: 1 },
    ...{ sourceValues: 40, shadowValues: 30, survivors: 2, expected: mostByChance / 3, mostByChance },
  });
  // Nothing else of them is read.
  const columns = ['few', 'name', 'mail'].map(
    (column) => ({ table: { key: 'public.t' }, column, path: null, rule: 'fake' }) as Comparable,
  );

  const found = findSurvivors(columns, [comparison('few', 30), comparison('name', 29), comparison('mail', 1)]);

  expect(found.compared.map(({ column }) => column)).toEqual(['name', 'mail']);
  expect(found.notCompared).toMatchObject([{ column: 'few', why: expect.stringContaining('chance explains any number') }]);
  expect(found.findings).toMatchObject([{ column: 'mail', count: 2 }]);
});

const hashes = fc.uniqueArray(fc.bigInt({ min: -40n, max: 40n }), { maxLength: 40 });
const ascending = (values: readonly bigint[]) => [...values].sort((left, right) => (left < right ? -1 : 1));
/** In pieces that end anywhere, as a socket gives them. */
const linesOf = (lines: readonly string[], size: number) => {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  return readLines(Readable.from(pieces));
};

test('two lists side by side give exactly what is on both', async () => {
  await fc.assert(
    fc.asyncProperty(hashes, hashes, fc.integer({ min: 1, max: 9 }), async (left, right, size) => {
      const source = linesOf(
        ascending(left).map((hash) => `${hash}\t${hash < 0n ? 't' : 'f'}`),
        size,
      );
      const shadow = linesOf(
        ascending(right).map((hash) => `${hash}\tf`),
        size,
      );

      expect(await mergeHashes(source, shadow, () => undefined)).toEqual({
        sourceValues: left.length,
        ofForm: left.filter((hash) => hash < 0n).length,
        shadowValues: right.length,
        survivors: left.filter((hash) => right.includes(hash)).length,
      });
    }),
  );
});

test('digests are of one key and one column, in no order of the values, and come back as they were', () => {
  const key = new Uint8Array(32).fill(1);
  const place = { table: 'public.t', column: 'c', path: null };
  const maker = createDigestMaker(key, place);
  const others = [
    createDigestMaker(new Uint8Array(32).fill(2), place),
    createDigestMaker(key, { ...place, column: 'd' }),
    createDigestMaker(key, { ...place, path: 'a' }),
  ];
  const values = Array.from({ length: 1000 }, (_, at) => BigInt(at) - 500n);
  const digests = values.map((value) => maker.digest(value));
  const packed = packDigests(digests);
  const set = { keyProof: proofOfKey(key) } as ShadowDigests;

  expect(unpackDigests(packed)).toEqual(new Set(digests));
  expect([...unpackDigests(packed)]).toEqual(ascending(digests));
  for (const other of others) expect(values.some((value, at) => other.digest(value) === digests[at])).toBe(false);
  expect(() => refuseOtherKey(key, set)).not.toThrow();
  expect(() => refuseOtherKey(new Uint8Array(32).fill(2), set)).toThrow(/another masking key/);
  expect(shareBelow(LARGEST_HASH)).toBe(1);
  for (const share of [1, 0.5, 0.01, 1e-6]) expect(shareBelow(limitOf(share))).toBeCloseTo(share, 12);
});

test('asking only the detectors that a text is worth asking finds all that they all find', () => {
  const pieces = [
    'anna@real.org',
    '+49 30 5550001',
    '030/5550001',
    '4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
    '0301234567',
  ];
  const noise = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(
      noise,
      fc.constantFrom(...pieces, '', 'password: hunter22', 'eyJhbGciOi.eyJzdWIi'),
      noise,
      (before, piece, after) => {
        const text = `${before}${piece}${after}`;
        const found = new Set<ValueDetector>();
        detectInto(found, text);
        const all = detect(
          text,
          VALUE_DETECTORS.map(({ detector }) => detector),
        );
        expect([...found].map(({ detector }) => detector.what).sort()).toEqual(all.sort());
      },
    ),
  );
  const hex = new Set<ValueDetector>();
  detectInto(hex, '00123456789012345678901234567890');
  expect(hex.size).toBe(0);
});

test('every string and member name of a document is looked at by itself, with its escapes undone', () => {
  const texts: string[] = [];
  eachText('{"tel": ["030\\u0031234567", {"zoe@real.org": 4111111111111111}], "a": "x\\"y"}', 'quoted', (text) =>
    texts.push(text),
  );

  expect(texts).toEqual(['tel', '0301234567', 'zoe@real.org', 'a', 'x"y', '# 4111111111111111 #']);
});

test('a definition is the same after a dump and its restore, and another one is not', () => {
  const before = "CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))";
  const after = "CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))";

  expect(normaliseDefinition(after)).toBe(normaliseDefinition(before));
  expect(normaliseDefinition(`${before} NOT VALID`)).toBe(normaliseDefinition(before));
  for (const other of ['CHECK (true)', before.replace("'b'", "'c'"), before.replace('= ANY', '<> ANY')])
    expect(normaliseDefinition(other)).not.toBe(normaliseDefinition(before));
});

test('a key that the source never validated is no finding, one that is missing or became invalid is', () => {
  const key = (name: string, isValid: boolean): NamedKey => ({ table: 'public.t', name, kind: 'foreign', isValid });
  const source = [key('good', true), key('never', false), key('lost', true), key('broken', true)];
  const shadow = [key('good', true), key('never', false), key('broken', false)];

  expect(compareKeys(shadow, source).findings.map(({ what }) => what)).toEqual([
    'the reference broken is not validated',
    'the reference lost of the source is not there',
  ]);
  const weak = { ...key('good', true), definition: `15:${'a'.repeat(64)}` };
  const strong = { ...weak, definition: `15:${'b'.repeat(64)}` };
  const newer = { ...strong, definition: `16:${'b'.repeat(64)}` };
  expect(compareKeys([weak], [strong])).toMatchObject({
    findings: [{ what: 'the reference good is not what it is in the source' }],
    notChecked: [],
  });
  expect(compareKeys([strong], [strong])).toEqual({ findings: [], notChecked: [] });
  for (const other of [newer, key('good', true)])
    expect(compareKeys([weak], [other])).toMatchObject({
      findings: [],
      notChecked: [{ why: expect.stringContaining('names alone') }],
    });
  expect(compareKeys(shadow, null)).toMatchObject({ findings: [], notChecked: [{ table: 'public.t' }, { table: 'public.t' }] });
});
