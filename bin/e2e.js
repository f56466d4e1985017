#!/usr/bin/env node
// The privacy pipeline end to end: runs the npm scripts as a user would, from a made-up production database to an emptied
// target, and checks the lines that they print and the files that they leave. Prints one ✓ line per stage; ends with 1 at
// the first that fails.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PRODUCTION_SCALE = '0.1';
const SYNTHETIC_SCALE = '0.004';
/** Guarded or secret: the run brings its own. */
const OWN_VARIABLES = ['NODE_ENV', 'SHAPECAST_ALLOWED_HOSTS', 'DATABASE_URL', 'PROD_REPLICA_URL', 'ANONYMIZATION_SALT'];

class Failure extends Error {}

/** Throws a Failure with the sentence unless the fact holds. */
function must(fact, sentence) {
  if (!fact) throw new Failure(sentence);
}

/** Runs an npm script; returns its status and output. */
function npmRun(script, args, environment) {
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.includes(name));
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr, command: `npm run ${script} -- ${args.join(' ')}` };
}

/** Runs an npm script that must end with 0 and print every line; returns its standard output. */
function mustPrint(run, lines) {
  must(run.status === 0, `${run.command} ended with ${run.status}:\n${run.stderr}${run.stdout}`);
  for (const line of lines) must(matches(run.stdout, line), `${run.command} did not print ${line}:\n${run.stdout}`);
  return run.stdout;
}

function matches(text, line) {
  return typeof line === 'string' ? text.split('\n').includes(line) : line.test(text);
}

/** The one file in the folder whose name matches. */
function onlyFile(folder, pattern) {
  const found = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => pattern.test(name)) : [];
  must(found.length === 1, `expected one file like ${pattern} in the output, found ${found.length}`);
  return path.join(folder, found[0]);
}

/** A production whose rows reach up to today, so that the last 30 days hold some. */
function makeProduction(folder, url) {
  const today = new Date().toISOString().slice(0, 10);
  const text = fs.readFileSync(path.join(root, 'demo/production.yaml'), 'utf8');
  const spec = path.join(folder, 'production.yaml');
  fs.writeFileSync(spec, text.replace(/^windowEnd: .*$/m, `windowEnd: "${today}"`));
  const create = path.join(root, 'demo/production.sql');
  const args = [
    '--spec',
    spec,
    '--create',
    create,
    '--seed',
    'e2e',
    '--scale',
    PRODUCTION_SCALE,
    '--output-dir',
    path.join(folder, 'p'),
  ];
  mustPrint(npmRun('generate', args, { DATABASE_URL: url }), []);
}

function checkSampler(folder, url) {
  const output = path.join(folder, 'out', 'shape-metrics.json');
  const args = ['--output', output, '--window-days', '30', '--policy', path.join(root, 'demo/policy.yaml'), '--operator', 'e2e'];
  const refused = npmRun('sample', args, { PROD_REPLICA_URL: url });
  must(refused.status === 2, `sample without a salt ended with ${refused.status}, not 2`);
  must(refused.stderr.includes('FATAL: Production salt not found'), 'sample without a salt did not say that the salt is missing');
  must(!fs.existsSync(path.dirname(output)), 'sample without a salt wrote something');
  mustPrint(npmRun('sample', args, { PROD_REPLICA_URL: url, ANONYMIZATION_SALT: randomBytes(32).toString('hex') }), []);
  mustPrint(npmRun('validate-no-pii', [output], {}), [
    '✓ No email addresses found',
    '✓ No personal names detected',
    '✓ No message content present',
    '✓ All tokens are 16-char hex (HMAC truncated)',
  ]);
  onlyFile(path.dirname(output), /^shape-metrics_mapping\.json$/);
  const report = fs.readFileSync(onlyFile(path.dirname(output), /^extraction-report-\d{8}\.md$/), 'utf8');
  for (const part of [/operator.*e2e/i, /30 days/i, /shape-metrics\.json/, /messages/, /conversations/, /users/]) {
    must(part.test(report), `the extraction report does not say ${part}`);
  }
  must((report.match(/^[\w ]+: _+ +Date: _+$/gm) ?? []).length === 2, 'the extraction report has no two sign-off lines');
  const spec = path.join(folder, 'spec.yaml');
  mustPrint(npmRun('calibrate', ['--pack', output, '--output', spec, '--policy', path.join(root, 'demo/policy.yaml')], {}), []);
}

/** Generates once into the target; returns the report's file. */
function generateOnce(folder, url, name) {
  const output = path.join(folder, name);
  const args = ['--band', 'dev', '--seed', 'e2e-seed', '--scale', SYNTHETIC_SCALE, '--output-dir', output, '--archive-seed'];
  mustPrint(npmRun('generate', args, { DATABASE_URL: url }), [/^fingerprint +[0-9a-f]{64}$/m]);
  must(
    fs.readFileSync(onlyFile(path.join(output, 'seeds'), /^dev_\d{8}\.txt$/), 'utf8') === 'e2e-seed\n',
    'the seed was not archived',
  );
  return onlyFile(output, /^report_dev_.*\.json$/);
}

function checkGenerator(folder, url) {
  const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
  const first = read(generateOnce(folder, url, 'first'));
  mustPrint(npmRun('db:reset', [], { DATABASE_URL: url }), []);
  const secondFile = generateOnce(folder, url, 'second');
  const second = read(secondFile);
  must(first.fingerprint === second.fingerprint, 'the same seed gave another fingerprint');
  const figures = (report) => JSON.stringify(report.tables.map((table) => [table.name, table.rows, table.contentHash]));
  must(figures(first) === figures(second), 'the same seed gave other counts or content hashes');
  return secondFile;
}

function checkLoader(folder, url, report) {
  const output = path.join(folder, 'runs');
  const run = npmRun('load', ['--schema', 'public', '--config', report, '--output-dir', output], { DATABASE_URL: url });
  mustPrint(run, [
    /^\[Count\] .*messages/m,
    '[Integrity] ✓ All referential integrity constraints satisfied',
    /^\[Load\] ✓ Load completed in [\d.]+s$/m,
    /^\[Metadata\] ✓ Saved to .*run_.*\.json$/m,
  ]);
  onlyFile(output, /^latest_run\.json$/);
  onlyFile(output, /^run_\d{8}T\d{6}Z\.json$/);
}

function checkTeardown(url) {
  mustPrint(npmRun('teardown', ['--force', '--no-confirm'], { DATABASE_URL: url }), []);
  const again = mustPrint(npmRun('teardown', ['--force', '--no-confirm'], { DATABASE_URL: url }), []);
  must(/nothing of shapecast's is here/.test(again), 'a second teardown still found something');
  mustPrint(npmRun('evidence', ['verify'], {}), [/^✓ \d+ records, chained and signed$/m]);
}

async function main() {
  await buildIfStale();
  const { startEmbeddedServer } = await import('../dist/postgres/embedded-server.js');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-e2e-'));
  process.env.SHAPECAST_EVIDENCE_DIR = path.join(folder, 'evidence');
  const server = await startEmbeddedServer();
  const say = (line) => process.stdout.write(`${line}\n`);
  try {
    await server.createDatabase('production');
    await server.createDatabase('target');
    makeProduction(folder, server.url('production'));
    checkSampler(folder, server.url('production'));
    say('✓ Production sampler: no PII exported');
    const report = checkGenerator(folder, server.url('target'));
    say('✓ Synthetic generator: reproducible with same seed');
    checkLoader(folder, server.url('target'), report);
    say('✓ Loader: referential integrity maintained');
    checkTeardown(server.url('target'));
    say('✓ Teardown: clean removal');
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`✗ ${error.message}\n`);
    return 1;
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
