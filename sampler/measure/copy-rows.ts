// Reads the rows of a binary COPY stream whose fields are all int4 or NULL. One Int32Array is filled again and again, so a
// row costs no object; a row that is cut by the end of a chunk waits for the next chunk.

/** What a NULL field reads as. No code is this small. */
export const NULL_CODE = -0x80000000;

/** Gets the codes of one row; the array is reused, so take what you need at once. */
export type RowSink = (row: Int32Array) => void;

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;

/** A parser for one COPY stream; feed it all chunks in order. It throws RangeError on a stream of another form. */
export class CopyRows {
  private rest: Buffer | null = null;
  private isHeaderRead = false;
  private isEnded = false;
  private readonly row: Int32Array;
  private readonly sink: RowSink;

  constructor(fields: number, sink: RowSink) {
    this.row = new Int32Array(fields);
    this.sink = sink;
  }

  /** Reads all whole rows of the chunk. */
  push(chunk: Buffer): void {
    const data = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    if (!this.isHeaderRead) {
      at = headerEnd(data);
      this.isHeaderRead = at > 0;
    }
    if (this.isHeaderRead) at = this.readRows(data, at);
    this.rest = at < data.length ? data.subarray(at) : null;
  }

  /** Call at the end of the stream: throws RangeError when it was cut off. */
  finish(): void {
    if (!this.isEnded) throw new RangeError('the COPY stream ended before its trailer');
  }

  /** Returns the position of the first row that is not there in full. */
  private readRows(data: Buffer, start: number): number {
    const fields = this.row.length;
    let at = start;
    while (at + 2 <= data.length) {
      const count = readInt16(data, at);
      if (count === TRAILER) return this.end(data, at + 2);
      if (count !== fields) throw new RangeError(`a row has ${count} fields, expected ${fields}`);
      const next = this.readFields(data, at + 2);
      if (next < 0) return at;
      this.sink(this.row);
      at = next;
    }
    return at;
  }

  /** Fills the row; returns the position after it, or -1 when the chunk ends before. */
  private readFields(data: Buffer, start: number): number {
    const { row } = this;
    let at = start;
    for (let field = 0; field < row.length; field++) {
      if (at + 4 > data.length) return -1;
      const length = readInt32(data, at);
      at += 4;
      if (length === -1) {
        row[field] = NULL_CODE;
        continue;
      }
      if (length !== 4) throw new RangeError('a field is no int4');
      if (at + 4 > data.length) return -1;
      row[field] = readInt32(data, at);
      at += 4;
    }
    return at;
  }

  private end(data: Buffer, at: number): number {
    this.isEnded = true;
    if (at !== data.length) throw new RangeError('bytes after the end of the COPY stream');
    return at;
  }
}

/** 0 while the header is not there in full. */
function headerEnd(data: Buffer): number {
  if (data.length < HEADER_BYTES) return 0;
  if (!data.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new RangeError('not a binary COPY stream');
  const extensionBytes = readInt32(data, SIGNATURE.length + 4);
  return data.length < HEADER_BYTES + extensionBytes ? 0 : HEADER_BYTES + extensionBytes;
}

function readInt16(data: Buffer, at: number): number {
  return (((data[at] ?? 0) << 24) | ((data[at + 1] ?? 0) << 16)) >> 16;
}

// Shifts compile to the fastest reads; Buffer.readInt32BE checks its arguments each time.
function readInt32(data: Buffer, at: number): number {
  return ((data[at] ?? 0) << 24) | ((data[at + 1] ?? 0) << 16) | ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0);
}
