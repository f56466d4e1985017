import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { findGitTree, readTextFile, refuseGitTree, writeFileAtomically, writeFilesAtomically } from '../../core/files.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return error instanceof ShapecastError ? error.code : 'other';
  }
  return 'none';
}

describe('writeFilesAtomically', () => {
  test('writes with mode 0600 into folders that it makes', () => {
    const file = path.join(folder, 'deep/er/pack.json');

    writeFileAtomically(file, 'text');

    expect(readTextFile(file)).toBe('text');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('writes none when one cannot be written, and leaves no temporary file', () => {
    fs.mkdirSync(path.join(folder, 'taken'));
    const files = new Map([
      [path.join(folder, 'a.json'), 'a'],
      [path.join(folder, 'taken', 'x', '\0'), 'b'],
    ]);

    expect(codeOf(() => writeFilesAtomically(files))).not.toBe('none');
    expect(fs.readdirSync(folder)).toEqual(['taken']);
  });
});

describe('the git guard', () => {
  test('finds the work tree above a file', () => {
    fs.mkdirSync(path.join(folder, '.git'));

    expect(findGitTree(path.join(folder, 'a/b/pack.json'))).toBe(folder);
    expect(codeOf(() => refuseGitTree(path.join(folder, 'a/pack.json')))).toBe('FILE_IN_GIT');
  });

  test('lets a file outside any work tree pass', () => {
    expect(codeOf(() => refuseGitTree(path.join(folder, 'pack.json')))).toBe('none');
  });
});

test('readTextFile names the reason of a failure', () => {
  expect(codeOf(() => readTextFile(path.join(folder, 'absent')))).toBe('FILE_UNREADABLE');
});
