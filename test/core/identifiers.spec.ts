import fc from 'fast-check';
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey, normaliseTableKey, parseTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';

const name = fc.string({ minLength: 1, maxLength: 63 }).filter((text) => !text.includes('\0'));

describe('table keys', () => {
  test('are read back as they were written, whatever the names hold', () => {
    fc.assert(
      fc.property(name, name, (schema, table) => {
        expect(parseTableKey(formatTableKey({ schema, name: table }))).toEqual({ schema, name: table });
      }),
    );
  });

  test('mean public when no schema is written', () => {
    expect(normaliseTableKey('users')).toBe('public.users');
    expect(normaliseTableKey('"Users"')).toBe('public."Users"');
  });

  test.each(['', 'a.b.c', 'a.', '.b', 'a b', '"a', 'a"b"'])('refuse %j', (text) => {
    expect(() => parseTableKey(text)).toThrow(ShapecastError);
  });
});

describe('quoting', () => {
  test('doubles quotes', () => {
    expect(quoteIdentifier('a"b')).toBe('"a""b"');
    expect(quoteQualified({ schema: 'S', name: 'x.y' })).toBe('"S"."x.y"');
  });
});
