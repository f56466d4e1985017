// HMAC-SHA-256 for many short values, by @noble/hashes: its state with the key worked in is copied for each value, which costs 1.2 us where
// node:crypto's objects cost 2 and make work for the garbage collector. Long values go to node:crypto, which uses the processor's own instructions.
import { createHmac, type Hmac } from 'node:crypto';
import { _HMAC } from '@noble/hashes/hmac.js';
import { type _SHA256, sha256 } from '@noble/hashes/sha2.js';

/** Bytes above which node:crypto is faster. */
const LONG = 1024;
const DIGEST = 32;

/** The keyed hash. A value is begun, added to and finished before the next one is. */
export class HmacSha256 {
  private readonly key: Uint8Array;
  private readonly keyed: _HMAC<_SHA256>;
  private readonly state: _HMAC<_SHA256>;
  private readonly result = Buffer.alloc(DIGEST);
  private readonly scratch = Buffer.alloc(LONG);
  private long: Hmac | null = null;
  private prefix: Uint8Array = Buffer.alloc(0);

  /** A key of any length. */
  constructor(key: Uint8Array) {
    this.key = Uint8Array.from(key);
    this.keyed = new _HMAC<_SHA256>(sha256, this.key);
    this.state = this.keyed.clone();
  }

  /** Begins a value with these bytes. */
  begin(prefix: Buffer): void {
    this.long = null;
    this.prefix = prefix;
    this.keyed._cloneInto(this.state).update(prefix);
  }

  /** bytes[from, to), once for a value. */
  add(bytes: Buffer, from: number, to: number): void {
    const value = bytes.subarray(from, to);
    if (value.length > LONG) this.long = createHmac('sha256', this.key).update(this.prefix).update(value);
    else this.state.update(value);
  }

  /** The text in UTF-8, once for a value. */
  addText(text: string): void {
    // A UTF-16 unit takes three bytes at most.
    if (3 * text.length <= LONG) this.state.update(this.scratch.subarray(0, this.scratch.write(text)));
    else this.add(Buffer.from(text), 0, Buffer.byteLength(text));
  }

  /** The 32 bytes, which are good until the next value is finished. */
  finish(): Buffer {
    if (this.long !== null) this.long.digest().copy(this.result);
    else this.state.digestInto(this.result);
    return this.result;
  }
}
