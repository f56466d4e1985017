// Whole numbers as base64 text: tens of thousands of places in a plan are a few lines of it instead of as many array elements.
// Little-endian on every platform, because the text is part of the plan's digest.
import { ShapecastError } from './errors.ts';

/** Whole numbers from 0 to 2^31 - 1: base64 of little-endian words of so many bytes. */
export interface PackedIntegers {
  readonly bytes: 1 | 2 | 4;
  readonly data: string;
}

const MOST = 2 ** 31 - 1;

/** The numbers in the smallest words that hold all of them. Throws BUG for anything but whole numbers from 0 to 2^31 - 1. */
export function packIntegers(values: ArrayLike<number>): PackedIntegers {
  let most = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!(Number.isInteger(value) && value >= 0 && value <= MOST))
      throw new ShapecastError('BUG', { what: 'a number to pack is no whole number from 0 to 2^31 - 1' });
    if (value > most) most = value;
  }
  const bytes = most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4;
  const buffer = Buffer.alloc(values.length * bytes);
  for (let index = 0; index < values.length; index += 1) buffer.writeUIntLE(values[index] as number, index * bytes, bytes);
  return { bytes, data: buffer.toString('base64') };
}

/** The numbers again. Throws BUG where the text is no base64 of whole words, or a word is above 2^31 - 1. */
export function unpackIntegers({ bytes, data }: PackedIntegers): Int32Array {
  // Buffer passes over what is no base64.
  if (!isBase64(data)) throw new ShapecastError('BUG', { what: 'packed integers are no base64' });
  const buffer = Buffer.from(data, 'base64');
  if (buffer.length % bytes !== 0) throw new ShapecastError('BUG', { what: 'packed integers end inside a word' });
  const values = new Int32Array(buffer.length / bytes);
  for (let index = 0; index < values.length; index += 1) {
    const value = buffer.readUIntLE(index * bytes, bytes);
    if (value > MOST) throw new ShapecastError('BUG', { what: 'a packed integer is above 2^31 - 1' });
    values[index] = value;
  }
  return values;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
