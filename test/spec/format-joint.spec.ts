import { jointLine, modeLine } from '../../spec/format-joint.ts';

const used = (axes: string[], after: number) => ({ axes, before: 0.5, after, unused: null });
const unused = (axes: string[], reason: string) => ({ axes, before: null, after: null, unused: reason });

test('a table has one line: profiles, distances, the worst marginal, and why others are not used', () => {
  const marginals = [
    used(['number(score)'], 0.001),
    used(['number(score)', 'category(kind)'], 0.0402),
    unused(['parent -> number(score)', 'heap'], 'a tree'),
    unused(['parent -> category(kind)', 'heap'], 'a tree'),
    unused(['sameAsPrevious(owner)'], 'told only'),
  ];

  expect(jointLine('public.posts', { profiles: 91_976, marginals })).toBe(
    'public.posts: 91,976 profiles, 2 of 5 marginals, mean distance 0.021, worst 0.040 (number(score) x category(kind)); 3 not used (2: a tree; 1: told only)',
  );
});

test('the rows of joins are told by the worst of them', () => {
  const joins = [
    { ...used(['a', 'b'], 0), joined: { wanted: 100, before: 30, after: 98 } },
    { ...used(['a', 'c'], 0), joined: { wanted: 100, before: 30, after: 125 } },
    { ...used(['b', 'c'], 0), joined: { wanted: 0, before: 3, after: 0 } },
  ];

  expect(jointLine('public.users', { profiles: 30, marginals: joins })).toBe(
    'public.users: 30 profiles, 3 of 3 marginals, mean distance 0.000, worst 0.000 (a x b), rows of 3 joins within 1.25 (a x c)',
  );
});

test('a table whose parents alone ask for profiles has no distances', () => {
  expect(jointLine('public.users', { profiles: 30, marginals: [] })).toBe('public.users: 30 profiles, 0 of 0 marginals');
});

test('a reference has one line', () => {
  const mode = { kind: 'profiles' as const, reason: 'children follow', by: ['a x b'] };

  expect(modeLine('public.posts', { columns: ['owner', 'site'], table: 'public.users', mode })).toBe(
    'public.posts (owner, site) -> public.users: profiles; children follow (1 marginal)',
  );
});
