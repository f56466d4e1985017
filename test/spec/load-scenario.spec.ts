// Scenarios: what is refused, and that the built-in one fits the chat workload.
import fs from 'node:fs';
import path from 'node:path';
import { slugOf } from '../../loadtest/gateway/endpoints.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';
import { nameRank, parseWorkload } from '../../spec/workload.ts';

const root = path.resolve(import.meta.dirname, '../..');
const stage = { connections: 2, durationSeconds: 1 };
const least = { name: 'least', requests: [{ name: 'a', path: '/' }], stages: [stage] };
const parse = (value: unknown) => parseLoadScenario(JSON.stringify(value), 's.json');

test('what is left out has a default', () => {
  expect(parse(least)).toMatchObject({
    targets: ['http://127.0.0.1:8080'],
    timeoutSeconds: 10,
    warmUpSeconds: 0,
    requests: [{ method: 'GET', weight: 1, headers: {} }],
    assertions: { no5xx: true, noTimeouts: true },
  });
});

test.each([
  ['a login in a header', { ...least, headers: { Authorization: 'Bearer hunter2' } }, /headers: no login/],
  ['a login in a target', { ...least, targets: ['http://me:hunter2@localhost/'] }, /targets\.0: .*neither a login/],
  ['another protocol', { ...least, targets: ['file:///etc'] }, /targets\.0/],
  ['a path that is none', { ...least, requests: [{ name: 'a', path: '/a b' }] }, /requests\.0\.path/],
  ['a header with a line end', { ...least, headers: { 'x-a': 'a\r\nb: c' } }, /headers\.x-a/],
  ['a stage without an end', { ...least, stages: [{ connections: 1 }] }, /stages\.0: give durationSeconds or amount/],
  ['a stage with two ends', { ...least, stages: [{ ...stage, amount: 5 }] }, /stages\.0: give durationSeconds or amount/],
  ['more connections than requests', { ...least, stages: [{ connections: 9, amount: 5 }] }, /stages\.0: amount is below/],
  ['a rate below one a connection', { ...least, stages: [{ ...stage, ratePerSecond: 1 }] }, /stages\.0: ratePerSecond is below/],
  [
    'weights that add up to too much',
    { ...least, requests: Array(11).fill({ name: 'a', path: '/', weight: 1000 }) },
    /requests: the weights/,
  ],
  ['an unknown key', { ...least, duration: 5 }, /duration: unknown key/],
])('refuses %s, and repeats no value', (_what, value, message) => {
  expect(() => parse(value)).toThrow(message);
  expect(() => parse(value)).not.toThrow('hunter2');
});

test('refuses what is not JSON', () => {
  expect(() => parseLoadScenario('{', 's.json')).toThrow('s.json cannot be read as a scenario');
});

test('each request of the built-in scenario is one that the gateway of the chat workload answers', () => {
  const scenario = parseLoadScenario(fs.readFileSync(path.join(root, 'loadtest/scenario.json'), 'utf8'), 'scenario.json');
  const workload = parseWorkload(fs.readFileSync(path.join(root, 'spec/chat-workload.sql'), 'utf8'), 'chat-workload.sql');

  for (const request of scenario.requests) {
    const url = new URL(request.path, 'http://localhost');
    const query = workload.queries.find(({ name }) => `/queries/${slugOf(name)}` === url.pathname);
    const asked = Object.fromEntries(url.searchParams);

    expect(query?.parameters.map(({ name }) => name).sort()).toEqual(Object.keys(asked).sort());
    for (const { name, ranks } of query?.parameters ?? []) expect(ranks.map(nameRank)).toContain(asked[name]);
  }
  expect(new Set(scenario.requests.map(({ path: each }) => each.split('?')[0])).size).toBe(workload.queries.length);
});
