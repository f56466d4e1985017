// generate --to DIR: the same dataset as in a target, in files that are whole or not there, and that a second run goes on from.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { quoteIdentifier } from '../../../core/identifiers.ts';
import { generate, generateShard } from '../../../generator/generate.ts';
import type { GenerateOptions } from '../../../generator/generate-options.ts';
import { copyFromStdin } from '../../../postgres/copy-streams.ts';
import { type FileManifest, fileManifestSchema } from '../../../spec/file-manifest.ts';
import { parseSpec } from '../../../spec/spec.ts';
import { createBench, type TestBench } from '../../cli/test-context.ts';
import { withDatabase } from '../../support/database.ts';
import { parcelsDigest, parcelsSpec, parcelsSql } from './parcels.ts';

const spec = parseSpec(parcelsSpec, 'test');
const root = path.resolve(import.meta.dirname, '../../..');
const withoutEvidence = { ...process.env, SHAPECAST_EVIDENCE: 'off' };
let bench: TestBench;
let folder: string;
beforeEach(() => {
  bench = createBench();
  folder = path.join(bench.folder, 'out');
  fs.writeFileSync(path.join(bench.folder, 'parcels.yaml'), parcelsSpec);
});
afterEach(() => bench.remove());

const common = { spec, band: 'dev', seed: 's', workers: 1, operator: 'test' } as const;

function toFiles(url: string, change: Partial<GenerateOptions> = {}, format: 'binary' | 'csv' = 'binary') {
  return generateShard({ ...common, target: { kind: 'files', url, sink: { folder, format } }, ...change });
}

function readManifest(name = 'manifest.json'): FileManifest {
  return fileManifestSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
}

/** Size and time of last change of each data file. */
function stamps(): Record<string, number> {
  const names = fs.readdirSync(folder).filter((name) => /^\d/.test(name));
  return Object.fromEntries(names.map((name) => [name, fs.statSync(path.join(folder, name)).mtimeMs]));
}

/** As load.sql does it. */
async function copyIn(client: pg.Client): Promise<void> {
  const script = fs.readFileSync(path.join(folder, 'load.sql'), 'utf8');
  const lines = script.matchAll(/^\\copy (?<into>.*) from '(?<file>[^']+)' with (?<options>\(.*\))$/gm);
  for (const { groups } of lines) {
    const stream = copyFromStdin(client, `copy ${groups?.into} from stdin with ${groups?.options}`);
    stream.end(fs.readFileSync(path.join(folder, groups?.file ?? '')));
    await finished(stream);
  }
}

test.each(['binary', 'csv'] as const)('%s files hold the rows that a target gets, under one fingerprint', async (format) => {
  await withDatabase(parcelsSql, async (url, client) => {
    const { report: written } = await toFiles(url, {}, format);
    await withDatabase(parcelsSql, async (_, other) => {
      await copyIn(other);
      const loaded = await other.query(parcelsDigest);
      const { fingerprint } = await generate({ ...common, target: { kind: 'postgres', url } });

      expect(loaded.rows).toEqual((await client.query(parcelsDigest)).rows);
      expect([written?.fingerprint, readManifest().fingerprint]).toEqual([fingerprint, fingerprint]);
    });
    const modes = fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    const formats = new Set(readManifest().files.map((file) => file.format));
    expect(formats).toEqual(new Set(format === 'csv' ? ['csv'] : ['binary', 'text']));
  });
});

test('a second run makes only what is missing, damaged or half-written', async () => {
  await withDatabase(parcelsSql, async (url) => {
    await toFiles(url);
    const first = fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8');
    const before = stamps();
    const [kept, missing, damaged] = Object.keys(before) as [string, string, string];
    fs.rmSync(path.join(folder, missing));
    const bytes = fs.readFileSync(path.join(folder, damaged));
    fs.writeFileSync(path.join(folder, damaged), bytes.fill(0x30, 100, 110));
    fs.writeFileSync(path.join(folder, `${kept}.0123abcd.tmp`), 'half');

    const { rowsMade } = await toFiles(url);

    const files = new Map(readManifest().files.map((file) => [file.file, file.rows]));
    expect(rowsMade).toBe((files.get(missing) ?? 0) + (files.get(damaged) ?? 0));
    const { [missing]: _1, [damaged]: _2, ...others } = before;
    expect(stamps()).toMatchObject(others);
    expect(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')).toBe(first);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

test('an interrupted run leaves whole files only, and its manifest lists them', async () => {
  await withDatabase(parcelsSql, async (url) => {
    const abort = new AbortController();
    let rows = 0;
    const startProgress = () => ({
      advance: (count: number) => {
        rows += count;
        if (rows >= 13_000) abort.abort();
      },
      finish: () => undefined,
    });

    await expect(toFiles(url, { signal: abort.signal, startProgress })).rejects.toMatchObject({ code: 'INTERRUPTED' });

    const { files, fingerprint } = readManifest();
    expect(files.length).toBeGreaterThan(0);
    expect(fingerprint).toBeNull();
    expect(Object.keys(stamps())).toEqual(expect.arrayContaining(files.map(({ file }) => file)));
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await toFiles(url)).report?.status).toBe('completed');
  });
});

test('a disk that takes no more leaves no half file, and the run can go on', async () => {
  await withDatabase(parcelsSql, async (url) => {
    const argv = ['bin/shapecast.js', 'generate', '--spec', path.join(bench.folder, 'parcels.yaml'), '--seed', 's'];
    const command = [process.execPath, ...argv, '--target', url, '--to', folder, '--output-dir', bench.folder, '--workers', '1'];
    // No file may grow past 200 KiB: the server's word for it is EFBIG, that of a full disk ENOSPC.
    const run = spawnSync('bash', ['-c', `ulimit -f 200; exec ${command.map((word) => `'${word}'`).join(' ')}`], {
      cwd: root,
      env: withoutEvidence,
    });

    expect(run.stderr.toString()).toMatch(/error FILE_UNWRITABLE: .*EFBIG/);
    expect(run.status).toBe(3);
    expect(fs.readdirSync(folder).filter((name) => !/^manifest\.json$|^\d+_.*\.(bin|copy)$/.test(name))).toEqual([]);
    expect((await toFiles(url)).report?.status).toBe('completed');
  });
});

test("somebody else's folder and another run's are refused and left alone", async () => {
  await withDatabase(parcelsSql, async (url) => {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'thesis.txt'), 'x');
    await expect(toFiles(url)).rejects.toMatchObject({ code: 'FOLDER_NOT_OURS' });
    expect(fs.readdirSync(folder)).toEqual(['thesis.txt']);

    fs.rmSync(path.join(folder, 'thesis.txt'));
    await toFiles(url);
    await expect(toFiles(url, { seed: 'other' })).rejects.toMatchObject({ code: 'FOLDER_OTHER_RUN' });
    await expect(toFiles(url, {}, 'csv')).rejects.toMatchObject({ code: 'FOLDER_OTHER_RUN' });
    expect(readManifest().fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('shards in any order, one of them twice, leave the manifest of a single run', async () => {
  await withDatabase(parcelsSql, async (url) => {
    await toFiles(url);
    const single = fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8');
    const folders = [2, 0, 0, 1].map((index, at) => ({ index, path: path.join(bench.folder, `machine${at}`) }));

    // Each on a machine of its own; the folders are copied together afterwards.
    for (const { index, path: own } of folders) {
      folder = own;
      const { report } = await toFiles(url, { shard: { index, of: 3 } });
      expect(report).toBeNull();
    }
    folder = path.join(bench.folder, 'together');
    for (const { path: own } of folders) fs.cpSync(own, folder, { recursive: true });
    const merged = await toFiles(url);
    expect(merged).toMatchObject({ rowsMade: 0, report: { status: 'completed' } });
    expect(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')).toBe(single);

    // And into one shared folder: the last one writes the whole manifest.
    folder = path.join(bench.folder, 'shared');
    const reports = [];
    for (const index of [2, 0, 0, 1]) reports.push((await toFiles(url, { shard: { index, of: 3 } })).report);
    expect(reports.map((report) => report === null)).toEqual([true, true, true, false]);
    expect(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')).toBe(single);
  });
});

test('--to - writes one table to stdout and everything else to stderr', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const argv = ['generate', '--spec', 'parcels.yaml', '--seed', 's', '--target', url, '--to', '-'];

    const binary = await bench.run([...argv, '--table', 'public.routes']);
    const csv = await bench.run([...argv, '--table', 'hubs', '--format', 'csv']);

    expect([binary.status, binary.stdout, csv.stdout]).toEqual([0, '', '']);
    expect(binary.stderr).toContain('public.routes: 300 rows as binary, content hash');
    for (const [table, { bytes }, options] of [
      ['hubs', csv, 'format csv, header'],
      ['routes', binary, 'format binary'],
    ] as const) {
      const columns =
        table === 'hubs' ? ['id', 'name', 'note'] : (await columnsOf(client, `public.${table}`)).map(quoteIdentifier);
      const stream = copyFromStdin(client, `copy public.${table} (${columns.join(', ')}) from stdin with (${options})`);
      stream.end(bytes);
      await finished(stream);
    }
    const sums = await client.query('select count(*)::int as rows, count(distinct name)::int as names from public.hubs');
    expect(sums.rows).toEqual([{ rows: 40, names: 7 }]);
    expect((await client.query('select from public.routes')).rowCount).toBe(300);
  });
});

/** In the order of the plan: as the spec has them, references first. */
async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query(
    'select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attnum',
    [table],
  );
  return rows.map(({ attname }) => attname);
}

test('a reader that closes stdout early ends --to - without an error', async () => {
  await withDatabase(parcelsSql, async (url) => {
    const command = `'${process.execPath}' bin/shapecast.js generate --spec '${bench.folder}/parcels.yaml' --seed s --target '${url}'`;
    const run = spawnSync(
      'bash',
      ['-c', `${command} --to - --table events --format csv --rows events=400000 | head -n 1; echo "\${PIPESTATUS[0]}"`],
      { cwd: root, env: withoutEvidence },
    );

    expect(run.stdout.toString()).toMatch(/^"[^\n]*\n0\n$/);
    expect(run.stderr.toString()).toContain('the reader closed the stream');
  });
});

test('flags that do not go together are refused', async () => {
  await withDatabase(parcelsSql, async (url) => {
    for (const [flags, option] of [
      [['--to', '-'], '--to -'],
      [['--to', '-', '--table', 'nowhere'], '--table'],
      [['--table', 'hubs'], '--table'],
      [['--to', '-', '--table', 'hubs', '--shard', '0/2'], '--shard'],
      [['--shard', '3/3'], '--shard'],
      [['--shard', '1'], '--shard'],
      [['--to', 'parcels.yaml'], '--to'],
    ] as const) {
      const run = await bench.run(['generate', '--spec', 'parcels.yaml', '--seed', 's', '--target', url, ...flags]);

      expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(`OPTION_INVALID: ${option}`) });
    }
  });
});
