// libpq's sslmode in the terms of Node's TLS. node-postgres reads `require` as `verify-full` and warns; we keep libpq's meaning.
// https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
import fs from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { ShapecastError } from '../core/errors.ts';
import { systemCodeOf } from '../core/system-code.ts';
import type { ServerAddress } from './server-address.ts';

/** false: no encryption; else what the certificate must satisfy. Reads the certificate files. Throws FILE_UNREADABLE. */
export function tlsOptions(address: ServerAddress): false | ConnectionOptions {
  if (address.sslMode === 'disable' || address.sslMode === 'allow') return false;
  const root = address.sslRootCertificate;
  const options: ConnectionOptions = {
    // `system` is Node's own list of authorities, and so is no file at all.
    ...(root !== null && root !== 'system' ? { ca: readCertificate(root) } : {}),
    ...(address.sslCertificate !== null ? { cert: readCertificate(address.sslCertificate) } : {}),
    ...(address.sslKey !== null ? { key: readCertificate(address.sslKey) } : {}),
  };
  return { ...options, ...verification(address.sslMode, root) };
}

// `require` with a root certificate checks the authority, as in libpq; `system` allows only the full check there.
function verification(mode: string, root: string | null): ConnectionOptions {
  if (mode === 'verify-full' || root === 'system') return { rejectUnauthorized: true };
  const checksAuthority = mode === 'verify-ca' || (mode === 'require' && root !== null);
  if (checksAuthority) return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { rejectUnauthorized: false };
}

function readCertificate(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const reason = String(systemCodeOf(cause) ?? 'unknown reason');
    throw new ShapecastError('FILE_UNREADABLE', { file, reason }, { cause });
  }
}
