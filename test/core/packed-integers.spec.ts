import fc from 'fast-check';
import { packIntegers, unpackIntegers } from '../../core/packed-integers.ts';

const BUG = expect.objectContaining({ code: 'BUG' });

describe('packed integers', () => {
  test('come back as they were, whatever the word', () => {
    const values = fc.oneof(...[255, 65_535, 2 ** 31 - 1].map((max) => fc.array(fc.integer({ min: 0, max }))));
    fc.assert(fc.property(values, (some) => expect([...unpackIntegers(packIntegers(some))]).toEqual(some)));
  });

  test.each([
    [[], 1, ''],
    [[0, 255], 1, 'AP8='],
    [[1, 256], 2, 'AQAAAQ=='],
    [[1, 65_536], 4, 'AQAAAAAAAQA='],
  ] as const)('%j takes words of %i, the lowest byte first', (values, bytes, data) => {
    expect(packIntegers(values)).toEqual({ bytes, data });
  });

  test('what is no whole number from 0 to 2^31 - 1 is refused', () => {
    for (const value of [-1, 0.5, 2 ** 31, Number.NaN]) expect(() => packIntegers([1, value])).toThrow(BUG);
  });

  test('half a word, no base64 and a word of 2^31 are refused', () => {
    expect(() => unpackIntegers({ bytes: 2, data: 'AQAB' })).toThrow(BUG);
    expect(() => unpackIntegers({ bytes: 1, data: '?' })).toThrow(BUG);
    expect(() => unpackIntegers({ bytes: 4, data: Buffer.from([0, 0, 0, 0x80]).toString('base64') })).toThrow(BUG);
  });
});
