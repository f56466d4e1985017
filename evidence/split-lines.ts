// Bytes as lines. What follows the last line feed is a line too: a write that was cut off may have left it.

const LINE_FEED = 10;

export interface ByteLine {
  /** Without the line feed. */
  readonly bytes: Uint8Array;
  readonly from: number;
}

/** All lines in order. */
export function splitLines(text: Uint8Array): { readonly lines: ByteLine[]; readonly endsWithLineFeed: boolean } {
  const lines: ByteLine[] = [];
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf(LINE_FEED, from);
    const to = found === -1 ? text.length : found;
    lines.push({ bytes: text.subarray(from, to), from });
    from = to + 1;
  }
  return { lines, endsWithLineFeed: text.at(-1) === LINE_FEED };
}
