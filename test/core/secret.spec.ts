import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { ShapecastError } from '../../core/errors.ts';
import { resolveSecret } from '../../core/secret.ts';

const source = { option: '--salt-from', environment: { PATH: process.env.PATH ?? '', MY_SALT: ' from-env ' } };

async function failureOf(reference: string): Promise<ShapecastError> {
  try {
    await resolveSecret(reference, source);
  } catch (error) {
    if (error instanceof ShapecastError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('resolveSecret', () => {
  test('reads the output of a command, without the line end', async () => {
    expect(await resolveSecret("cmd:printf 'from-command\\n'", source)).toBe('from-command');
  });

  test('reads a variable, without the spaces around it', async () => {
    expect(await resolveSecret('env:MY_SALT', source)).toBe('from-env');
  });

  test('reads a file', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-secret-'));
    try {
      fs.writeFileSync(path.join(folder, 'salt'), 'from-file\n');

      expect(await resolveSecret(`file:${path.join(folder, 'salt')}`, source)).toBe('from-file');
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('refuses a reference of no known kind, without repeating it', async () => {
    const error = await failureOf('topsecretvalue');

    expect(error.code).toBe('SECRET_REFERENCE_INVALID');
    expect(inspect(error)).not.toContain('topsecretvalue');
  });

  test.each(['env:NOT_SET', 'file:/does/not/exist', 'cmd:true', "cmd:printf '  '", 'cmd:exit 3'])(
    'refuses %s, which gives nothing',
    async (reference) => {
      expect((await failureOf(reference)).code).toBe('SECRET_UNAVAILABLE');
    },
  );

  test('keeps what a failing command printed out of the error, its cause included', async () => {
    const error = await failureOf('cmd:echo canary-out; echo canary-err >&2; exit 7');

    expect(error.message).toContain('status 7');
    expect(inspect(error, { depth: 10 })).not.toMatch(/canary/);
  });
});
