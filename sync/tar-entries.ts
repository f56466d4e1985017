// The entries of a tar archive (ustar) that begin in a piece of it: name and as much of the content as is there.
const BLOCK = 512;

export interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
  /** Less of the content is there than the entry has. */
  readonly isCut: boolean;
}

/** None where the bytes are no archive. */
export function readTarEntries(bytes: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    const size = readOctal(header, 124, 12);
    if (header.toString('latin1', 257, 262) !== 'ustar' || size === null) break;
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    entries.push({ name: readText(header, 0, 100).replace(/^\.\//, ''), content, isCut: content.length < size });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

function readText(header: Buffer, from: number, length: number): string {
  return header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
}

function readOctal(header: Buffer, from: number, length: number): number | null {
  const text = readText(header, from, length).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null;
}
