// The lines of `env --print` are read back by Node's own reader of .env files and by a shell, with values that were made to break out.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { environmentVariables } from '../../cli/environment-variables.ts';
import { errorTexts } from '../../core/errors.ts';
import { createBench } from './test-context.ts';

const root = path.resolve(import.meta.dirname, '../..');
const SECRET = 'Secret5Tz';

async function printed(environment: NodeJS.ProcessEnv, option = '--print'): Promise<string> {
  const bench = createBench();
  try {
    const { status, stdout, stderr } = await bench.run(['env', option], environment);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(fs.readdirSync(bench.folder)).toEqual([]);
    return stdout;
  } finally {
    bench.remove();
  }
}

test('prints what is set, passwords taken out of URLs and secrets named only', async () => {
  const text = await printed({
    PROD_REPLICA_URL: `postgresql://reader:${SECRET}@replica.internal:5433/app?sslmode=verify-full&password=${SECRET}`,
    DATABASE_URL: `postgresql://:${SECRET}@localhost/dev?schema=public`,
    LOADTEST_BASE_URL: `https://user:${SECRET}@app.internal/api?key=${SECRET}`,
    MASKING_KEY: SECRET,
    ANONYMIZATION_SALT: SECRET,
    LOADTEST_BEARER: SECRET,
    PGPASSWORD: SECRET,
    NODE_ENV: 'test',
    LOADTEST_ALLOW_PROD: '',
    HOME: '/root',
  });

  expect(text.split('\n')).toEqual([
    `PROD_REPLICA_URL=postgresql://reader@replica.internal:5433/app?sslmode=verify-full`,
    'DATABASE_URL=postgresql://localhost/dev?schema=public',
    'NODE_ENV=test',
    '# ANONYMIZATION_SALT is set, left out: a secret',
    '# MASKING_KEY is set, left out: a secret',
    'LOADTEST_BASE_URL=https://app.internal/api',
    '# LOADTEST_BEARER is set, left out: a secret',
    '# PGPASSWORD is set, left out: a secret',
  ]);
});

test.each([
  `postgresql://u:12/${SECRET}@host/db`,
  `postgresql://u:a/${SECRET}@host/db`,
  `postgresql://u:p@${SECRET}@host/db`,
  `postgresql://u:12?schema=${SECRET}@host/db`,
  `postgresql://u:12#${SECRET}@host/db`,
  `postgresql://host/db?p%61ssword=${SECRET}`,
  `postgresql://host/db?secret=${SECRET}`,
  `host=db password=${SECRET}`,
  SECRET,
])('no form of a URL gives its password away: case %#', async (url) => {
  const environment = { PROD_REPLICA_URL: url, LOADTEST_BASE_URL: url };

  expect(await printed(environment)).not.toContain(SECRET);
  expect(await printed(environment, '--json')).not.toContain(SECRET);
});

test('Node and a shell read every line alike, whatever was in the value', async () => {
  const values: Record<string, string> = {
    SHAPECAST_ALLOWED_HOSTS: 'a.internal,$(touch broken)',
    SHAPECAST_EVIDENCE_DIR: '/srv/my evidence # not a comment',
    EVIDENCE_KEY_FILE: `/srv/it's here`,
    PGOPTIONS: '-c search_path="$user",public `id`',
    PGSSLROOTCERT: 'C:\\certs\\root.pem',
    PGUSER: ' padded ',
    DATABASE_URL: 'postgresql://host/db?sslmode=require&connect_timeout=3',
    // These no form carries for all.
    PGDATABASE: 'a\nMASKING_KEY=x',
    PGSERVICE: `it's $HOME`,
    PGPASSFILE: `'"`,
  };
  const leftOut = ['PGDATABASE', 'PGSERVICE', 'PGPASSFILE'];
  const bench = createBench();
  try {
    const file = path.join(bench.folder, '.env');
    fs.writeFileSync(file, `${await printed(values)}\n`);
    const byNode = parseEnv(fs.readFileSync(file, 'utf8'));
    const names = Object.keys(values);
    const script = `. ./.env; for name in ${names.join(' ')} MASKING_KEY; do eval "printf '%s\\0' \\"\\$name=\\$$name\\""; done`;
    const byShell = execFileSync('sh', ['-c', script], { cwd: bench.folder, encoding: 'utf8', env: {} }).split('\0').slice(0, -1);

    const expected = names.filter((name) => !leftOut.includes(name));
    expect({ ...byNode }).toEqual(Object.fromEntries(expected.map((name) => [name, values[name]])));
    expect(byShell).toEqual([...names.map((name) => `${name}=${leftOut.includes(name) ? '' : values[name]}`), 'MASKING_KEY=']);
    expect(fs.readdirSync(bench.folder)).toEqual(['.env']);
    for (const name of leftOut) expect(fs.readFileSync(file, 'utf8')).toContain(`# ${name} is set, left out: its characters`);
  } finally {
    bench.remove();
  }
});

test('the list says what is set and shows no value, and --json has every variable', async () => {
  const list = await printed({ PGHOST: 'Host8Qw' }, '--no-print');
  const entries: unknown = JSON.parse(await printed({ PGHOST: 'Host8Qw', MASKING_KEY: SECRET }, '--json'));

  expect(list).toContain('* PGHOST');
  expect(list).not.toContain('Host8Qw');
  expect(entries).toHaveLength(environmentVariables.length);
  expect(entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'PGHOST', state: 'shown', value: 'Host8Qw', kind: 'setting' }),
      { name: 'MASKING_KEY', state: 'leftOut', why: 'a secret', kind: 'secret', meaning: expect.any(String) },
      expect.objectContaining({ name: 'DATABASE_URL', state: 'unset' }),
    ]),
  );
});

test('every variable that the code reads is in the table', () => {
  const folders = ['cli', 'core', 'evidence', 'generator', 'loader', 'loadtest', 'postgres', 'sampler', 'sync', 'teardown'];
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(root, folder, name)),
  );
  const text = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  const found = [
    ...[...text.matchAll(/\b(?:environment|env)\??\.([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/variable: '([A-Z][A-Z0-9_]+)'/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/'((?:PG|SHAPECAST_|LOADTEST_|EVIDENCE_|METRICS_)[A-Z][A-Z_]+)'/g)].map(([, name = '']) => name),
  ];
  // PATH is the system's; a dump of pg_dump begins with PGDMP.
  const known = new Set([...environmentVariables.map(({ name }) => name), 'PATH', 'PGDMP']);

  expect(new Set(found).size).toBeGreaterThan(20);
  expect([...new Set(found)].filter((name) => !known.has(name) && !Object.hasOwn(errorTexts, name))).toEqual([]);
});
