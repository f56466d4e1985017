import fc from 'fast-check';
import { canonicalJson, sha256Hex } from '../../core/canonical-json.ts';

describe('canonicalJson', () => {
  test('sorts keys by UTF-16 code units and writes no white space', () => {
    expect(canonicalJson({ b: [1, { z: null, a: 'ä' }], A: true, a: 1.5 })).toBe('{"A":true,"a":1.5,"b":[1,{"a":"ä","z":null}]}');
  });

  test('leaves out undefined members', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, [undefined]])
      expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('reads back equal, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());

        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('sha256Hex is SHA-256 of the UTF-8 bytes', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
