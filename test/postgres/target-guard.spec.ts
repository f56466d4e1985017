import { refuseUnsafeTarget } from '../../postgres/target-guard.ts';

const refused = (code: string) => expect.objectContaining({ code });

function guard(url: string, environment: NodeJS.ProcessEnv = {}): () => void {
  return () => refuseUnsafeTarget('generate', url, environment);
}

describe('refuseUnsafeTarget', () => {
  test.each(['production', 'Production', ' production '])('refuses under NODE_ENV=%j, even a socket', (NODE_ENV) => {
    expect(guard('postgresql:///db?host=/tmp', { NODE_ENV })).toThrow(refused('PRODUCTION_REFUSED'));
  });

  test.each([
    'postgresql://localhost/db',
    'postgresql://LocalHost:5433/db',
    'postgresql://127.0.0.1/db',
    'postgresql://127.200.3.4/db',
    'postgresql://[::1]/db',
    'postgresql:///db',
    'postgresql:///db?host=/var/run/postgresql',
    'postgresql://%2Ftmp/db',
    '',
  ])('allows %j when no list is set', (url) => {
    expect(guard(url)).not.toThrow();
  });

  test.each([
    'postgresql://db.internal/db',
    'postgresql://localhost/db?host=db.internal',
    'postgresql://localhost@db.internal/db',
    'postgresql://localhost.db.internal/db',
    'postgresql://0.0.0.0/db',
    'postgresql://[::ffff:10.0.0.1]/db',
    'postgresql://127.1/db',
  ])('refuses %j when no list is set', (url) => {
    expect(guard(url)).toThrow(refused('HOST_REFUSED'));
  });

  test.each([
    'postgresql://localhost,db.internal/db',
    'postgresql://localhost/db?hostaddr=10.0.0.1',
    'postgresql://localhost/db?host=localhost&host=db.internal',
    'postgresql://localhost/db?host=localhost,db.internal',
  ])('does not judge %j, which could lead to several places', (url) => {
    expect(guard(url)).toThrow(refused('URL_UNSUPPORTED'));
  });

  test('judges PGHOST when the URL names no host', () => {
    expect(guard('postgresql:///db', { PGHOST: 'db.internal' })).toThrow(refused('HOST_REFUSED'));
    expect(guard('', { PGHOST: 'db.internal' })).toThrow(refused('HOST_REFUSED'));
    expect(guard('postgresql://localhost/db', { PGHOST: 'db.internal' })).not.toThrow();
  });

  test("judges the process's own PGHOST even if a caller passes another environment", () => {
    const before = process.env.PGHOST;
    process.env.PGHOST = 'db.internal';
    try {
      expect(guard('postgresql:///db')).toThrow(refused('HOST_REFUSED'));
    } finally {
      if (before === undefined) delete process.env.PGHOST;
      else process.env.PGHOST = before;
    }
  });

  test('allows exactly the hosts of a list, in any case, and sockets', () => {
    const environment = { SHAPECAST_ALLOWED_HOSTS: ' Staging.Example , perf.example' };

    expect(guard('postgresql://staging.example/db', environment)).not.toThrow();
    expect(guard('postgresql://PERF.example/db', environment)).not.toThrow();
    expect(guard('postgresql:///db?host=/tmp', environment)).not.toThrow();
    for (const host of ['localhost', '127.0.0.1', 'example', 'x.staging.example', 'staging.example.evil']) {
      expect(guard(`postgresql://${host}/db`, environment)).toThrow(refused('HOST_REFUSED'));
    }
  });

  test('treats an empty list as no list', () => {
    expect(guard('postgresql://localhost/db', { SHAPECAST_ALLOWED_HOSTS: ' , ' })).not.toThrow();
    expect(guard('postgresql://db.internal/db', { SHAPECAST_ALLOWED_HOSTS: '' })).toThrow(refused('HOST_REFUSED'));
  });

  test('never prints the login', () => {
    expect(guard('postgresql://user:canary-secret@db.internal/db')).not.toThrow(/canary|user/);
  });
});
