import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeLibraryLinks } from '../../postgres/embedded/library-links.ts';
import { copyOnce } from '../../postgres/embedded/programs.ts';
import { isReachable } from '../../postgres/embedded/server-user.ts';

const stranger = { uid: 65_000, gid: 65_000 };
let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-native-test-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function makeNativeFolder(): string {
  const native = path.join(folder, 'native');
  fs.mkdirSync(path.join(native, 'lib'), { recursive: true });
  fs.writeFileSync(path.join(native, 'lib', 'libx.so.5.18'), 'library');
  fs.writeFileSync(
    path.join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.5.18', target: 'native/lib/libx.so.5' }]),
  );
  return native;
}

describe('makeLibraryLinks', () => {
  test('makes the listed links, relative, and leaves those that exist', () => {
    const native = makeNativeFolder();

    const results = [makeLibraryLinks(native), makeLibraryLinks(native)];

    expect(results).toEqual([true, true]);
    expect(fs.readlinkSync(path.join(native, 'lib', 'libx.so.5'))).toBe('libx.so.5.18');
  });

  test('has nothing to do where the package lists no links', () => {
    expect(makeLibraryLinks(folder)).toBe(true);
  });

  test('says so when the links cannot be made', () => {
    const native = makeNativeFolder();
    fs.rmSync(path.join(native, 'lib'), { recursive: true });

    expect(makeLibraryLinks(native)).toBe(false);
  });
});

describe('copyOnce', () => {
  test('copies a read-only package once, with its links, for everybody to read', () => {
    const native = makeNativeFolder();
    fs.chmodSync(path.join(native, 'lib'), 0o555);

    const first = copyOnce({ folder: native, version: '1' }, folder);
    const second = copyOnce({ folder: native, version: '1' }, folder);

    expect(second).toBe(first);
    expect(fs.readFileSync(path.join(first, 'lib', 'libx.so.5'), 'utf8')).toBe('library');
    expect(fs.statSync(path.join(first, 'lib')).mode & 0o777).toBe(0o755);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('shapecast-postgres'))).toHaveLength(1);
  });

  test('does not run programs from a folder that others can write to', () => {
    const native = makeNativeFolder();
    const first = copyOnce({ folder: native, version: '1' }, folder);
    fs.chmodSync(first, 0o777);

    expect(copyOnce({ folder: native, version: '1' }, folder)).not.toBe(first);
  });
});

describe('isReachable', () => {
  test('looks at every folder on the way', () => {
    const inner = path.join(folder, 'private', 'inner');
    fs.mkdirSync(inner, { recursive: true });
    fs.chmodSync(folder, 0o755);
    fs.chmodSync(inner, 0o755);
    fs.chmodSync(path.dirname(inner), 0o755);
    const before = isReachable(inner, stranger);
    fs.chmodSync(path.dirname(inner), 0o700);

    expect([before, isReachable(inner, stranger), isReachable(inner, null)]).toEqual([true, false, true]);
  });
});
