// Rules in a git checkout count only as they are committed, whatever the checkout's own settings say; git itself is asked, never mocked.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { listRecords } from '../../evidence/show-log.ts';
import { describeOrigin, findRulesOrigin } from '../../sync/rules-commit.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';

const RULES = 'tables: { public.users: { rows: none } }\n';

let bench: TestBench;
let tree: string;
let file: string;
beforeEach(() => {
  bench = createBench();
  tree = path.join(bench.folder, 'team');
  file = path.join(tree, 'sync/rules.yaml');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, RULES);
  git('init', '-q');
});
afterEach(() => bench.remove());

const git = (...argv: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv], { cwd: tree, encoding: 'utf8' }).trim();
const commit = () => {
  git('add', '-A');
  git('commit', '-q', '-m', 'rules');
  return git('rev-parse', 'HEAD');
};
const originOf = (place = file) => findRulesOrigin({ file: place, text: fs.readFileSync(place, 'utf8') });

test('committed rules are told with their commit and place; any other text is not committed, however the checkout hides it', () => {
  const unborn = originOf();
  const head = commit();
  const committed = originOf();
  fs.writeFileSync(file, RULES.replaceAll('\n', '\r\n'));
  const otherLineEnds = originOf();
  fs.appendFileSync(file, '# keep all\n');
  const changed = originOf();
  git('update-index', '--skip-worktree', 'sync/rules.yaml');
  const hidden = originOf();
  git('update-index', '--no-skip-worktree', 'sync/rules.yaml');
  git('add', '-A');
  const staged = originOf();
  git('replace', `${head}:sync/rules.yaml`, git('hash-object', '-w', 'sync/rules.yaml'));
  const replaced = originOf();
  fs.writeFileSync(path.join(tree, '.gitignore'), 'own.yaml\n');
  fs.writeFileSync(path.join(tree, 'own.yaml'), RULES);
  const ignored = originOf(path.join(tree, 'own.yaml'));

  expect(unborn).toMatchObject({ state: 'uncommitted', reason: 'the checkout has no commit' });
  expect(committed).toEqual({ state: 'committed', commit: head, path: 'sync/rules.yaml' });
  expect(otherLineEnds.state).toBe('committed');
  for (const origin of [changed, hidden, staged, replaced])
    expect(origin).toMatchObject({ state: 'uncommitted', commit: head, reason: 'it differs from the last commit' });
  expect(ignored).toMatchObject({ state: 'uncommitted', reason: 'the last commit does not have it' });
});

test('a hostile checkout runs no program, and the environment leads git nowhere else', () => {
  const trace = path.join(bench.folder, 'ran');
  const script = path.join(bench.folder, 'evil.sh');
  fs.writeFileSync(script, `#!/bin/sh\ntouch '${trace}'\ncat\n`, { mode: 0o755 });
  fs.writeFileSync(path.join(tree, '.gitattributes'), '* filter=evil diff=evil\n');
  const head = commit();
  for (const name of [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'filter.evil.clean',
    'filter.evil.smudge',
    'diff.evil.textconv',
  ])
    git('config', name, script);
  const before = process.env.GIT_DIR;
  process.env.GIT_DIR = path.join(bench.folder, 'elsewhere');
  let origin: ReturnType<typeof originOf>;
  try {
    origin = originOf();
  } finally {
    if (before === undefined) delete process.env.GIT_DIR;
    else process.env.GIT_DIR = before;
  }
  const ranHere = fs.existsSync(trace);
  fs.appendFileSync(file, '\n');
  git('status');

  expect(origin).toEqual({ state: 'committed', commit: head, path: 'sync/rules.yaml' });
  expect(ranHere).toBe(false);
  // The same settings do run the program where git looks at the work tree.
  expect(fs.existsSync(trace)).toBe(true);
});

test('links are followed to the file that is read, out of a checkout they are not committed, and outside of one all is said', () => {
  const head = commit();
  const outside = path.join(bench.folder, 'rules.yaml');
  fs.writeFileSync(outside, RULES);
  fs.symlinkSync(outside, path.join(tree, 'out.yaml'));
  fs.symlinkSync(file, path.join(bench.folder, 'in.yaml'));

  expect(originOf(path.join(bench.folder, 'in.yaml'))).toMatchObject({ state: 'committed', commit: head });
  expect(originOf(path.join(tree, 'out.yaml'))).toMatchObject({ state: 'uncommitted' });
  expect(originOf(outside)).toEqual({ state: 'outside', commit: null, path: null });
  expect(describeOrigin(originOf(outside))).toBe('not in a git checkout');
});

test('sync refuses such rules before it connects; the override is in the log and the evidence, and git has to be there', async () => {
  // Nothing listens there: what is refused before would be refused otherwise.
  const environment = { PROD_REPLICA_URL: 'postgresql://localhost:1/a', SHADOW_DATABASE_URL: 'postgresql://localhost:1/b' };
  const sync = (...argv: string[]) => bench.run(['sync', '--rules', file, ...argv], environment);
  const refused = await sync();
  const told = await sync('--dry-run');
  const allowed = await sync('--allow-uncommitted');
  const before = process.env.PATH;
  process.env.PATH = bench.folder;
  let blind: Awaited<ReturnType<typeof sync>>;
  try {
    blind = await sync();
  } finally {
    process.env.PATH = before;
  }
  const logs = path.join(bench.folder, 'logs/data-sync');
  const log = fs.readFileSync(path.join(logs, fs.readdirSync(logs)[0] ?? ''), 'utf8');
  const records = listRecords(path.join(bench.folder, '.shapecast/evidence'));

  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_RULES_UNCOMMITTED') });
  expect(told.stderr).toMatch(/note: .* is not committed[\s\S]*CONNECT_FAILED/);
  expect(allowed.stderr).toContain('CONNECT_FAILED');
  expect(blind).toMatchObject({ status: 2, stderr: expect.stringContaining('git is not on the PATH') });
  expect(log).toContain('NOT COMMITTED: the checkout has no commit');
  expect(records.filter(({ facts }) => facts.rules?.state === 'uncommitted').map(({ options }) => options)).toContainEqual(
    expect.arrayContaining(['allow-uncommitted']),
  );
});
