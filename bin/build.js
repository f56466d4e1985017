#!/usr/bin/env node
// Compiles the sources into dist/ with the TypeScript compiler that the package depends on (plain JavaScript, no
// install script), so a clone runs after `npm ci --omit=dev --ignore-scripts`. Types are checked by `npm run types`.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.sources');

/** Folders compiled into dist/, from tsconfig.build.json. */
const sourceFolders = () => JSON.parse(fs.readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8')).include;

/** Every TypeScript source below the folders, relative to the root, sorted. */
function listSources() {
  const found = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const relative = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(relative);
      else if (entry.name.endsWith('.ts')) found.push(relative);
    }
  };
  for (const folder of sourceFolders()) if (fs.existsSync(path.join(root, folder))) walk(folder);
  return found.sort();
}

/** What else decides how dist/ looks. */
const BUILD_FILES = ['bin/build.js', 'tsconfig.json', 'tsconfig.build.json'];

/** One digest over the names and contents of all sources: dist/ is fresh when its stamp holds the same. */
function digestSources(sources) {
  const hash = createHash('sha256');
  for (const source of [...sources, ...BUILD_FILES])
    hash
      .update(source)
      .update('\0')
      .update(fs.readFileSync(path.join(root, source)));
  return hash.digest('hex');
}

/**
 * Brings dist/ up to date with the sources; does nothing when there are no sources (an installed package) or none changed.
 * The new tree is written beside the old one and moved over it, so a second process never sees half of it.
 */
export async function buildIfStale() {
  if (!fs.existsSync(path.join(root, 'cli', 'main.ts'))) return;
  const sources = listSources();
  const digest = digestSources(sources);
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === digest) return;
  const fresh = `${dist}.${process.pid}`;
  await compile(sources, fresh);
  fs.writeFileSync(path.join(fresh, '.sources'), digest);
  replaceFolder(fresh, dist);
}

/** Compiles the sources (relative to the root) into the folder, one JavaScript file each; types are not checked. */
async function compile(sources, folder) {
  const { default: ts } = await import('typescript');
  const configFile = path.join(root, 'tsconfig.build.json');
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, configFile);
  const compilerOptions = {
    ...options,
    // Alone, a file cannot see the package.json that makes NodeNext mean ES modules.
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: undefined,
    inlineSources: false,
    sourceMap: false,
    inlineSourceMap: true,
  };
  for (const source of sources) {
    const text = fs.readFileSync(path.join(root, source), 'utf8');
    const { outputText } = ts.transpileModule(text, { fileName: source, compilerOptions });
    const target = path.join(folder, source.replace(/\.ts$/, '.js'));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, outputText);
  }
}

/** Compiles one source outside the package's folders (a benchmark), and what it imports from outside them, beside the built ones. */
export async function buildOne(source) {
  await compile(withImports(source, new Set(listSources())), dist);
  return path.join(dist, source.replace(/\.ts$/, '.js'));
}

/** The source and, however indirectly, the relative imports that are not among the built. */
function withImports(source, built) {
  const found = new Set([source]);
  // A set is walked in the order of insertion, so what is added on the way is visited too.
  for (const file of found) {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    for (const [, specifier] of text.matchAll(/\bfrom '(\.[^']+\.ts)'/g)) {
      const imported = path.join(path.dirname(file), specifier);
      if (!built.has(imported)) found.add(imported);
    }
  }
  return [...found];
}

function replaceFolder(fresh, target) {
  const old = `${target}.old.${process.pid}`;
  if (fs.existsSync(target)) fs.renameSync(target, old);
  try {
    fs.renameSync(fresh, target);
  } catch (cause) {
    // Another process built the same tree between our two renames.
    if (!fs.existsSync(stampFile)) throw cause;
    fs.rmSync(fresh, { recursive: true, force: true });
  }
  fs.rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await buildIfStale();
