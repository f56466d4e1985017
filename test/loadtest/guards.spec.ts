// Where load may go: each guard, and the words that lead past it.
import { checkMetricsUrl, readBearer, refuseMutations, refuseUnsafeLoad, resolveTargets } from '../../loadtest/guards.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';

const local = ['http://127.0.0.1:8080'];

test('loopback is allowed when nothing is said', () => {
  for (const target of [...local, 'http://localhost', 'http://[::1]:3000/api', 'http://127.1/'])
    expect(() => refuseUnsafeLoad([target], {})).not.toThrow();
});

test.each([
  'http://app.internal',
  'https://10.0.0.1:8443',
  'http://127.0.0.1.example',
  'http://localhost.example',
  'http://[::2]',
])('refuses %s when nothing is said', (target) => {
  expect(() => refuseUnsafeLoad([...local, target], {})).toThrow('not on the allow-list of load tests');
});

test('a list that is given is the whole list', () => {
  const environment = { LOADTEST_ALLOWED_HOSTS: ' App.internal, 10.0.0.1 ' };

  expect(() => refuseUnsafeLoad(['https://APP.internal:1/x', 'http://10.0.0.1'], environment)).not.toThrow();
  expect(() => refuseUnsafeLoad(local, environment)).toThrow('127.0.0.1');
  expect(() => refuseUnsafeLoad(['http://sub.app.internal'], environment)).toThrow('sub.app.internal');
});

test.each([
  [{ NODE_ENV: 'production' }, true],
  [{ NODE_ENV: ' Production ' }, true],
  [{ NODE_ENV: 'production', LOADTEST_ALLOW_PROD: '1' }, true],
  [{ NODE_ENV: 'production', LOADTEST_ALLOW_PROD: 'true' }, false],
  [{ NODE_ENV: 'staging' }, false],
])('%j is refused: %s', (environment, isRefused) => {
  const refuse = () => refuseUnsafeLoad(local, environment);

  if (isRefused) expect(refuse).toThrow('NODE_ENV=production');
  else expect(refuse).not.toThrow();
});

test('production that is allowed does not lead past the list of hosts', () => {
  const environment = { NODE_ENV: 'production', LOADTEST_ALLOW_PROD: 'true' };

  expect(() => refuseUnsafeLoad(['https://app.internal'], environment)).toThrow('allow-list');
});

test('LOADTEST_BASE_URL replaces the targets', () => {
  expect(resolveTargets(local, {})).toEqual(local);
  expect(resolveTargets(local, { LOADTEST_BASE_URL: 'http://localhost:3000/api' })).toEqual(['http://localhost:3000/api']);
  expect(() => resolveTargets(local, { LOADTEST_BASE_URL: 'http://me:hunter2@app' })).toThrow(
    /^LOADTEST_BASE_URL: (?!.*hunter2)/,
  );
});

test('a bearer is what a header can hold', () => {
  expect(readBearer('LOADTEST_BEARER', {})).toBeNull();
  expect(readBearer('LOADTEST_BEARER', { LOADTEST_BEARER: 'abc.def' })).toBe('abc.def');
  expect(() => readBearer('LOADTEST_BEARER', { LOADTEST_BEARER: 'hunter2\r\nx: y' })).toThrow(/^LOADTEST_BEARER: (?!.*hunter2)/);
});

test('a scenario that changes data needs a yes', () => {
  const scenario = parseLoadScenario(
    '{"name":"s","mutates":true,"requests":[{"name":"a","path":"/"}],"stages":[{"connections":1,"amount":1}]}',
    's',
  );

  expect(() => refuseMutations(scenario, false)).toThrow('"s" changes data');
  expect(() => refuseMutations(scenario, true)).not.toThrow();
  expect(() => refuseMutations({ ...scenario, mutates: false }, false)).not.toThrow();
});

test('metrics are read where load may go, and nowhere else', () => {
  expect(checkMetricsUrl('http://localhost:9464/metrics', {})).toBe('http://localhost:9464/metrics');
  expect(() => checkMetricsUrl('http://169.254.169.254/metrics', {})).toThrow('allow-list');
  expect(() => checkMetricsUrl('http://localhost/metrics', { NODE_ENV: 'production' })).toThrow('NODE_ENV=production');
  expect(() => checkMetricsUrl('http://me:hunter2@localhost/', {})).toThrow(/^--metrics: (?!.*hunter2)/);
  expect(() => checkMetricsUrl('file:///etc/passwd', {})).toThrow('--metrics');
});
