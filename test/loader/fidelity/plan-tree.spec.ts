// What two plans are compared by: the tree, never a literal, a cost or a count.
import { readPlan } from '../../../loader/fidelity/plan-tree.ts';

const scan = {
  'Node Type': 'Index Scan',
  'Scan Direction': 'Forward',
  'Index Name': 'badges_userid',
  'Relation Name': 'badges',
  Alias: 'b',
};
const counts = { 'Plan Rows': 10, 'Actual Rows': 20, 'Actual Loops': 3 };

function planOf(root: object) {
  return readPlan([{ Plan: root, 'Execution Time': 1.5 }]);
}

test('literals in sort keys do not tell two plans apart, and leave no trace', () => {
  const sorted = (key: string) => planOf({ 'Node Type': 'Sort', 'Sort Key': [key], ...counts, Plans: [{ ...scan, ...counts }] });
  const one = sorted(`(abs((score - 4711))), ("x1" || 'canary''s'::text) DESC`);
  const other = sorted(`(abs((score - 17))), ("x1" || 'b'::text) DESC`);

  expect(one.fingerprint).toBe(other.fingerprint);
  expect(JSON.stringify(one)).not.toMatch(/4711|canary/);
  expect(one.nodes[0]?.label).toBe('Sort by (abs((score - ?))), ("x1" || ?::text) DESC');
});

test('rows and costs do not tell two plans apart; an index does', () => {
  const one = planOf({ ...scan, ...counts });

  expect(planOf({ ...scan, ...counts, 'Plan Rows': 99, 'Total Cost': 5 }).fingerprint).toBe(one.fingerprint);
  expect(planOf({ ...scan, ...counts, 'Index Name': 'other' }).fingerprint).not.toBe(one.fingerprint);
});

test('a scan steered by another relation is another node than the plain scan', () => {
  const users = {
    'Node Type': 'Seq Scan',
    'Relation Name': 'users',
    Alias: 'u',
    Filter: "(name <> 'b.userid'::text)",
    ...counts,
  };
  const steered = { ...scan, 'Index Cond': '(userid = u.id)', ...counts };
  const { nodes, relations } = planOf({ 'Node Type': 'Nested Loop', 'Join Type': 'Inner', ...counts, Plans: [users, steered] });

  expect(relations).toBe(2);
  expect(nodes.map((node) => node.key)).toEqual(['join Inner of b, u', 'scan of u', 'scan of b by u']);
});

test('below LIMIT rows may be cut short, below a sort they are not', () => {
  const plan = (type: string) =>
    planOf({ 'Node Type': 'Limit', ...counts, Plans: [{ 'Node Type': type, ...counts, Plans: [{ ...scan, ...counts }] }] });

  expect(plan('Result').nodes.at(-1)?.isPartial).toBe(true);
  expect(plan('Sort').nodes.at(-1)?.isPartial).toBe(false);
});
