// libpq's connection service file: named groups of connection parameters, so that a login need not stand in a URL.
// https://www.postgresql.org/docs/current/libpq-pgservice.html
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';

/** The parameters of a service from PGSERVICEFILE, ~/.pg_service.conf or PGSYSCONFDIR, in this order. Throws URL_UNSUPPORTED when no file has it. */
export function readService(name: string, environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  for (const file of serviceFiles(environment)) {
    const service = fs.existsSync(file) ? findService(fs.readFileSync(file, 'utf8'), name) : null;
    if (service !== null) return service;
  }
  throw new ShapecastError('URL_UNSUPPORTED', { reason: 'no service file defines the service that is asked for' });
}

function serviceFiles(environment: NodeJS.ProcessEnv): string[] {
  const own = environment.PGSERVICEFILE ?? path.join(os.homedir(), '.pg_service.conf');
  const system = environment.PGSYSCONFDIR;
  return system ? [own, path.join(system, 'pg_service.conf')] : [own];
}

/** The `key=value` lines under `[name]`, or null when the text has no such group. */
export function findService(text: string, name: string): ReadonlyMap<string, string> | null {
  let service: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (service !== null) return service;
      if (line === `[${name}]`) service = new Map();
      continue;
    }
    const equals = line.indexOf('=');
    if (service !== null && equals > 0) service.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return service;
}
