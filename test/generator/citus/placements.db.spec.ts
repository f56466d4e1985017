// Where tables go on a Citus cluster: golden SQL, since Citus is not here, and that a plain server hears none of it.
import fs from 'node:fs';
import path from 'node:path';
import { formatTableKey } from '../../../core/identifiers.ts';
import { choosePlacements } from '../../../generator/citus/choose-placements.ts';
import { placementLines, placeTables, planPlacements } from '../../../generator/citus/place-tables.ts';
import { placementStatements } from '../../../generator/citus/placement-statements.ts';
import { generate, planOnly } from '../../../generator/generate.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { parseSpec } from '../../../spec/spec.ts';
import { withDatabase } from '../../support/database.ts';

const chatSql = fs.readFileSync(path.resolve(import.meta.dirname, '../../../spec/chat.sql'), 'utf8');
/** Of the perf band, parents first. */
const chatRows = {
  'public.users': 250_000,
  'public.conversations': 600_000,
  'public.conversation_users': 3_000_000,
  'public.messages': 300_000_000,
  'public.message_reads': 225_000_000,
  'public.attachments': 57_000_000,
};

function linesOf(sql: string, text: string): Promise<string[]> {
  return withDatabase(sql, async (url, client) => {
    const spec = parseSpec(text, 'test');
    const { plan } = await planOnly({
      spec,
      band: 'dev',
      seed: 's',
      target: { kind: 'null', url },
      workers: 1,
      operator: 'test',
    });
    const { statements, problems } = planPlacements(plan, spec, await readCatalog(client));
    return [...problems.map((problem) => `${problem.path}: ${problem.message}`), ...placementLines(statements)];
  });
}

test('the chat tables, as their keys allow', async () => {
  const lines = await withDatabase(chatSql, async (_, client) => {
    const { tables } = await readCatalog(client);
    const inputs = Object.entries(chatRows).flatMap(([name, rows]) => {
      const catalog = tables.find((table) => formatTableKey(table) === name);
      return catalog === undefined ? [] : [{ name, rows, catalog, wanted: undefined }];
    });
    return placementLines(placementStatements(choosePlacements(inputs).placed));
  });

  expect(lines).toMatchInlineSnapshot(`
[
  "citus: alter table "public"."attachments" drop constraint if exists "attachments_messageId_fkey"; -- the foreign key attachments_messageId_fkey (messageId) to public.messages cannot be kept: the two tables do not lie beside each other",
  "citus: select create_reference_table('"public"."users"'); -- others refer to it, and it is small enough to be whole on every node",
  "citus: select create_reference_table('"public"."conversations"'); -- others refer to it, and it is small enough to be whole on every node",
  "citus: select create_distributed_table('"public"."conversation_users"', 'conversationId', colocate_with => 'none'); -- conversationId is in all of its unique keys",
  "citus: select create_distributed_table('"public"."messages"', 'id', colocate_with => 'none'); -- id is in all of its unique keys",
  "citus: select create_distributed_table('"public"."message_reads"', 'messageId', colocate_with => '"public"."messages"'); -- messageId leads to public.messages, whose rows lie beside",
  "citus: select create_distributed_table('"public"."attachments"', 'id', colocate_with => 'none'); -- id is in all of its unique keys",
]
`);
});

const tenantsSql = `
  create table tenants (id int primary key);
  create table rooms (tenant_id int not null references tenants, id int not null, primary key (tenant_id, id));
  create table posts (
    tenant_id int not null, id int not null, room_id int not null, parent_id int,
    primary key (tenant_id, id),
    foreign key (tenant_id, room_id) references rooms,
    foreign key (tenant_id, parent_id) references posts
  );
  create table logs (at timestamptz, line text);`;

const tenantsText = (change: { rooms?: string; posts?: string } = {}) => `
format: shapecast-spec
version: 1
name: tenants
bands: { dev: { scale: 1 } }
tables:
  public.tenants: { rows: { count: 20 }, columns: { id: { kind: sequence } } }
  public.rooms:
    ${change.rooms ?? ''}
    rows: { count: 900 }
    references: { tenant: { columns: [tenant_id], table: public.tenants, to: [id], fanOut: { family: geometric, p: 0.02, start: 1 } } }
    columns: { id: { kind: sequence } }
  public.posts:
    ${change.posts ?? ''}
    rows: { count: 9000 }
    references: { room: { columns: [tenant_id, room_id], table: public.rooms, to: [tenant_id, id], fanOut: { family: geometric, p: 0.1, start: 0 } } }
    columns: { id: { kind: sequence }, parent_id: { kind: constant, value: null } }
  public.logs: { rows: { count: 100 }, columns: { at: { kind: constant, value: null }, line: { kind: constant, value: null } } }
`;

test('tables of tenants lie beside each other, and keep their keys', async () => {
  expect(await linesOf(tenantsSql, tenantsText())).toMatchInlineSnapshot(`
[
  "citus: select create_reference_table('"public"."tenants"'); -- others refer to it, and it is small enough to be whole on every node",
  "citus: select create_distributed_table('"public"."rooms"', 'tenant_id', colocate_with => 'none'); -- tenant_id is in all of its unique keys",
  "citus: select create_distributed_table('"public"."posts"', 'tenant_id', colocate_with => '"public"."rooms"'); -- tenant_id leads to public.rooms, whose rows lie beside",
]
`);
});

test('the spec may say where a table goes, and is told what cannot be', async () => {
  const rooms = `placement: { kind: distributed, by: id }`;
  const posts = `placement: { kind: distributed, by: room_id, colocateWith: public.rooms }`;

  expect(await linesOf(tenantsSql, tenantsText({ rooms, posts }))).toMatchInlineSnapshot(`
[
  "tables.public.posts.placement: cannot be distributed by room_id: posts_pkey would be unique without it",
  "citus: alter table "public"."posts" drop constraint if exists "posts_tenant_id_room_id_fkey"; -- the foreign key posts_tenant_id_room_id_fkey (tenant_id, room_id) to public.rooms cannot be kept: the two tables do not lie beside each other",
  "citus: select create_reference_table('"public"."tenants"'); -- others refer to it, and it is small enough to be whole on every node",
  "citus: select create_distributed_table('"public"."rooms"', 'id', colocate_with => 'none'); -- the spec says so",
  "citus: select create_distributed_table('"public"."posts"', 'tenant_id', colocate_with => 'none'); -- tenant_id is in all of its unique keys",
]
`);
});

test('a plain server is asked once and changed by nothing', async () => {
  await withDatabase('', async (url, client) => {
    const told: string[] = [];
    const spec = parseSpec(tenantsText(), 'test');
    const options = { spec, band: 'dev', seed: 's', createSql: tenantsSql, workers: 1, operator: 'test' } as const;
    await generate({ ...options, target: { kind: 'postgres', url }, warn: (line) => told.push(line) });
    const { plan } = await planOnly({ ...options, target: { kind: 'null', url } });

    await placeTables(client, plan, spec, await readCatalog(client), (line) => told.push(line));

    expect(told.filter((line) => line.startsWith('citus'))).toEqual([]);
    expect((await client.query(`select from pg_constraint where contype = 'f' and conparentid = 0`)).rowCount).toBe(3);
  });
});
