// npm packages cannot hold symbolic links, so the package lists its library links in pg-symlinks.json and makes them in an
// install script. Newer npm versions do not run install scripts unasked: we make the links at first use.
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Makes the missing links under a native folder. False when the folder cannot be written to; two processes may do it at once. */
export function makeLibraryLinks(nativeFolder: string): boolean {
  return readLinks(nativeFolder).every(({ source, target }) => isPresent(target) || makeLink(source, target));
}

// Paths in the list are relative to the package and start with `native/`.
function readLinks(nativeFolder: string): { source: string; target: string }[] {
  const file = path.join(nativeFolder, 'pg-symlinks.json');
  if (!fs.existsSync(file)) return [];
  const inFolder = (listed: string) => path.join(nativeFolder, path.relative('native', listed));
  return linksSchema
    .parse(JSON.parse(fs.readFileSync(file, 'utf8')))
    .map(({ source, target }) => ({ source: inFolder(source), target: inFolder(target) }));
}

function isPresent(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function makeLink(source: string, target: string): boolean {
  try {
    fs.symlinkSync(path.relative(path.dirname(target), source), target);
    return true;
  } catch {
    return isPresent(target);
  }
}
