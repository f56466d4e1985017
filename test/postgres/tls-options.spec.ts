import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveServerAddress } from '../../postgres/server-address.ts';
import { tlsOptions } from '../../postgres/tls-options.ts';

let certificate = '';

beforeAll(() => {
  certificate = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-tls-')), 'root.pem');
  fs.writeFileSync(certificate, 'certificate');
});

afterAll(() => {
  fs.rmSync(path.dirname(certificate), { recursive: true });
});

function optionsFor(query: string) {
  return tlsOptions(resolveServerAddress(`postgresql://db.example/app?${query}`, {}));
}

describe('tlsOptions', () => {
  test.each(['disable', 'allow'])('does not encrypt for %s', (mode) => {
    expect(optionsFor(`sslmode=${mode}`)).toBe(false);
  });

  test.each(['prefer', 'require'])('encrypts without a check for %s alone', (mode) => {
    expect(optionsFor(`sslmode=${mode}`)).toEqual({ rejectUnauthorized: false });
  });

  test('checks authority and host name for verify-full, by our own or the known authorities', () => {
    const own = encodeURIComponent(certificate);

    expect(optionsFor('sslmode=verify-full')).toEqual({ rejectUnauthorized: true });
    expect(optionsFor(`sslmode=verify-full&sslrootcert=${own}`)).toEqual({
      rejectUnauthorized: true,
      ca: Buffer.from('certificate'),
    });
    expect(optionsFor('sslmode=require&sslrootcert=system')).toEqual({ rejectUnauthorized: true });
  });

  test.each(['verify-ca', 'require'])('checks the authority but not the host name for %s with a root certificate', (mode) => {
    const options = optionsFor(`sslmode=${mode}&sslrootcert=${encodeURIComponent(certificate)}`);

    expect(options).toEqual({
      rejectUnauthorized: true,
      ca: Buffer.from('certificate'),
      checkServerIdentity: expect.any(Function),
    });
  });

  test('names a certificate file that cannot be read', () => {
    expect(() => optionsFor('sslmode=verify-full&sslrootcert=/nonexistent.pem')).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', data: { file: '/nonexistent.pem', reason: 'ENOENT' } }),
    );
  });
});
