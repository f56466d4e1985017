// The data sets of the fidelity bench: their files say what they mean, and every query of them can be read.
import fs from 'node:fs';
import path from 'node:path';
import { listDataSets, parseDataSet } from '../../../bench/fidelity/data-set.ts';
import { parseYamlText } from '../../../spec/parse-document.ts';
import { policySchema } from '../../../spec/policy.ts';
import { parseWorkload } from '../../../spec/workload.ts';

const ROOT = 'bench/fidelity';

test('dataset.yaml: table keys are written as catalogs write them, and faults are refused', () => {
  const read = (text: string) => parseDataSet(text, 'dataset.yaml');

  expect(read('{}')).toEqual({});
  expect(read('scaleOut: { share: 0.5, times: { posts: created, chat.rooms: at } }').scaleOut?.times).toEqual({
    'public.posts': 'created',
    'chat.rooms': 'at',
  });
  expect(() => read('scaleOut: { share: 1, times: {} }')).toThrow();
  expect(() => read('unknown: 1')).toThrow();
});

test.each(listDataSets(ROOT))('%s: config, policy and queries are valid', (name) => {
  const files = fs.readdirSync(path.join(ROOT, name));
  const read = (file: string) => fs.readFileSync(path.join(ROOT, name, file), 'utf8');
  const queries = files
    .filter((file) => file.endsWith('.sql') && file !== 'indexes.sql')
    .flatMap((file) => parseWorkload(read(file), file).queries);

  if (files.includes('dataset.yaml')) parseDataSet(read('dataset.yaml'), 'dataset.yaml');
  if (files.includes('policy.yaml')) policySchema.parse(parseYamlText(read('policy.yaml'), 'policy', 'policy.yaml'));
  expect(queries.length).toBeGreaterThanOrEqual(30);
  // A literal would mean another thing in another database.
  const hasLiteral = (sql: string) => /'|[<>=]\s*\d/.test(sql.replaceAll("date_trunc('day', ", ''));
  expect(queries.filter(({ sql }) => hasLiteral(sql)).map(({ name: query }) => query)).toEqual([]);
});
