// The generated pages are what the sources say about themselves; the others lead nowhere wrong.
import fs from 'node:fs';
import path from 'node:path';
import { commands } from '../../cli/commands.ts';
import { environmentVariables } from '../../cli/environment-variables.ts';
import { formatCommands } from './format-commands.ts';
import { formatEnvironment } from './format-environment.ts';
import { formatErrors } from './format-errors.ts';

const root = path.resolve(import.meta.dirname, '../..');

test.each([
  ['docs/cli.md', () => formatCommands(commands)],
  ['docs/errors.md', formatErrors],
  ['docs/environment.md', () => formatEnvironment(environmentVariables)],
])('%s is as the sources say (npm run docs:update rewrites it)', (page, format) => {
  const file = path.join(root, page);
  if (process.env.UPDATE_DOCS === '1') fs.writeFileSync(file, format());

  expect(fs.readFileSync(file, 'utf8')).toBe(format());
});

test('every link between the pages leads to a file', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)];
  const broken = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => {
      const links = fs.readFileSync(path.join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g);
      return [...links].map(([, link = '']) => path.join(path.dirname(page), link));
    })
    .filter((target) => !fs.existsSync(path.join(root, target)));

  expect(broken).toEqual([]);
});

test('every npm script that the pages name exists', () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const text = ['README.md', 'CONTRIBUTING.md'].map((page) => fs.readFileSync(path.join(root, page), 'utf8')).join('\n');
  const named = [...text.matchAll(/npm run ([a-z:0-9-]+)/g)].map(([, name = '']) => name);

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.each(commands)('$name has a summary, an example and a description of every option', (command) => {
  expect(command.summary).toMatch(/^[A-Z].+[^.]$/);
  expect(command.example.startsWith(`shapecast ${command.name}`)).toBe(true);
  for (const option of Object.values(command.options)) expect(option.describe?.length).toBeGreaterThan(10);
});

test('the example of every command uses options that it has', () => {
  for (const command of commands) {
    const used = command.example.match(/--[a-z-]+/g) ?? [];
    const known = Object.keys(command.options).map((name) => `--${name}`);

    expect(known).toEqual(expect.arrayContaining(used));
  }
});
