// HMAC-SHA-256 (RFC 2104, FIPS 180-4) for many short values: the blocks of the key are worked in once, so a value of up to 40 bytes costs two
// compressions, 1 us where node:crypto's objects cost 6. Long values go to node:crypto, which uses the processor's own instructions.
import { createHash, createHmac, type Hmac } from 'node:crypto';

const BLOCK = 64;
/** Bytes before padding above which node:crypto is faster. */
const LONG = 1024;
const DIGEST = 32;
/** Bytes that a loop copies faster than a call does. */
const LOOPED = 64;

// biome-ignore format: as FIPS 180-4 prints them
const ROUND_CONSTANTS = Int32Array.from([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
// biome-ignore format: as FIPS 180-4 prints them
const START = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

const schedule = new Int32Array(64);

/** One step of SHA-256: works the 64 bytes at `at` into the eight words `from` and writes the result to `into` (may be the same). */
export function compress(from: Int32Array, into: Int32Array, bytes: DataView, at: number): void {
  const w = schedule;
  const k = ROUND_CONSTANTS;
  for (let t = 0; t < 16; t += 1) w[t] = bytes.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t += 1) {
    const x = w[t - 15] as number;
    const y = w[t - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
  }
  // Eight words in and 64 constants, as the arrays above are made: no place is missing.
  let a = from[0] as number;
  let b = from[1] as number;
  let c = from[2] as number;
  let d = from[3] as number;
  let e = from[4] as number;
  let f = from[5] as number;
  let g = from[6] as number;
  let h = from[7] as number;
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (k[t] as number) + (w[t] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  into[0] = (from[0] as number) + a;
  into[1] = (from[1] as number) + b;
  into[2] = (from[2] as number) + c;
  into[3] = (from[3] as number) + d;
  into[4] = (from[4] as number) + e;
  into[5] = (from[5] as number) + f;
  into[6] = (from[6] as number) + g;
  into[7] = (from[7] as number) + h;
}

/** The keyed hash. A value is begun, added to and finished before the next one is. */
export class HmacSha256 {
  private readonly key: Buffer;
  private readonly inner: Int32Array;
  private readonly outer: Int32Array;
  private readonly words = new Int32Array(8);
  private readonly result = Buffer.alloc(BLOCK);
  private readonly digest = this.result.subarray(0, DIGEST);
  private readonly resultView = new DataView(this.result.buffer, this.result.byteOffset, BLOCK);
  private readonly scratch = Buffer.alloc(LONG + 2 * BLOCK);
  private readonly view = new DataView(this.scratch.buffer, this.scratch.byteOffset, this.scratch.length);
  private length = 0;
  private long: Hmac | null = null;

  /** `key`: up to 64 bytes; more are hashed first, as the standard says. */
  constructor(key: Uint8Array) {
    this.key = Buffer.from(key);
    const short = this.key.length > BLOCK ? createHash('sha256').update(this.key).digest() : this.key;
    this.inner = workIn(short, 0x36);
    this.outer = workIn(short, 0x5c);
  }

  /** Begins a value with these bytes, at most 64. */
  begin(prefix: Buffer): void {
    this.long = null;
    this.length = prefix.copy(this.scratch);
  }

  /** bytes[from, to). */
  add(bytes: Buffer, from: number, to: number): void {
    const { scratch } = this;
    if (this.long === null && this.length + to - from > LONG)
      this.long = createHmac('sha256', this.key).update(scratch.subarray(0, this.length));
    if (this.long !== null) this.long.update(bytes.subarray(from, to));
    else if (to - from > LOOPED) this.length += bytes.copy(scratch, this.length, from, to);
    else for (let at = from; at < to; at += 1) scratch[this.length++] = bytes[at] as number;
  }

  /** The text in UTF-8. */
  addText(text: string): void {
    // A UTF-16 unit takes three bytes at most.
    if (this.long === null && this.length + 3 * text.length <= LONG) this.length += this.scratch.write(text, this.length);
    else this.add(Buffer.from(text), 0, Buffer.byteLength(text));
  }

  /** The 32 bytes, which are good until the next value is finished. */
  finish(): Buffer {
    if (this.long !== null) this.long.digest().copy(this.result);
    else {
      const blocks = this.pad(this.length);
      compress(this.inner, this.words, this.view, 0);
      for (let block = 1; block < blocks; block += 1) compress(this.words, this.words, this.view, block * BLOCK);
      this.finishOuter();
    }
    return this.digest;
  }

  /** Marks the value's end and its length in bits, the key's block counted; the number of blocks. */
  private pad(length: number): number {
    const blocks = (length + 9 + BLOCK - 1) >> 6;
    const end = blocks * BLOCK;
    this.scratch[length] = 0x80;
    this.scratch.fill(0, length + 1, end);
    this.view.setUint32(end - 4, (length + BLOCK) * 8);
    return blocks;
  }

  private finishOuter(): void {
    const { resultView, words } = this;
    for (let at = 0; at < 8; at += 1) resultView.setInt32(4 * at, words[at] as number);
    resultView.setUint32(DIGEST, 0x8000_0000);
    for (let at = DIGEST + 4; at < BLOCK - 4; at += 4) resultView.setUint32(at, 0);
    resultView.setUint32(BLOCK - 4, (BLOCK + DIGEST) * 8);
    compress(this.outer, words, resultView, 0);
    for (let at = 0; at < 8; at += 1) resultView.setInt32(4 * at, words[at] as number);
  }
}

/** The state after the block of the key with the standard's byte. */
function workIn(key: Buffer, pad: number): Int32Array {
  const block = Buffer.alloc(BLOCK, pad);
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad;
  const state = Int32Array.from(START);
  compress(state, state, new DataView(block.buffer, block.byteOffset, BLOCK), 0);
  return state;
}
