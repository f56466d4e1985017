// The import rules are only worth something if they refuse: a small tree that breaks each of them, cruised with our rules.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folders = ['core', 'stats', 'spec', 'postgres', 'sampler', 'generator', 'loader', 'teardown', 'cli', 'test'];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** The violations in a tree of files (name -> the module it imports), as `rule from -> to`. */
function cruise(files: Readonly<Record<string, readonly string[]>>): string[] {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-boundaries-'));
  try {
    for (const folder of folders) fs.mkdirSync(path.join(tree, folder));
    for (const [file, imports] of Object.entries(files)) {
      const target = path.join(tree, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      const lines = imports.map((name) => `import '${path.relative(path.dirname(file), name).replace(/^(?!\.)/, './')}';`);
      fs.writeFileSync(target, `${lines.join('\n')}\nexport const here = 1;\n`);
    }
    fs.copyFileSync(path.join(root, 'tsconfig.json'), path.join(tree, 'tsconfig.json'));
    fs.writeFileSync(path.join(tree, 'package.json'), '{"type":"module"}');
    const config = path.join(root, '.dependency-cruiser.cjs');
    const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { stdout } = spawnSync(process.execPath, [program, '--config', config, '--output-type', 'json', ...folders], {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
    return summary.violations.map(({ rule, from, to }) => `${rule.name} ${from} -> ${to}`);
  } finally {
    fs.rmSync(tree, { recursive: true, force: true });
  }
}

const refused = [
  ['a stage that imports another stage', 'sampler-imports', 'sampler/sample.ts', 'generator/generate.ts'],
  ['a stage that imports the command line', 'loader-imports', 'loader/load.ts', 'cli/options.ts'],
  ['the command line reaching past a door', 'cli-imports-doors', 'cli/main.ts', 'generator/plan/curve.ts'],
  ['documents that know the database', 'spec-imports', 'spec/spec.ts', 'postgres/connect.ts'],
  ['the driver layer that knows a stage', 'postgres-imports', 'postgres/query.ts', 'teardown/teardown.ts'],
  ['core that imports anything of ours', 'core-imports', 'core/errors.ts', 'stats/binning.ts'],
  ['core on a detour', 'core-imports', 'core/detour.ts', 'generator/random/mixer.ts'],
  ['stats that imports anything of ours', 'stats-imports', 'stats/curve.ts', 'core/files.ts'],
  ['sources that import a test', 'generator-imports', 'generator/steps.ts', 'test/support.ts'],
  ['a detour from the sampler to the seeded stream', 'noise-and-seed-never-meet', 'sampler/step.ts', 'generator/random/mixer.ts'],
] as const;

describe('the import rules', () => {
  test('accept imports that point down', () => {
    const violations = cruise({
      'cli/main.ts': ['generator/generate.ts', 'sampler/sample.ts'],
      'generator/generate.ts': ['postgres/connect.ts', 'spec/spec.ts', 'stats/binning.ts'],
      'sampler/sample.ts': ['postgres/connect.ts'],
      'postgres/connect.ts': ['core/errors.ts', 'spec/spec.ts'],
      'spec/spec.ts': ['core/errors.ts', 'stats/binning.ts'],
      'core/errors.ts': [],
      'stats/binning.ts': [],
    });

    expect(violations).toEqual([]);
  });

  describe('refuse', () => {
    const violations: string[] = [];
    // One tree with every fault: a cruise takes a second.
    beforeAll(() => {
      const edges = refused.map(([, , from, to]) => [from, from === 'sampler/step.ts' ? 'core/detour.ts' : to] as const);
      const files: Record<string, string[]> = { 'core/alone.ts': [], 'core/a.ts': ['core/b.ts'], 'core/b.ts': ['core/a.ts'] };
      for (const [from, to] of edges) {
        files[from] = [...(files[from] ?? []), to];
        files[to] ??= [];
      }
      violations.push(...cruise(files));
    });

    test.each(refused)('%s', (_what, rule, from, to) => {
      expect(violations).toContain(`${rule} ${from} -> ${to}`);
    });

    test('a cycle', () => {
      expect(violations).toContain('no-cycle core/a.ts -> core/b.ts');
    });

    test('an orphan', () => {
      expect(violations).toContain('no-orphan core/alone.ts -> core/alone.ts');
    });
  });
});
