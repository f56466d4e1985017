// Values of a server in the place of names: whatever they hold, they stay one value.
import { captureValues, fillBody, fillPath } from '../../loadtest/load/fill-names.ts';

const values = new Map([
  ['id', '7/../a?b#c d\r\nx: y'],
  ['text', 'a "b" \\ \n'],
]);

test('in a path a value cannot become a segment, a query or a header', () => {
  expect(fillPath('/m/{{id}}/r?x={{ id }}', values)).toBe(
    '/m/7%2F..%2Fa%3Fb%23c%20d%0D%0Ax%3A%20y/r?x=7%2F..%2Fa%3Fb%23c%20d%0D%0Ax%3A%20y',
  );
});

test('in a payload it stays inside of its string', () => {
  expect(JSON.parse(fillBody('{"a": "{{text}}"}', values))).toEqual({ a: 'a "b" \\ \n' });
});

test('values are found by pointer, also in arrays and behind odd names', () => {
  const answer = JSON.stringify({ items: [{ id: 7, 'a/b~c': true }], name: 'x' });

  expect([...(captureValues(answer, { id: '/items/0/id', flag: '/items/0/a~1b~0c', name: '/name' }) ?? [])]).toEqual([
    ['id', '7'],
    ['flag', 'true'],
    ['name', 'x'],
  ]);
});

test.each([
  ['no JSON', 'oops', '/id'],
  ['nothing there', '{}', '/id'],
  ['an object', '{"id":{}}', '/id'],
  ['null', '{"id":null}', '/id'],
  ['something inherited', '{}', '/constructor/name'],
  ['a length', '{"id":"abc"}', '/id/length'],
  ['an empty text', '{"id":""}', '/id'],
  ['the folder above', '{"id":".."}', '/id'],
  ['half a character', '{"id":"\\ud800"}', '/id'],
  ['a text that is too long', JSON.stringify({ id: 'x'.repeat(1001) }), '/id'],
])('captures no value from %s', (_what, answer, pointer) => {
  expect(captureValues(answer, { id: pointer })).toBeNull();
});
