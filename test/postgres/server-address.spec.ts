import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { isLoopback, resolveServerAddress } from '../../postgres/server-address.ts';

describe('resolveServerAddress', () => {
  test('takes a whole URL apart and decodes its escapes', () => {
    const address = resolveServerAddress('postgresql://us%40er:p%3Aa%2Fss@db.example:6543/my%2Fdb%3F?sslmode=require', {});

    expect(address).toMatchObject({
      host: 'db.example',
      port: 6543,
      user: 'us@er',
      password: 'p:a/ss',
      database: 'my/db?',
      sslMode: 'require',
    });
  });

  test('gives back any login and database that were escaped into a URL', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (user, password, database) => {
        const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const address = resolveServerAddress(`postgresql://${login}@h/${encodeURIComponent(database)}`, {});

        expect([address.user, address.password, address.database]).toEqual([user, password, database]);
      }),
    );
  });

  test.each([
    ['postgresql://localhost/db?host=evil.example', 'evil.example'],
    ['postgresql://localhost/db?host=%2Ftmp%2Fsocket', '/tmp/socket'],
    ['postgresql://user@/db?host=/tmp', '/tmp'],
    ['postgresql://%2Ftmp%2Fsocket/db', '/tmp/socket'],
    ['postgresql://[::1]:5433/db', '::1'],
    ['postgres://localhost@evil.example/db', 'evil.example'],
    ['postgresql://user:localhost%2F@evil.example', 'evil.example'],
    ['postgresql://evil%2Eexample/db', 'evil.example'],
    ['postgresql://localhost\\@evil.example/db@', 'evil.example'],
    ['postgresql:///db', 'from-environment'],
    ['postgresql:///db?host=', 'from-environment'],
    ['', 'from-environment'],
  ])('finds the host of %s', (url, host) => {
    expect(resolveServerAddress(url, { PGHOST: 'from-environment' }).host).toBe(host);
  });

  test.each([
    'postgresql://a,b/db',
    'postgresql://a:1,b:2/db',
    'postgresql://localhost%2Cevil.example/db',
    'postgresql:///db?host=localhost,evil.example',
    'postgresql://localhost/db?host=localhost&host=evil.example',
    'postgresql://localhost/db?hostaddr=203.0.113.7',
    'postgresql://localhost/db?h%6Fstaddr=203.0.113.7',
    'postgresql://localhost/db?host=localhost&h%6fst=evil.example',
    'postgresql://localhost/db?sslmod=verify-full',
    'postgresql://evil.example#@localhost/db',
    'postgresql://localhost:70000/db',
    'postgresql://localhost/%ZZ',
    'postgresql://localhost/db?sslmode=maybe',
    'socket:/tmp?db=x',
    '/tmp db',
    'http://localhost/db',
    'host=localhost dbname=db',
  ])('refuses %s', (url) => {
    expect(() => resolveServerAddress(url, {})).toThrow(expect.objectContaining({ code: 'URL_UNSUPPORTED' }));
  });

  test('never quotes the URL in an error', () => {
    const resolve = () => resolveServerAddress('postgresql://user:canary-secret@h/db?canary-secret=2', {});

    expect(resolve).toThrow('the parameter in the query part is not supported');
    expect(resolve).not.toThrow(/canary/);
  });

  test('prefers URL, then service file, then environment, then defaults', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-service-'));
    const file = path.join(folder, 'services');
    fs.writeFileSync(
      file,
      '# comment\n[other]\nhost=wrong\n[prod]\nhost=from-service\nport=7000\ndbname=d\n[last]\nuser=wrong\n',
    );
    const environment = { PGSERVICEFILE: file, PGSERVICE: 'prod', PGHOST: 'from-environment', PGUSER: 'env-user' };

    const address = resolveServerAddress('postgresql://:7001', environment);
    fs.rmSync(folder, { recursive: true });

    expect(address).toMatchObject({ host: 'from-service', port: 7001, database: 'd', user: 'env-user' });
  });

  test('refuses a service that no file defines', () => {
    expect(() => resolveServerAddress('', { PGSERVICE: 'none', PGSERVICEFILE: '/nonexistent' })).toThrow(/no service file/);
  });

  test('falls back to the user of the operating system, for the database too', () => {
    const address = resolveServerAddress('postgresql://h', {});

    expect([address.user, address.database]).toEqual([os.userInfo().username, os.userInfo().username]);
  });

  test('encrypts by default except over sockets and loopback', () => {
    const modes = ['postgresql://db.example/x', 'postgresql://127.0.0.1/x', 'postgresql:///x?host=/tmp&sslmode=require'];

    expect(modes.map((url) => resolveServerAddress(url, {}).sslMode)).toEqual(['prefer', 'disable', 'disable']);
    expect(resolveServerAddress('postgresql://localhost/x', { PGSSLMODE: 'verify-full' }).sslMode).toBe('verify-full');
  });

  test('lets pass what mappers write into DATABASE_URL', () => {
    expect(resolveServerAddress('postgresql://h/db?schema=public&connection_limit=5', {}).database).toBe('db');
  });
});

describe('isLoopback', () => {
  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '::1'])('knows %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  test.each(['localhost.evil.example', '127.0.0.1.evil.example', '127.1.1.999', '128.0.0.1', 'localhost.', '', '::2', '0.0.0.0'])(
    'does not take "%s" for it',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
