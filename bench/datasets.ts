// The main job over real data sets: sample, calibrate, generate at several sizes, load, and ask again by plain queries whether any
// constraint is broken or missing. One line per data set and size; what is refused says why.
//
//   npm run bench -- datasets [NAME...] --source 'postgresql://HOST/NAME' --ddl FOLDER [--policies FOLDER] [--scale 1 --scale 5]
//     [--server 'postgresql://HOST/DATABASE'] [--reasons 5]
//
// NAME in --source stands for the data set's, FOLDER/NAME.sql makes its tables. A policy NAME.yaml and a spec NAME.spec.yaml (laid over
// the calibrated one) are optional. Without --server an embedded one is started; databases made on a server are dropped.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mergeSpecText } from '../cli/merge-spec.ts';
import { ShapecastError } from '../core/errors.ts';
import { quoteIdentifier } from '../core/identifiers.ts';
import { withClient } from '../postgres/connect.ts';
import { createSchema } from '../postgres/create-schema.ts';
import { startEmbeddedServer } from '../postgres/embedded-server.ts';
import { parseYamlText } from '../spec/parse-document.ts';
import { policySchema } from '../spec/policy.ts';
import type { Spec } from '../spec/spec.ts';
import { formatSpec } from '../spec/spec-text.ts';
import { readDefinitions } from '../test/hostile/definitions.ts';
import { type Violation, violations } from '../test/hostile/violations.ts';
import { calibrateDatabase, fillDatabase, readSpec } from '../test/support/pipeline.ts';

const DATASETS = ['northwind', 'omdb', 'ldbc', 'gitmb', 'stats', 'chinook', 'pagila'];
const CONNECTION = { applicationName: 'shapecast bench' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: 'string' },
    ddl: { type: 'string' },
    policies: { type: 'string', default: 'bench/datasets' },
    scale: { type: 'string', multiple: true, default: ['1', '5'] },
    server: { type: 'string' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: 'bench' },
    reasons: { type: 'string', default: '5' },
  },
});
const { source: sourcePattern, ddl: ddlFolder } = values;
if (sourcePattern === undefined || ddlFolder === undefined) throw new Error('--source and --ddl are needed');
const maxReasons = Number(values.reasons);

const print = (line: string) => void process.stdout.write(`${line}\n`);
const secondsSince = (startMs: number) => ((performance.now() - startMs) / 1000).toFixed(1);

/** A server to make databases on: the given one, or an embedded one of our own. */
async function withServer(action: (urlOf: (database: string) => string) => Promise<void>): Promise<void> {
  const { server: pattern } = values;
  if (pattern !== undefined) return action((database) => pattern.replace('DATABASE', encodeURIComponent(database)));
  const server = await startEmbeddedServer({ settings: { fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB' } });
  try {
    await action((database) => server.url(database));
  } finally {
    await server.stop();
  }
}

/** Runs the action on a new database, then drops it. */
async function withScratch(urlOf: (database: string) => string, action: (url: string) => Promise<void>): Promise<void> {
  const name = `bench_${process.pid}_${Math.trunc(performance.now())}`;
  const administer = (sql: string) => withClient(urlOf('postgres'), CONNECTION, (client) => client.query(sql));
  await administer(`create database ${quoteIdentifier(name)}`);
  try {
    await action(urlOf(name));
  } finally {
    await administer(`drop database ${quoteIdentifier(name)} with (force)`);
  }
}

function readOptional(file: string): string | null {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}

async function calibrateDataset(name: string): Promise<Spec> {
  const policyFile = path.join(values.policies, `${name}.yaml`);
  const overlay = path.join(values.policies, `${name}.spec.yaml`);
  const policy = policySchema.parse(parseYamlText(readOptional(policyFile) ?? '{}', 'policy', policyFile));
  const { specText } = await calibrateDatabase((sourcePattern ?? '').replace('NAME', encodeURIComponent(name)), policy, name);
  return readSpec(fs.existsSync(overlay) ? mergeSpecText(specText, overlay, formatSpec) : specText);
}

interface DatasetRun {
  readonly name: string;
  readonly spec: Spec;
  readonly scale: number;
  readonly url: string;
}

async function runOnce({ name, spec, scale, url }: DatasetRun): Promise<void> {
  const createSql = fs.readFileSync(path.join(ddlFolder ?? '', `${name}.sql`), 'utf8');
  const expected = await withClient(url, CONNECTION, async (client) => {
    await createSchema(client, createSql);
    return readDefinitions(client);
  });
  const startMs = performance.now();
  const { seed } = values;
  const { report, record } = await fillDatabase({ spec, url, createSql, seed, scale, workers: Number(values.workers) });
  const seconds = secondsSince(startMs);
  const found = await withClient(url, CONNECTION, (client) => violations(client, expected));
  const failed = record.verdicts.filter((verdict) => !verdict.passed);
  const state = found.length + failed.length === 0 ? 'ok' : 'FINDINGS';
  const counts = `${report.rowsLoaded} rows | ${seconds} s | ${found.length} violations | ${failed.length} failed verdicts`;
  print(`${name} x${scale} | ${state} | ${counts}`);
  const lines = [...found.map(formatViolation), ...failed.map(({ question, subject }) => `load: ${question} ${subject}`)];
  printReasons(lines);
}

function formatViolation({ check, subject, count }: Violation): string {
  return `${check}: ${subject} (${count})`;
}

function printReasons(lines: readonly string[]): void {
  for (const line of lines.slice(0, maxReasons)) print(`    ${line}`);
  if (lines.length > maxReasons) print(`    ... and ${lines.length - maxReasons} more`);
}

/** Prints why; the error of an engine that refuses is a result here. */
function printRefusal(what: string, error: unknown): void {
  if (!(error instanceof ShapecastError)) {
    print(`${what} | BROKEN | ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`);
    return;
  }
  const data: unknown = error.data;
  const problems = typeof data === 'object' && data !== null ? Reflect.get(data, 'problems') : null;
  const lines = Array.isArray(problems) ? problems.map(({ path: place, message }) => `${place}: ${message}`) : [error.message];
  print(`${what} | refused | ${error.code} | ${lines.length} problems`);
  printReasons(lines);
}

await withServer(async (urlOf) => {
  for (const name of positionals.length === 0 ? DATASETS : positionals) {
    let spec: Spec;
    const startMs = performance.now();
    try {
      spec = await calibrateDataset(name);
    } catch (error) {
      printRefusal(`${name} sample`, error);
      continue;
    }
    print(`${name} | sampled and calibrated | ${secondsSince(startMs)} s`);
    for (const scale of values.scale.map(Number)) {
      await withScratch(urlOf, async (url) => {
        await runOnce({ name, spec, scale, url }).catch((error: unknown) => printRefusal(`${name} x${scale}`, error));
      });
    }
  }
});
