// The matrix data set x metric: each data set is sampled, calibrated and generated at its own size, and the copy is compared with
// production by its workloads. Production is copied twice into scratch databases of the same server, both vacuumed and analysed as
// the copy is: one stands for production, the other gives the floor. Needs pg_dump and psql.
//
//   npm run bench -- fidelity [NAME...] --source 'postgresql://HOST/NAME' --server 'postgresql://HOST/DATABASE' --ddl FOLDER
//     --workloads FOLDER [--workloads FOLDER] [--policies FOLDER] [--seed S] [--runs N] [--output FILE] [--html FOLDER]
//
// The workloads of a data set are the files *-NAME.sql and NAME-workload.sql of the folders.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shapeKnowledge } from '../cli/compare-plans.ts';
import { mergeSpecText } from '../cli/merge-spec.ts';
import { quoteIdentifier } from '../core/identifiers.ts';
import { silentProgress } from '../core/progress.ts';
import { comparePlans } from '../loader/compare-plans.ts';
import { withClient } from '../postgres/connect.ts';
import { createSchema } from '../postgres/create-schema.ts';
import { fidelityPage } from '../report/fidelity-page.ts';
import { comparePacks } from '../spec/compare.ts';
import { formatFidelity } from '../spec/fidelity/format-fidelity.ts';
import type { Fidelity } from '../spec/fidelity.ts';
import { parseYamlText } from '../spec/parse-document.ts';
import { type Policy, policySchema } from '../spec/policy.ts';
import { formatSpec } from '../spec/spec-text.ts';
import { parseWorkload, type Workload } from '../spec/workload.ts';
import { calibrateDatabase, fillDatabase, readSpec, sampleDatabase } from '../test/support/pipeline.ts';

const DATASETS = ['stats', 'gitmb'];
const CONNECTION = { applicationName: 'shapecast bench' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: 'string' },
    server: { type: 'string' },
    ddl: { type: 'string' },
    workloads: { type: 'string', multiple: true, default: ['bench/fidelity'] },
    policies: { type: 'string', default: 'bench/datasets' },
    seed: { type: 'string', default: 'bench' },
    runs: { type: 'string', default: '5' },
    output: { type: 'string' },
    html: { type: 'string' },
  },
});
const { source: sourcePattern, server: serverPattern, ddl: ddlFolder } = values;
if (sourcePattern === undefined || serverPattern === undefined || ddlFolder === undefined) {
  throw new Error('--source, --server and --ddl are needed');
}
const print = (line: string) => void process.stdout.write(`${line}\n`);
const urlOf = (database: string) => serverPattern.replace('DATABASE', encodeURIComponent(database));

/** Three new databases on the server, dropped afterwards. */
async function withScratch<Result>(
  action: (urls: { source: string; target: string; floor: string }) => Promise<Result>,
): Promise<Result> {
  const administer = (sql: string) => withClient(urlOf('postgres'), CONNECTION, (client) => client.query(sql));
  const names = ['source', 'target', 'floor'].map((side) => `fidelity_${process.pid}_${Math.trunc(performance.now())}_${side}`);
  try {
    for (const name of names) await administer(`create database ${quoteIdentifier(name)}`);
    const [source = '', target = '', floor = ''] = names.map(urlOf);
    return await action({ source, target, floor });
  } finally {
    for (const name of names) await administer(`drop database if exists ${quoteIdentifier(name)} with (force)`);
  }
}

/** Rows in the same order on the heap, indexes built after them. */
function copyDatabase(from: string, to: string): void {
  const dump = spawnSync('pg_dump', ['--no-owner', '--no-privileges', '--dbname', from], { maxBuffer: 4e9 });
  if (dump.status !== 0) throw new Error('pg_dump failed');
  const restore = spawnSync('psql', ['--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--dbname', to], {
    input: dump.stdout,
    maxBuffer: 4e9,
  });
  if (restore.status !== 0) throw new Error('psql failed to restore the dump');
}

function readOptional(file: string): string | null {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}

function readPolicy(name: string): Policy {
  const file = path.join(values.policies, `${name}.yaml`);
  return policySchema.parse(parseYamlText(readOptional(file) ?? '{}', 'policy', file));
}

function readWorkload(name: string): Workload {
  const files = values.workloads.flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((file) => file === `${name}-workload.sql` || file.endsWith(`-${name}.sql`))
      .map((file) => path.join(folder, file)),
  );
  if (files.length === 0) throw new Error(`no workload for ${name}`);
  return { queries: files.flatMap((file) => parseWorkload(fs.readFileSync(file, 'utf8'), file).queries) };
}

async function measure(name: string): Promise<Fidelity> {
  const policy = readPolicy(name);
  const workload = readWorkload(name);
  const production = (sourcePattern ?? '').replace('NAME', encodeURIComponent(name));
  const createSql = fs.readFileSync(path.join(ddlFolder ?? '', `${name}.sql`), 'utf8');
  return withScratch(async (urls) => {
    copyDatabase(production, urls.source);
    copyDatabase(production, urls.floor);
    const { pack, specText } = await calibrateDatabase(urls.source, policy, name);
    const overlay = path.join(values.policies, `${name}.spec.yaml`);
    const spec = readSpec(fs.existsSync(overlay) ? mergeSpecText(specText, overlay, formatSpec) : specText);
    await withClient(urls.target, CONNECTION, (client) => createSchema(client, createSql));
    await fillDatabase({ spec, url: urls.target, createSql, seed: values.seed, scale: 1, workers: 2 });
    for (const url of Object.values(urls)) await withClient(url, CONNECTION, (client) => client.query('vacuum analyze'));
    return comparePlans({
      sourceUrl: urls.source,
      targetUrl: urls.target,
      floorUrl: urls.floor,
      workload,
      ...shapeKnowledge(pack, policy),
      columns: comparePacks(pack, await sampleDatabase(urls.target, policySchema.parse({}), name, pack)),
      warmRuns: Number(values.runs),
      statementTimeoutMs: 60_000,
      startProgress: () => silentProgress,
    });
  });
}

const results: Record<string, Fidelity> = {};
for (const name of positionals.length === 0 ? DATASETS : positionals) {
  const startMs = performance.now();
  const fidelity = await measure(name);
  results[name] = fidelity;
  print(`== ${name}, ${((performance.now() - startMs) / 1000).toFixed(0)} s\n${formatFidelity(fidelity)}\n`);
  if (values.html !== undefined) fs.writeFileSync(path.join(values.html, `fidelity-${name}.html`), fidelityPage(fidelity));
}
if (values.output !== undefined) fs.writeFileSync(values.output, `${JSON.stringify(results, null, 2)}\n`);
