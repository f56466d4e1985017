// A large table is read by a sample of its pages, and asked for uniqueness by a sample of its values.
import type { SourceTable } from '../../../sampler/introspect/source.ts';
import { containmentSql } from '../../../sampler/suggest/containment.ts';
import { countDistinctSql, listParentKeys } from '../../../sampler/suggest/parent-keys.ts';
import { column, table } from '../measure/catalog-fixture.ts';

function source(name: string, pages: number): SourceTable {
  const columns = [column('id', 'int8'), column('user_id', 'int4')];
  return { key: `public.${name}`, table: table(name, columns, { pages, estimatedRows: pages * 100 }), columns, references: [] };
}

const [id, userId] = source('x', 1).columns;
if (id === undefined || userId === undefined) throw new Error('the fixture has two columns');

test('small tables are read whole', () => {
  const users = source('users', 10);
  const [parent] = listParentKeys({ tables: [users], enums: [] });
  if (parent === undefined) throw new Error('users has a key');

  const sql = containmentSql({ table: source('orders', 20_000), column: userId }, parent);

  expect(sql).not.toContain('tablesample');
  expect(sql).toContain('(select count(*) from only "public"."users" as p)');
  expect(countDistinctSql(users, [id])).not.toContain('hash');
});

test('large ones by pages or by values, and their keys are not counted', () => {
  const users = source('users', 90_000);
  const [parent] = listParentKeys({ tables: [users], enums: [] });
  if (parent === undefined) throw new Error('users has a key');

  const sql = containmentSql({ table: source('orders', 80_000), column: userId }, parent);

  expect(sql).toContain('as c tablesample system (25.0000) repeatable (1)');
  expect(sql).toContain('9000000::float8 as keys');
  expect(countDistinctSql(users, [id])).toContain('& 7) = 0');
});
