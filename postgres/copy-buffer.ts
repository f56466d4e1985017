// A growable buffer for COPY data, big-endian as the protocol wants it. One per worker, reused for every block.

/** Bytes [0, at) are written. `reserve` before writing: the writers do not check. */
export class CopyBuffer {
  bytes: Buffer;
  view: DataView;
  at = 0;

  /** `bytes`: to begin with. */
  constructor(bytes: Buffer = Buffer.allocUnsafeSlow(1 << 20)) {
    this.bytes = bytes;
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  }

  /** Makes room for `more` bytes after `at`. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + more));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }

  int16(value: number): void {
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  int32(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** A whole number up to 2^53 in size as a 64-bit integer. */
  int64(value: number): void {
    const high = Math.floor(value / 4294967296);
    this.view.setInt32(this.at, high);
    this.view.setUint32(this.at + 4, value - high * 4294967296);
    this.at += 8;
  }

  /** Copies data[from, to). */
  copy(data: Buffer, from: number, to: number): void {
    this.at += data.copy(this.bytes, this.at, from, to);
  }
}
