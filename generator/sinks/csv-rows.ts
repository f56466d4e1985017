// COPY text as CSV, byte by byte: fields are made once, by the text encoder, and only their dress changes here.
import { CopyBuffer } from '../../postgres/copy-buffer.ts';

const TAB = 0x09;
const LINE_END = 0x0a;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
/** What COPY text escapes by a letter (PostgreSQL docs, "COPY", text format). */
const ESCAPES = new Map([...'bfnrtv'].map((letter, at) => [letter.charCodeAt(0), '\b\f\n\r\t\v'.charCodeAt(at)]));

/** A header line with the columns' names, always quoted. */
export function csvHeader(columns: readonly string[]): Buffer {
  return Buffer.from(`${columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`, 'utf8');
}

/** Turns rows of COPY text into rows of CSV; NULL is an empty field, the empty text is "". */
export class CsvRows {
  private readonly out = new CopyBuffer();

  /** The result is valid until the next call. */
  convert(text: Buffer): Buffer {
    const { out } = this;
    out.at = 0;
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const byte = text[at];
      if (byte !== TAB && byte !== LINE_END) continue;
      this.field(text, from, at);
      out.reserve(1);
      out.bytes[out.at++] = byte === TAB ? COMMA : LINE_END;
      from = at + 1;
    }
    return out.bytes.subarray(0, out.at);
  }

  private field(text: Buffer, from: number, to: number): void {
    const { out } = this;
    // At most every byte is a quote, and quoted.
    out.reserve(2 * (to - from) + 2);
    if (isNull(text, from, to)) return;
    const isQuoted = needsQuotes(text, from, to);
    if (isQuoted) out.bytes[out.at++] = QUOTE;
    for (let at = from; at < to; at += 1) {
      let byte = text[at] as number;
      if (byte === BACKSLASH) {
        at += 1;
        const escaped = text[at] as number;
        byte = ESCAPES.get(escaped) ?? escaped;
      }
      if (byte === QUOTE) out.bytes[out.at++] = QUOTE;
      out.bytes[out.at++] = byte;
    }
    if (isQuoted) out.bytes[out.at++] = QUOTE;
  }
}

function isNull(text: Buffer, from: number, to: number): boolean {
  return to - from === 2 && text[from] === BACKSLASH && text[from + 1] === 0x4e;
}

/** The empty text, a separator or a quote inside, an escaped line end, and what begins like the end-of-data mark `\.`. */
function needsQuotes(text: Buffer, from: number, to: number): boolean {
  if (from === to) return true;
  for (let at = from; at < to; at += 1) {
    const byte = text[at];
    if (byte === COMMA || byte === QUOTE) return true;
    if (byte !== BACKSLASH) continue;
    at += 1;
    const escaped = text[at];
    if (escaped === 0x6e || escaped === 0x72 || (escaped === BACKSLASH && text[at + 1] === DOT)) return true;
  }
  return false;
}
