// The example rules are what people begin with, so every committed one is valid as it stands.
import fs from 'node:fs';
import path from 'node:path';
import { checkNamedDocument, parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';

const folder = path.resolve(import.meta.dirname, '../../sync/examples');
const examples = fs.readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test('a path of a document below another one is refused, by its place', () => {
  const rule = (paths: object) => ({ tables: { 'public.t': { columns: { doc: { kind: 'json', paths } } } } });

  const refused = syncRulesSchema.safeParse(rule({ user: 'keep', 'user.mail': 'token', 'a.*': 'keep', 'a.b.c': 'token' }));

  expect(refused.error?.issues.map(({ path: place, message }) => [place.at(-1), message])).toEqual([
    ['user.mail', 'lies inside user, which has a rule of its own'],
  ]);
  expect(syncRulesSchema.safeParse(rule({ users: 'keep', 'user.mail': 'token' })).success).toBe(true);
});

test('the playbook is among the examples', () => {
  expect(examples).toContain('playbook.yaml');
});

test.each(examples)('%s is a rules file with a rule for at least one column', (name) => {
  const text = fs.readFileSync(path.join(folder, name), 'utf8');

  const rules = checkNamedDocument(syncRulesSchema, parseYamlText(text, 'rules', name), 'rules', name);

  expect(Object.values(rules.tables).flatMap(({ columns }) => Object.keys(columns)).length).toBeGreaterThan(0);
});
