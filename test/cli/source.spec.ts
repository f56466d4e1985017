import { resolveSource } from '../../cli/source.ts';
import { ShapecastError } from '../../core/errors.ts';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof ShapecastError ? error.code : 'other';
  }
  return 'none';
}

describe('the source of sample', () => {
  const replica = 'postgresql://replica/app';

  test('is --source, then PROD_REPLICA_URL, then what libpq reads from its own environment', () => {
    expect(resolveSource('postgres://given/app', { PROD_REPLICA_URL: replica, PGHOST: 'h' })).toBe('postgres://given/app');
    expect(resolveSource(undefined, { PROD_REPLICA_URL: replica, PGHOST: 'h' })).toBe(replica);
    expect(resolveSource(undefined, { PGHOST: 'h' })).toBe('');
    expect(resolveSource(undefined, { PGSERVICE: 'prod' })).toBe('');
  });

  test('is never guessed', () => {
    expect(codeOf(() => resolveSource(undefined, { DATABASE_URL: 'postgresql://target/app' }))).toBe('URL_MISSING');
    expect(codeOf(() => resolveSource('mysql://x/y', {}))).toBe('URL_INVALID');
  });
});
