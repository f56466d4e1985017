// Rules about the sources that no linter knows: what makes rows differ between machines, or noise predictable, is banned.
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Every source file below the folder, relative to the root. */
function listSources(folder: string): string[] {
  const absolute = path.join(root, folder);
  if (!fs.existsSync(absolute)) return [];
  return fs
    .readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.js'))
    .map((name) => path.join(folder, name));
}

/** The code without comments, so that a comment may name what it warns of. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function findUses(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) => {
    const lines = withoutComments(fs.readFileSync(path.join(root, file), 'utf8')).split('\n');
    return lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : []));
  });
}

const everywhere = [
  'bin',
  'core',
  'stats',
  'spec',
  'postgres',
  'sampler',
  'generator',
  'loader',
  'loadtest',
  'report',
  'teardown',
  'sync',
  'cli',
].flatMap(listSources);
/** What makes rows. Planning, the report and the door run once, in floating point and with a clock. */
const rowPath = listSources('generator').filter((file) =>
  /^generator\/(columns\/|fields\/|keys\/|profiles\/|random\/|make-|table-)/.test(file),
);

describe('the sources', () => {
  test('are found where the rules look for them', () => {
    expect(everywhere.length).toBeGreaterThan(50);
    expect(rowPath.length).toBeGreaterThan(5);
  });

  test('never use Math.random', () => {
    expect(findUses(everywhere, /Math\s*\.\s*random|Math\s*\[/)).toEqual([]);
  });

  test('use no function in the row path whose last bit differs between engine versions', () => {
    const pattern =
      /Math\s*\.\s*(pow|exp|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot)\b/;

    expect(findUses(rowPath, pattern)).toEqual([]);
  });

  test('use ** in the row path only on 2 and 10, with whole exponents: those are exact', () => {
    expect(findUses(rowPath, /(?<!\b(2|10) )\*\*|\*\* -|\*\* [\d.]*\.\d/)).toEqual([]);
  });

  test('read no clock and no locale in the row path', () => {
    expect(
      findUses(rowPath, /\bnew Date\(\s*\)|Date\.now|performance\.now|process\.hrtime|toLocale|\bIntl\b|localeCompare/),
    ).toEqual([]);
  });

  test('set the exit status only in cli/main.ts', () => {
    const uses = findUses(
      everywhere.filter((file) => !file.startsWith('bin')),
      /process\s*\.\s*(exit\b|exitCode)/,
    );

    expect([...new Set(uses.map((use) => use.split(':')[0]))]).toEqual(['cli/main.ts']);
  });
});
