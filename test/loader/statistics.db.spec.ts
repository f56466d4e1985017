// Extended statistics that a spec names: load makes them before ANALYZE, teardown takes them back, and what is there is left as it is.

import type pg from 'pg';
import { quoteQualified } from '../../core/identifiers.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { MARKER_COMMENT } from '../../postgres/marker-tables.ts';
import type { Report } from '../../spec/report.ts';
import type { Statistics } from '../../spec/statistics.ts';
import { teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';
import { chatSetup, listFindings, loadChat, makeChatReport } from './chat-target.ts';

const odd = 'Odd" stats; drop table users --';

function withStatistics(report: Report, wanted: Readonly<Record<string, Statistics[]>>): Report {
  return { ...report, tables: report.tables.map((table) => ({ ...table, statistics: wanted[table.name] ?? [] })) };
}

/** All tables as ours: those named as made, the others as found. */
async function listInMarker(client: pg.Client, created: readonly string[]): Promise<void> {
  for (const { name, oid, schema } of (await readCatalog(client)).tables) {
    const origin = created.includes(name) ? 'created' : 'found';
    if (schema === 'shapecast') continue;
    await client.query('insert into shapecast.tables (schema_name, table_name, table_oid, origin) values ($1, $2, $3, $4)', [
      schema,
      name,
      oid,
      origin,
    ]);
    if (origin === 'created') await client.query(`comment on table ${quoteQualified({ name, schema })} is '${MARKER_COMMENT}'`);
  }
}

const LIST = `
  select stxname::text as name, stxrelid::regclass::text as "table", stxkind::text as kinds,
         exists (select from pg_statistic_ext_data where stxoid = oid) as "isFilled"
  from pg_statistic_ext order by stxname`;

test('missing ones are made, filled by ANALYZE and found again, and teardown drops those of tables that stay', async () => {
  await withDatabase(chatSetup, async (url, client) => {
    const report = withStatistics(await makeChatReport(client), {
      'public.users': [{ name: 'users_name_score', columns: ['username', 'score'], kinds: ['dependencies', 'ndistinct'] }],
      '"Odd"."Mess.ages"': [{ name: odd, columns: ['kind', 'conversationId'], kinds: ['mcv'] }],
      'public.reads': [{ name: 'reads_both', columns: ['id', 'messageId'], kinds: ['ndistinct'] }],
    });
    await listInMarker(client, ['reads']);
    await client.query(`create table public.kept as select * from public.users;
      create statistics public.kept_stats on username, score from public.kept`);

    const first = await loadChat(url, report);
    const again = await loadChat(url, report);

    expect(listFindings(first.result)).toEqual([]);
    expect(first.lines).toContain('[Statistics] ✓ 3 extended statistics in place, 3 of them made now');
    expect(first.lines.indexOf('[Statistics] ✓ 3 extended statistics in place, 3 of them made now')).toBeLessThan(
      first.lines.findIndex((line) => line.startsWith('[Analyze]')),
    );
    expect(again.lines).toContain('[Statistics] ✓ 3 extended statistics in place, 0 of them made now');
    expect(again.result.status).toBe('passed');
    expect((await client.query(LIST)).rows).toEqual([
      { name: odd, table: '"Odd"."Mess.ages"', kinds: '{m}', isFilled: true },
      { name: 'kept_stats', table: 'public.kept', kinds: '{d,f,m}', isFilled: false },
      { name: 'reads_both', table: 'public.reads', kinds: '{d}', isFilled: true },
      { name: 'users_name_score', table: 'public.users', kinds: '{d,f}', isFilled: true },
    ]);

    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    await teardown({ url, dryRun: false, force: true, confirm: async () => true, print, environment: {} });

    expect(lines).toContain('[Teardown]   drop      statistics public.users_name_score');
    expect((await client.query(LIST)).rows.map(({ name }) => name)).toEqual(['kept_stats']);
    expect((await client.query('select from public.users')).rowCount).toBe(0);
  });
});

test('those that are there otherwise, and those that may not be made, are findings; nothing of them changes', async () => {
  const other = `${chatSetup}
    create statistics public.taken (mcv) on id, username from public.users;
    create statistics public.elsewhere on id, "ownerId" from public.conversations;`;
  await withDatabase(other, async (url, client) => {
    const columns = ['username', 'score'];
    const plain = await makeChatReport(client);
    await listInMarker(client, []);
    await client.query("delete from shapecast.tables where table_name = 'conversations'");
    const report = withStatistics(plain, {
      'public.users': [
        { name: 'taken', columns, kinds: ['mcv'] },
        { name: 'elsewhere', columns, kinds: ['mcv'] },
        { name: 'absent_column', columns: ['username', 'nowhere'], kinds: ['mcv'] },
      ],
      'public.conversations': [{ name: 'not_ours', columns: ['id', 'ownerId'], kinds: ['mcv'] }],
    });
    const before = (await client.query(LIST)).rows.map(({ name }) => name);

    const { result } = await loadChat(url, report);
    const foreign = await loadChat(url, { ...report, planId: 'f'.repeat(64) });

    expect(listFindings(result)).toEqual([
      'statistics public.not_ours: not in the target, and not made: the marker does not list the table',
      'statistics public.taken: statistics of this name are on other columns: id, username',
      'statistics public.elsewhere: statistics of this name are on another table',
      'statistics public.absent_column: not in the target, and cannot be made: column "nowhere" does not exist',
    ]);
    expect(listFindings(foreign.result).join('\n')).toContain('nothing is made in a target that the report does not describe');
    expect((await client.query(LIST)).rows.map(({ name }) => name)).toEqual(before);
  });
});
