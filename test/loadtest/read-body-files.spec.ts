// Payloads come from below the scenario's folder and from nowhere else.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readBodyFiles } from '../../loadtest/load/read-body-files.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';

const root = path.resolve(import.meta.dirname, '../..');

let above: string;
let folder: string;
beforeEach(() => {
  above = fs.mkdtempSync(path.join(os.tmpdir(), 'bodies-'));
  folder = path.join(above, 'scenarios');
  fs.mkdirSync(path.join(folder, 'fixtures'), { recursive: true });
  fs.writeFileSync(path.join(above, 'secret'), 'hunter2');
});
afterEach(() => fs.rmSync(above, { recursive: true, force: true }));

const scenarioWith = (bodyFile: string) =>
  parseLoadScenario(
    JSON.stringify({
      name: 's',
      mutates: true,
      requests: [{ name: 'a', method: 'POST', path: '/', bodyFile }],
      stages: [{ connections: 1, amount: 1 }],
    }),
    's.json',
  );

test('reads a file below the folder', () => {
  fs.writeFileSync(path.join(folder, 'fixtures/a.json'), '{"n": {{sequence}}}');

  expect([...readBodyFiles(scenarioWith('fixtures/a.json'), folder)]).toEqual([['fixtures/a.json', '{"n": {{sequence}}}']]);
});

test.each(['../secret', '/etc/passwd', 'a/../../secret', './a', 'a\\b', '..', '', 'a\u0000b'])(
  'a scenario cannot name %j',
  (bodyFile) => {
    expect(() => scenarioWith(bodyFile)).toThrow(/requests\.0\.bodyFile: a relative path/);
  },
);

test.each([
  ['a link to a file elsewhere', (place: string) => fs.symlinkSync(path.join(above, 'secret'), place), 'leads out of the folder'],
  ['a folder', (place: string) => fs.mkdirSync(place), 'it is no file'],
  [
    'a file that is too long',
    (place: string) => fs.writeFileSync(place, 'x'.repeat(1_000_001)),
    'it is longer than 1000000 bytes',
  ],
  ['bytes that are no text', (place: string) => fs.writeFileSync(place, Buffer.from([0xff, 0xfe])), 'it cannot be read as text'],
  ['nothing', () => undefined, 'it cannot be read as text'],
  ['an unknown name', (place: string) => fs.writeFileSync(place, '{{other}}'), '{{other}} is neither captured before'],
])('refuses %s, and repeats nothing of it', (_what, make, reason) => {
  make(path.join(folder, 'fixtures/a.json'));
  const read = () => readBodyFiles(scenarioWith('fixtures/a.json'), folder);

  expect(read).toThrow(reason);
  expect(read).not.toThrow('hunter2');
});

test('a linked folder that leads elsewhere is refused too', () => {
  fs.symlinkSync(above, path.join(folder, 'out'));

  expect(() => readBodyFiles(scenarioWith('out/secret'), folder)).toThrow('leads out of the folder');
});

test('the example that is shipped has its payload', () => {
  const file = path.join(root, 'loadtest/example-flows.json');
  const scenario = parseLoadScenario(fs.readFileSync(file, 'utf8'), file);

  expect([...readBodyFiles(scenario, path.dirname(file)).keys()]).toEqual(['fixtures/message.json']);
});
