import { createHash, randomBytes } from 'node:crypto';
import { ShapecastError } from '../../../core/errors.ts';
import { readSalt } from '../../../sampler/protect/salt.ts';

/** The error that reading the salt throws, or null. */
function errorOf(text: string | undefined, environment: NodeJS.ProcessEnv = {}): ShapecastError | null {
  try {
    readSalt(text, environment);
    return null;
  } catch (error) {
    if (error instanceof ShapecastError) return error;
    throw error;
  }
}

function hex(bytes: Iterable<number>): string {
  return Buffer.from([...bytes]).toString('hex');
}

function range(size: number, at: (index: number) => number): number[] {
  return Array.from({ length: size }, (_, index) => at(index) & 255);
}

/** 20 forms of ten families each: what people type, paste from examples, count up or repeat. */
function weakSalts(): string[] {
  const sizes = range(20, (index) => index);
  const words = [
    'password',
    'hunter2',
    'tr0ub4dor&3',
    'correct horse battery staple',
    'Пароль от базы',
    'production salt!',
    'letmein',
  ];
  const word = (index: number) => words[index % words.length] ?? 'password';
  return [
    ...sizes.map((index) => randomBytes(index + 12).toString('hex')),
    ...sizes.map((index) => hex(range(32 + index, () => index * 13))),
    ...sizes.map((index) => hex(range(40, (at) => at * (2 * index + 1) + index))),
    ...sizes.map((index) =>
      Buffer.from(
        word(index)
          .repeat(8)
          .slice(0, 40 + index),
      ).toString('base64'),
    ),
    ...sizes.map((index) => Buffer.from(`${word(index)}-${index}`.padEnd(48, 'abcdefghijklmnop')).toString('hex')),
    ...sizes.map((index) =>
      randomBytes(3 + (index % 8))
        .toString('hex')
        .repeat(12),
    ),
    ...sizes.map((index) =>
      createHash(index % 2 ? 'sha256' : 'sha512')
        .update(['', 'salt', 'test', 'password\n'][index % 4] ?? '')
        .digest('hex'),
    ),
    ...sizes.map((index) => `changeme${randomBytes(33).toString('hex').toUpperCase()}${index}`.slice(0, 44)),
    ...sizes.map((index) =>
      hex(range(64, (at) => (at % 2 === 0 ? index : at * at)).map((byte, at) => (at % 4 === 1 ? byte : 0))),
    ),
    ...sizes.map((index) => `${'correcthorsebatterystaple'.repeat(2)}${'abcdefghijklmnopqrstuvwxyz'.slice(index)}`.slice(0, 48)),
  ];
}

describe('the salt gate', () => {
  test('no salt is refused with the sentence that operators look for', () => {
    for (const text of [undefined, '', '  \n']) {
      const error = errorOf(text);
      expect(error?.code).toBe('SALT_MISSING');
      expect(error?.message).toContain('FATAL: Production salt not found');
      expect(error?.class).toBe('user');
    }
  });

  test('200 weak salts are all refused, and no text of theirs is in the error', () => {
    const weak = weakSalts();

    expect(weak.length).toBe(200);
    for (const text of weak) {
      const error = errorOf(text);
      expect([text, error?.code]).toEqual([text, 'SALT_WEAK']);
      const shown = `${error?.message} ${error?.hint} ${JSON.stringify(error?.data)}`;
      for (let at = 0; at + 8 <= text.length; at++) expect(shown).not.toContain(text.slice(at, at + 8));
    }
  });

  test('2,000 random salts of 32 bytes and more are accepted as hex, base64 and base64url', () => {
    for (let index = 0; index < 2_000; index++) {
      const bytes = randomBytes(32 + (index % 40));
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(Buffer.from(readSalt(` ${bytes.toString(encoding)}\n`, {}))).toEqual(bytes);
      }
    }
  });

  test('31 random bytes are too few however they are written', () => {
    const bytes = randomBytes(31);

    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(errorOf(bytes.toString(encoding))?.message).toContain('31 bytes');
    }
  });

  test('what is neither hex nor base64 is refused', () => {
    const good = randomBytes(40).toString('base64');

    for (const text of [
      `${good.slice(0, 20)} ${good.slice(20)}`,
      `${good}!`,
      `0x${randomBytes(32).toString('hex')}`,
      `é${good}`,
    ]) {
      expect(errorOf(text)?.code).toBe('SALT_WEAK');
    }
  });

  test('a salt that another variable holds, in any spelling or inside a URL, is refused with the name of the variable', () => {
    const bytes = randomBytes(32);
    const text = bytes.toString('hex');
    const twins = [text, text.toUpperCase(), bytes.toString('base64'), `postgresql://app:${text}@db/app`];

    for (const twin of twins) expect(errorOf(text, { JWT_KEY: twin })?.message).toContain('JWT_KEY');
    expect(errorOf(text, { ANONYMIZATION_SALT: text, PATH: '/usr/bin', EMPTY: '' })).toBeNull();
  });
});
