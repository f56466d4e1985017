// sample, scan, verify and calibrate as a user runs them, on a shop that stands for production.
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { withDatabase } from '../support/database.ts';
import { shopSql } from './shop.ts';
import { createBench, type TestBench } from './test-context.ts';

const salt = { ANONYMIZATION_SALT: '3f4f3b8369027816d959d221fcc9e730d34145b64022c07f930b03577b164b2a' };
const filled = `${shopSql}
insert into public.customers
select i, md5(i::text), (array['nl', 'pt', 'se'])[1 + i % 3], timestamptz '2025-11-01' + i * interval '1 hour' from generate_series(1, 800) as i;
insert into public.orders select i, 1 + i % 700, (i % 90) + 0.99 from generate_series(1, 4000) as i;
analyze;
`;

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'policy.yaml'), 'version: 1\nsubjects: [customers]\n');
});
afterEach(() => bench.remove());

const sample = ['sample', '--policy', 'policy.yaml', '--operator', 'me'];
// The evidence of the runs lies beside what they leave.
const files = () =>
  fs
    .readdirSync(bench.folder)
    .filter((name) => name !== '.shapecast')
    .sort();

test('sample writes pack, mapping and report, with mode 0600, named after the day', async () => {
  await withDatabase(filled, async (url) => {
    const { status, stdout } = await bench.run(sample, { ...salt, PROD_REPLICA_URL: url });

    expect(status).toBe(0);
    expect(stdout).toContain('✓ No email addresses found');
    const written = ['extraction-report-20260131.md', 'shape-metrics-20260131.json', 'shape-metrics-20260131_mapping.json'];
    expect(files()).toEqual([...written, 'policy.yaml'].sort());
    for (const name of written) expect(fs.statSync(path.join(bench.folder, name)).mode & 0o777).toBe(0o600);
  });
});

test('a second pack of the day leaves the first one and its report as they are', async () => {
  await withDatabase(filled, async (url) => {
    await bench.run([...sample, '--output', 'north.json'], { ...salt, PROD_REPLICA_URL: url });
    const first = fs.readFileSync(path.join(bench.folder, 'extraction-report-20260131.md'), 'utf8');

    const second = await bench.run([...sample, '--output', 'south.json'], { ...salt, PROD_REPLICA_URL: url });
    const again = await bench.run([...sample, '--output', 'south.json'], { ...salt, PROD_REPLICA_URL: url });

    expect(second.status).toBe(0);
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_EXISTS') });
    expect(fs.readFileSync(path.join(bench.folder, 'extraction-report-20260131.md'), 'utf8')).toBe(first);
    expect(files()).toContain('extraction-report-20260131-south.md');
  });
});

test('suggest does not overwrite a fragment that may have been edited', async () => {
  await withDatabase(filled, async (url) => {
    const suggest = ['suggest', '--output', 'fragment.yaml'];
    fs.writeFileSync(path.join(bench.folder, 'fragment.yaml'), '# edited\n');

    const refused = await bench.run(suggest, { PROD_REPLICA_URL: url });
    const kept = fs.readFileSync(path.join(bench.folder, 'fragment.yaml'), 'utf8');
    const forced = await bench.run([...suggest, '--force'], { PROD_REPLICA_URL: url });

    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_EXISTS') });
    expect(kept).toBe('# edited\n');
    expect(forced.status).toBe(0);
    expect(fs.readFileSync(path.join(bench.folder, 'fragment.yaml'), 'utf8')).not.toBe('# edited\n');
  });
});

test('a sampled pack passes scan and verify, and calibrate makes a spec of it', async () => {
  await withDatabase(filled, async (url) => {
    await bench.run([...sample, '--output', 'out/shop.json'], { ...salt, PROD_REPLICA_URL: url });

    const scanned = await bench.run(['scan', 'out/shop.json']);
    const verified = await bench.run(['verify', 'out/shop.json']);
    const calibrated = await bench.run(['calibrate', '--pack', 'out/shop.json', '--output', 'out/spec.yaml']);

    expect(scanned).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('✓ All tokens are 16-char hex (HMAC truncated)'),
    });
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(/SHA-256 [0-9a-f]{64}/) });
    expect(verified.stdout).toContain('not signed');
    expect(calibrated.status).toBe(0);
    expect(fs.readFileSync(path.join(bench.folder, 'out/spec.yaml'), 'utf8')).toContain('public.orders');
  });
});

test('compare finds a database equal to its own shape', async () => {
  await withDatabase(filled, async (url) => {
    await bench.run([...sample, '--output', 'shop.json'], { ...salt, PROD_REPLICA_URL: url });

    const { status, stdout } = await bench.run([
      'compare',
      '--pack',
      'shop.json',
      '--target',
      url,
      '--output',
      'comparison.json',
    ]);

    expect(status).toBe(0);
    expect(stdout).toContain('public.orders');
    expect(JSON.parse(fs.readFileSync(path.join(bench.folder, 'comparison.json'), 'utf8'))).toBeInstanceOf(Object);
  });
});

test('verify refuses an expired pack, and finds one that was rewritten', async () => {
  await withDatabase(filled, async (url) => {
    await bench.run([...sample, '--output', 'shop.json'], { ...salt, PROD_REPLICA_URL: url });
    const file = path.join(bench.folder, 'shop.json');

    const later = createBench(new Date('2026-09-01T00:00:00Z'));
    const expired = await later.run(['verify', file]);
    later.remove();
    fs.writeFileSync(file, JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')), null, 2));
    const rewritten = await bench.run(['verify', 'shop.json']);

    expect(expired).toMatchObject({ status: 2, stderr: expect.stringContaining('PACK_EXPIRED') });
    expect(rewritten).toMatchObject({ status: 1, stdout: expect.stringContaining('✗ Checksum') });
  });
});

/** The faults of the issue, each as a change of a pack's JSON text, with the path that must be named. */
const plantedFaults: readonly [what: string, plant: (text: string) => string, path: string | RegExp][] = [
  [
    'a mail address',
    changed((pack) => Object.assign(pack.provenance, { operator: 'canary@mail.example' })),
    'provenance.operator',
  ],
  ['a First Last', changed((pack) => Object.assign(pack.provenance, { operator: 'Canary Planted' })), 'provenance.operator'],
  [
    'a string of 101 characters',
    changed((pack) => Object.assign(pack.provenance, { operator: 'canary'.padEnd(101, 'x') })),
    'provenance.operator',
  ],
  [
    'a token of 15 digits',
    (text) => text.replace(/"token":"[0-9a-f]{16}"/, '"token":"0123456789abcde"'),
    /marginals\.\d+\.axes\.0\.labels/,
  ],
  ['an unknown key', changed((pack) => Object.assign(pack.privacy, { canary: 1 })), /privacy/],
  ['a __proto__ key', (text) => text.replace('"privacy":{', '"privacy":{"__proto__":{"canary":1},'), /privacy/],
  ['a count that is no whole number', (text) => text.replace(/"other":\d+/, '"other":1.5'), /marginals\.0\.other/],
];

interface PlantedPack {
  readonly provenance: object;
  readonly privacy: object;
}

function changed(change: (pack: PlantedPack) => void): (text: string) => string {
  return (text) => {
    const pack = JSON.parse(text) as PlantedPack;
    change(pack);
    return canonicalJson(pack);
  };
}

test('every planted fault is found by scan with its path and refused by calibrate, which writes nothing', async () => {
  await withDatabase(filled, async (url) => {
    await bench.run([...sample, '--output', 'shop.json'], { ...salt, PROD_REPLICA_URL: url });
    const text = fs.readFileSync(path.join(bench.folder, 'shop.json'), 'utf8');
    for (const [what, plant, place] of plantedFaults) {
      const planted = plant(text);
      expect([what, planted === text]).toEqual([what, false]);
      fs.writeFileSync(path.join(bench.folder, 'planted.json'), planted);

      const scanned = await bench.run(['scan', 'planted.json']);
      const calibrated = await bench.run(['calibrate', '--pack', 'planted.json', '--output', 'spec.yaml']);

      for (const { status, stdout, stderr } of [scanned, calibrated]) {
        expect([what, status === 1 || status === 2]).toEqual([what, true]);
        expect(`${stdout}${stderr}`).toMatch(place);
        expect(`${stdout}${stderr}`).not.toMatch(/canary@|Canary Planted|canaryx/);
      }
      expect(files()).not.toContain('spec.yaml');
    }
  });
});

describe('sample refuses', () => {
  const unreachable = { PROD_REPLICA_URL: 'postgresql://127.0.0.1:1/never' };

  test.each([
    ['no salt', {}, 'FATAL: Production salt not found'],
    ['a short salt', { ANONYMIZATION_SALT: '00112233445566778899aabbccddeeff' }, 'SALT_WEAK'],
  ])('%s before it connects, with 2 and no file', async (_what, environment, text) => {
    const { status, stderr } = await bench.run(sample, { ...unreachable, ...environment });

    expect(status).toBe(2);
    expect(stderr).toContain(text);
    expect(files()).toEqual(['policy.yaml']);
  });

  test('a pack inside a git work tree, unless told otherwise', async () => {
    fs.mkdirSync(path.join(bench.folder, '.git'));

    await withDatabase(filled, async (url) => {
      const environment = { ...salt, PROD_REPLICA_URL: url };

      expect(await bench.run(sample, environment)).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_IN_GIT') });
      expect((await bench.run([...sample, '--allow-git-tree'], environment)).status).toBe(0);
    });
  });

  test('to write what its own scan finds: exit 1, no file', async () => {
    const named = filled.replaceAll('name text', '"jan.jansen@shop.example" text');

    await withDatabase(named, async (url) => {
      const { status, stdout } = await bench.run(sample, { ...salt, PROD_REPLICA_URL: url });

      expect(status).toBe(1);
      expect(stdout).toContain('✗ No email addresses found');
      expect(files()).toEqual(['policy.yaml']);
    });
  });
});

test('sample --dry-run prints the statements and needs no salt', async () => {
  await withDatabase(filled, async (url) => {
    const { status, stdout } = await bench.run([...sample, '--dry-run'], { PROD_REPLICA_URL: url });

    expect(status).toBe(0);
    expect(stdout).toMatch(/begin[^;]*read only/);
    expect(stdout).toMatch(/copy \(/i);
    expect(files()).toEqual(['policy.yaml']);
  });
});

test('sample takes its salt from a command without showing it', async () => {
  await withDatabase(filled, async (url) => {
    const argv = [...sample, '--salt-from', `cmd:echo ${salt.ANONYMIZATION_SALT}`];

    const { status, stdout, stderr } = await bench.run(argv, { PROD_REPLICA_URL: url, PATH: process.env.PATH });

    expect(status).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain(salt.ANONYMIZATION_SALT);
  });
});
