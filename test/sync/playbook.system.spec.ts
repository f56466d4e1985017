// The playbook's example rules on the playbook's tables: what each column looks like afterwards, that references and keys hold, and that
// of no masked column a value of production is left.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkNamedDocument, parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { createBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const examples = path.resolve(import.meta.dirname, '../../sync/examples');
const rulesFile = path.join(examples, 'playbook.yaml');
const urlOf = (database: string) => `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;
const tool = (name: string, argv: readonly string[], input = '') =>
  execFileSync(path.join(bin, name), argv, { encoding: 'utf8', input });
const ask = (database: string, sql: string) =>
  tool('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database], sql).trim();

const USERS = 400;
const FILL = `
  insert into public."User"
    select 'c' || md5(i::text), 'Real' || i || '@real.org', 'real' || i, nullif('Real Person ' || i, 'Real Person 7'), '$2b$10$' || md5(i::text),
      (array['PLAYER', 'CAPTAIN', 'ADMIN'])[1 + i % 3]::public."Role", '+4930' || 5550000 + i, date '1990-01-01' + i,
      'https://cdn.real.org/' || i || '.png', 'real bio ' || i, 'discord' || i, ('10.1.' || i % 250 || '.' || i / 250)::inet,
      jsonb_build_object('mail', 'real' || i || '@real.org'), case when i > 1 then 'c' || md5((i / 2)::text) end,
      '2026-01-01'::timestamp + i * interval '1 minute', '2026-01-01'::timestamp + i * interval '1 hour', '2026-02-01'
    from generate_series(1, ${USERS}) as i;
  insert into public."AuditLog" ("userId", "action", "entityType", "entityId", "ipAddress", "userAgent", "metadata")
    select case when i % 5 > 0 then 'c' || md5((1 + i % ${USERS})::text) end, 'LOGIN', 'User', 'real' || i || '@real.org',
      ('10.2.' || i % 250 || '.1')::inet, nullif('Real Agent/' || i, 'Real Agent/3'),
      case when i % 3 > 0 then jsonb_build_object('session', 'real ' || i) end
    from generate_series(1, 2000) as i;
  insert into public."MatchStatsSubmission"
    select 's' || i, 'm' || i / 2, 'c' || md5((1 + i % ${USERS})::text), case when i % 2 = 0 then 'c' || md5('1') end, 'APPROVED', i % 7, i % 5,
      array['https://cdn.real.org/shot' || i || '.png'], 'real note ' || i, jsonb_build_object('players', jsonb_build_array('Real Person ' || i)), null
    from generate_series(1, 700) as i;`;

test('the example rules mask the playbook tables: forms, keys, references, and no original value', async () => {
  const bench = createBench();
  for (const name of ['playbook_app', 'playbook_shadow']) tool('createdb', [name]);
  try {
    ask('playbook_app', fs.readFileSync(path.join(examples, 'playbook.sql'), 'utf8') + FILL);

    // Outside of the repository, as somebody begins who copies it.
    fs.copyFileSync(rulesFile, path.join(bench.folder, 'rules.yaml'));
    const environment = {
      PROD_REPLICA_URL: urlOf('playbook_app'),
      SHADOW_DATABASE_URL: urlOf('playbook_shadow'),
      SHAPECAST_EVIDENCE: 'off',
    };
    const done = await bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin], environment);
    const verified = await bench.run(['verify-shadow', '--rules', 'rules.yaml'], environment);

    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('3,100 rows in 3 tables') });
    expect(verified.status).toBe(0);
    const count = (sql: string) => Number(ask('playbook_shadow', `select count(*) from public.${sql}`));
    expect(
      count(`"User" where "username" ~ '^player_[0-9]+$' and "displayName" = "username" and "email" = "username" || '@example.com'
        and "passwordHash" = '!' and "preferences" = '{"redacted": true}'
        and num_nulls("phoneNumber", "dateOfBirth", "avatarUrl", "bio", "discordId", "lastLoginIp") = 6`),
    ).toBe(USERS);
    expect(
      count(`"AuditLog" where "entityId" is null and "ipAddress" = '0.0.0.0' and "userAgent" = 'redacted'
        and "metadata" = '{"redacted": true}' and "action" = 'LOGIN'`),
    ).toBe(2000);
    expect(
      count(`"MatchStatsSubmission" where "screenshotUrls" = '{}' and "notes" = 'redacted' and "payload" = '{"redacted": true}'`),
    ).toBe(700);
    // References and scores are those of production, row by row.
    const kept = `select md5(string_agg(row("id", "matchId", "submittedById", "reviewedById", "homeScore", "awayScore")::text, ' ' order by "id"))
      || md5((select string_agg(row("id", "invitedById", "role", "createdAt")::text, ' ' order by "id") from public."User"))
      || md5((select string_agg(row("id", "userId", "action")::text, ' ' order by "id") from public."AuditLog")) from public."MatchStatsSubmission"`;
    expect(ask('playbook_shadow', kept)).toBe(ask('playbook_app', kept));
    const keys = `select count(*) filter (where contype = 'f' and convalidated), count(*) filter (where contype = 'p'),
        (select count(*) from pg_index where indisunique and indisvalid and indrelid::regclass::text ~ '^("User"|"Match)')
      from pg_constraint where connamespace = 'public'::regnamespace`;
    expect(ask('playbook_shadow', keys)).toBe('4|3|6');
    expect(ask('playbook_shadow', `select nextval('public."AuditLog_id_seq"')`)).toBe('2001');
    expect(survivors()).toEqual([]);
  } finally {
    bench.remove();
    for (const name of ['playbook_app', 'playbook_shadow']) tool('dropdb', ['--force', '--if-exists', name]);
  }
});

/** Every column with another rule than keep of which a value stands in both databases; empty lists and NULL are nobody's. */
function survivors(): string[] {
  const document = parseYamlText(fs.readFileSync(rulesFile, 'utf8'), 'rules', rulesFile);
  const { tables } = checkNamedDocument(syncRulesSchema, document, 'rules', rulesFile);
  const masked = Object.entries(tables).flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, rule]) => (rule.kind === 'keep' ? [] : [{ table, column }])),
  );
  expect(masked.length).toBe(18);
  const union = masked
    .map(
      ({ table, column }) =>
        `select distinct '${table}.${column} ' || "${column}"::text from ${table} where "${column}" is not null`,
    )
    .join(' union all ');
  const valuesOf = (database: string) => ask(database, union).split('\n');
  const before = new Set(valuesOf('playbook_app'));
  expect(before.size).toBeGreaterThan(USERS * 8);
  return valuesOf('playbook_shadow').filter((value) => before.has(value));
}
