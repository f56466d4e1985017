// The loader's integrity checks, each against a fault planted in a target that was right before.
import type pg from 'pg';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { ensureMarker } from '../postgres/marker.ts';
import { setAside } from '../postgres/set-aside.ts';
import type { Report } from '../spec/report.ts';
import { chatSetup, listFindings, loadChat, makeChatReport } from './loader/chat-target.ts';
import { withDatabase } from './support/database.ts';

/** The findings of load after `sql` has spoiled the target that the report describes. */
async function findAfter(sql: string, change: (report: Report) => Report = (report) => report): Promise<string[]> {
  return withDatabase(chatSetup, async (url, client) => {
    const report = await makeChatReport(client);
    // Declared keys would refuse most of the faults: as if they had come in while triggers were off.
    await client.query('set session_replication_role = replica');
    await client.query(sql);
    const { result, lines } = await loadChat(url, change(report));
    expect(result.status).toBe(listFindings(result).length === 0 ? 'passed' : 'failed');
    if (listFindings(result).some((finding) => /^(integrity|definition)/.test(finding))) {
      expect(lines).not.toContain('[Integrity] ✓ All referential integrity constraints satisfied');
    }
    return listFindings(result);
  });
}

function withoutContent(findings: readonly string[]): string[] {
  return findings.filter((finding) => !finding.startsWith('content'));
}

describe('load finds', () => {
  test('nothing in a target that is as the report says', async () => {
    expect(await findAfter('select 1')).toEqual([]);
  });

  test('a missing row', async () => {
    const findings = await findAfter('delete from public.invites where id = 31');

    expect(findings).toEqual(['count public.invites: 30', expect.stringMatching(/^content public\.invites: [0-9a-f]{16}$/)]);
  });

  test('an extra row', async () => {
    const findings = await findAfter('insert into public.reads values (9999, 1)');

    expect(findings).toEqual(
      expect.arrayContaining(['count public.reads: 601', expect.stringMatching(/^content public\.reads: [0-9a-f]{16}$/)]),
    );
  });

  test('a changed value, although every count is right', async () => {
    const findings = await findAfter(`update public.users set username = 'user7x' where id = 7`);

    expect(findings).toEqual([expect.stringMatching(/^content public\.users: [0-9a-f]{16}$/)]);
  });

  test('two rows that swapped a value', async () => {
    const findings = await findAfter(
      `update public.members set "userId" = 7 - "userId" where "conversationId" = 50 and "userId" > 2`,
    );

    expect(findings.some((finding) => finding.startsWith('content public.members'))).toBe(true);
  });

  test.each([
    [
      'a virtual key',
      `update "Odd"."Mess.ages" set "senderId" = 51 where id in (1, 2)`,
      '"Odd"."Mess.ages" (senderId) → public.users (id)',
      '2 orphans',
    ],
    [
      'a declared key',
      'update public.conversations set "ownerId" = 999 where id = 1',
      'public.conversations (ownerId) → public.users (id)',
      '1 orphan',
    ],
    [
      'a partitioned table',
      'update public.reads set "messageId" = 0 where id = 400',
      'public.reads (messageId) → "Odd"."Mess.ages" (id)',
      '1 orphan',
    ],
    [
      'a composite key',
      'update public.invites set member = 9 where id = 3',
      'public.invites (conversation, member) → public.members (conversationId, userId)',
      '1 orphan',
    ],
    [
      'a MATCH FULL key that is set in part',
      'update public.invites set member = null where id = 3',
      'public.invites (conversation, member) → public.members (conversationId, userId)',
      '1 orphan',
    ],
  ])('an orphan of %s', async (_name, sql, key, found) => {
    expect(await findAfter(sql)).toContain(`integrity ${key}: ${found}`);
  });

  test('another fan-out, although counts and keys are right', async () => {
    const findings = await findAfter('update "Odd"."Mess.ages" set "conversationId" = 1 where id <= 400');

    expect(withoutContent(findings)).toEqual([
      expect.stringMatching(
        /^distribution "Odd"\."Mess\.ages" \(conversationId\) per public\.conversations, children per parent: p50 /,
      ),
    ]);
  });

  test('other numbers and other lengths', async () => {
    const findings = await findAfter(`update public.users set score = score * 3, username = username || 'longer'`);

    expect(withoutContent(findings)).toEqual([
      expect.stringMatching(/^distribution public\.users\.score, value: p50 /),
      expect.stringMatching(/^distribution public\.users\.username, length: p50 /),
    ]);
  });

  test('a column that is empty now', async () => {
    const findings = await findAfter('update public.users set score = null');

    expect(withoutContent(findings)).toEqual(['distribution public.users.score, value: no rows']);
  });

  test('a table that is gone, and goes on with the others', async () => {
    const findings = await findAfter('drop table "Odd"."Mess.ages"');

    expect(findings).toEqual([
      'count "Odd"."Mess.ages": no such table',
      'integrity public.reads (messageId) → "Odd"."Mess.ages" (id): no table "Odd"."Mess.ages"',
    ]);
  });

  test('a column that is gone', async () => {
    const findings = await findAfter('alter table public.users drop column score');

    expect(findings).toContain('content public.users: a column is missing');
  });

  test('a declared key that the target has lost', async () => {
    const findings = await findAfter('alter table public.conversations drop constraint "conversations_ownerId_fkey"');

    expect(findings).toEqual(['integrity public.conversations (ownerId) → public.users (id): not declared in the target']);
  });

  test('keys and indexes that generate has not put back', async () => {
    const findings = await withDatabase(chatSetup, async (url, client: pg.Client) => {
      const report = await makeChatReport(client);
      await ensureMarker(client);
      await setAside(client, (await readCatalog(client)).tables);
      return listFindings((await loadChat(url, report)).result);
    });

    expect(findings).toContain('definition public.conversations: conversations_ownerId_fkey: set aside');
  });

  test('a report of a run that failed', async () => {
    expect(await findAfter('select 1', (report) => ({ ...report, status: 'failed' }))).toEqual([
      'report run-0123456789abcdef: failed',
    ]);
  });
});
