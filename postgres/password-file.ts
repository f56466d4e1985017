// libpq's password file: lines of host:port:database:user:password, each field exact or `*`. node-postgres reads it too but
// announces that it will stop doing so. https://www.postgresql.org/docs/current/libpq-pgpass.html
import fs from 'node:fs';
import { isSocketFolder, type ServerAddress } from './server-address.ts';

/** The password of the first line that matches, or null. A file that others may read is ignored, as libpq does. Reads the disk. */
export function findPassword(address: ServerAddress): string | null {
  const stat = fs.statSync(address.passwordFile, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) return null;
  return matchPassword(fs.readFileSync(address.passwordFile, 'utf8'), address);
}

/** The password of the first matching line of a password file's text, or null. */
export function matchPassword(text: string, address: ServerAddress): string | null {
  // libpq looks the default socket up under the name localhost.
  const host = isSocketFolder(address.host) ? 'localhost' : address.host;
  const wanted = [host, String(address.port), address.database, address.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = splitFields(line);
    const password = fields[4];
    if (password === undefined) continue;
    if (wanted.every((value, index) => fields[index] === '*' || fields[index] === value)) return password;
  }
  return null;
}

// A backslash escapes a colon or a backslash.
function splitFields(line: string): string[] {
  const fields = [''];
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === ':' && fields.length < 5) {
      fields.push('');
      continue;
    }
    if (character === '\\' && at + 1 < line.length) at += 1;
    fields[fields.length - 1] += line[at] ?? '';
  }
  return fields;
}
