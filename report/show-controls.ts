// Names come from schemas that anybody may have written. A character that one cannot see, or that turns the direction of the text around it,
// would let a name look like another one, so it is shown by its number.

/** The text with control characters (but line ends and tabs), marks of direction and halves of characters as `⟨U+202E⟩`. */
export function showControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '\n' || character === '\t') return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}
