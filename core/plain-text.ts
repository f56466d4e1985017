// Text from outside (names of files, of people) as it may be printed: nothing in it moves the cursor, colours or reorders what is beside it.

/** The text with every control, format and line-separating character replaced by `?`. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
}
