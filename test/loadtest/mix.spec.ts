// What a scenario sends: the mix by weight with flows in it, and the headers of each request.
import { createMix } from '../../loadtest/load/mix.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';

const parse = (parts: object) =>
  parseLoadScenario(JSON.stringify({ name: 's', mutates: true, stages: [{ connections: 1, amount: 1 }], ...parts }), 's.json');
const post = { name: 'post', method: 'POST', path: '/', bodyFile: 'a.json' };

test('requests and flows share the weights, and every step has a place of its own', () => {
  const scenario = parse({ requests: [{ name: 'get', path: '/', weight: 2 }], flows: [{ name: 'f', steps: [post, post] }] });

  const mix = createMix(scenario, new Map([['a.json', '{}']]), null);

  expect(mix.items.map(({ name }) => name)).toEqual(['get', 'f', 'get']);
  expect(mix.requests.map(({ name, place }) => [name, place])).toEqual([
    ['get', 0],
    ['f / post', 1],
    ['f / post', 2],
  ]);
  expect(mix.isVaried).toBe(true);
});

test('a JSON file has its content type unless another is told, in any case, and the bearer is everywhere', () => {
  const told = { ...post, headers: { 'Content-Type': 'text/plain' } };
  const mix = createMix(parse({ headers: { 'x-a': '1' }, requests: [post, told] }), new Map([['a.json', 'payload']]), 'b');

  expect(mix.requests.map(({ headers }) => headers)).toEqual([
    { 'content-type': 'application/json', 'x-a': '1', authorization: 'Bearer b' },
    { 'Content-Type': 'text/plain', 'x-a': '1', authorization: 'Bearer b' },
  ]);
  expect([mix.requests[0]?.body, mix.isVaried]).toEqual(['payload', false]);
});

test('a payload with names makes each request another', () => {
  const mix = createMix(parse({ requests: [post] }), new Map([['a.json', '{{uuid}}']]), null);

  expect(mix.isVaried).toBe(true);
});
