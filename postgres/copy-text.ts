// The text format of COPY, field by field: https://www.postgresql.org/docs/current/sql-copy.html. A raw tab ends a field and a raw
// newline a row, because both are escaped inside values; so rows are cut without decoding anything.

/** The bytes that end a field and a row. */
export const FIELD_END = 0x09;
export const ROW_END = 0x0a;

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The field's text; null for `\N`. Octal and hex escapes, which no server writes, are read too. */
export function decodeCopyField(field: string): string | null {
  if (field === '\\N') return null;
  if (!field.includes('\\')) return field;
  return field.replace(
    /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))/g,
    (_all, octal: string | undefined, hex: string | undefined, sign: string | undefined) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return LETTERS[sign ?? ''] ?? sign ?? '';
    },
  );
}

/** The field as COPY reads it. A value that holds a zero byte, which no text of PostgreSQL does, is the server's to refuse. */
export function encodeCopyField(value: string | null): string {
  if (value === null) return '\\N';
  if (!/[\\\n\r\t]/.test(value)) return value;
  return value.replace(/[\\\n\r\t]/g, (sign) => `\\${{ '\\': '\\', '\n': 'n', '\r': 'r', '\t': 't' }[sign] ?? ''}`);
}
