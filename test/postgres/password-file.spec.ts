import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPassword, matchPassword } from '../../postgres/password-file.ts';
import { resolveServerAddress } from '../../postgres/server-address.ts';

const address = resolveServerAddress('postgresql://ann@db.example:5432/app', {});

describe('the password file', () => {
  test.each([
    ['db.example:5432:app:ann:exact', 'exact'],
    ['*:*:*:ann:any', 'any'],
    ['db.example:5432:app:bob:no\n# db.example:5432:app:ann:no\n*:*:app:*:second', 'second'],
    ['db.example:5432:app:ann:with\\:colon:and\\\\slash', 'with:colon:and\\slash'],
    ['db.example:5433:app:ann:no', null],
    ['broken line', null],
    ['', null],
  ])('%j gives %j', (text, password) => {
    expect(matchPassword(text, address)).toBe(password);
  });

  test('looks a socket up as localhost', () => {
    const socket = resolveServerAddress('postgresql://ann@/app?host=/tmp', {});

    expect(matchPassword('localhost:5432:app:ann:local', socket)).toBe('local');
  });

  test('is ignored when others may read it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-pass-'));
    const passwordFile = path.join(folder, 'pgpass');
    fs.writeFileSync(passwordFile, '*:*:*:*:open', { mode: 0o600 });

    const closed = findPassword({ ...address, passwordFile });
    fs.chmodSync(passwordFile, 0o644);
    const open = findPassword({ ...address, passwordFile });
    fs.rmSync(folder, { recursive: true });

    expect([closed, open]).toEqual(['open', null]);
  });
});
