// load and what the server itself thinks of its indexes, constraints and pages: whole ones pass, broken ones are findings that name the object
// and no row, and a role without amcheck is told so and fails nothing.
import { withDatabase } from '../support/database.ts';
import { chatSetup, listFindings, loadChat, makeChatReport } from './chat-target.ts';

const setup = `${chatSetup}
  create index users_name on public.users (username);
  create index users_lower on public.users (lower(username));
  create index users_score on public.users using brin (score);
  create index reads_message on public.reads ("messageId");`;

/** A row that goes past the index, as a crash or a bad disk would lose its entry. */
const loseEntry = `
  update pg_index set indisready = false where indexrelid = 'public.users_name'::regclass;
  insert into public.users values (51, 'canary of the lost entry', 1);
  update pg_index set indisready = true where indexrelid = 'public.users_name'::regclass;`;

const validityOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith('[Validity]'));

test('whole indexes, constraints and pages pass, those of partitions too, and what amcheck does not know is told', async () => {
  await withDatabase(setup, async (url, client) => {
    const { lines, result } = await loadChat(url, await makeChatReport(client));

    // 5 primary keys, 3 indexes of users, and one of a partitioned table, with its two parts.
    expect(validityOf(lines)).toEqual([
      '[Validity] ✓ amcheck: 7 tables; 9 B-trees, each against every row; 1 index of other kinds not looked at',
      expect.stringMatching(/^\[Validity\] ✓ 11 indexes and \d+ constraints valid$/),
    ]);
    expect(result.validity).toMatchObject({
      indexes: 11,
      amcheck: { indexes: 9, againstRows: 9, tables: 7, notChecked: 1, reason: null },
    });
    expect(result.verdicts.filter(({ question }) => question === 'validity')).toEqual([
      { question: 'validity', subject: 'indexes and constraints', passed: true, expected: 'valid', found: 'valid' },
    ]);
  });
});

test('what the catalog has against an index or a constraint is a finding', async () => {
  await withDatabase(setup, async (url, client) => {
    const report = await makeChatReport(client);
    await client.query(`
      update pg_index set indisvalid = false where indexrelid in ('public.users_name'::regclass, 'public.reads_message'::regclass);
      update pg_index set indisready = false, indisvalid = false where indexrelid = 'public.users_lower'::regclass;
      alter table public.users add constraint positive check (score > 0) not valid;
      alter table public.conversations disable trigger all;`);

    const { lines, result } = await loadChat(url, report);

    expect(listFindings(result)).toEqual([
      'validity index public.reads_message: not valid: a partition lacks its part',
      'validity index public.users_lower: not ready: rows are written without it',
      'validity index public.users_name: not valid: no query uses it',
      // Of the tables that point at it, too: a row of it could be deleted under theirs.
      'validity constraint Mess.ages_conversationId_fkey of "Odd"."Mess.ages": its triggers are switched off',
      'validity constraint conversations_ownerId_fkey of public.conversations: its triggers are switched off',
      'validity constraint positive of public.users: not validated (NOT VALID)',
    ]);
    expect(lines).toContain('[Validity] ✗ index public.users_name: not valid: no query uses it');
    expect(validityOf(lines).filter((line) => line.includes('✓'))).toEqual([expect.stringContaining('; 7 B-trees')]);
    expect(result.errors).toContain('validity: index public.users_name: expected valid, found not valid: no query uses it');
    expect(result.status).toBe('failed');
  });
});

test('an index that lost an entry and a page that does not hold together are findings, without a word of any row', async () => {
  await withDatabase(setup, async (url, client) => {
    await client.query(loseEntry);
    const report = await makeChatReport(client);
    // Rows older than the table says that any can be.
    await client.query(
      `update pg_class set relfrozenxid = pg_current_xact_id()::text::xid where oid = 'public.members'::regclass`,
    );

    const { lines, result } = await loadChat(url, report);

    expect(listFindings(result)).toEqual([
      expect.stringMatching(/^validity table public\.members: damaged: \d+ pages? (is|are) not whole \(amcheck\)$/),
      'validity index public.users_name: damaged (amcheck, SQLSTATE XX001)',
    ]);
    expect(JSON.stringify([lines, result])).not.toContain('canary');
    expect((await client.query(`select from pg_extension where extname = 'amcheck'`)).rowCount).toBe(0);
  });
});

test('a role that may have neither amcheck nor pg_buffercache is told, and nothing fails', async () => {
  const rights = `
    create extension pg_prewarm;
    create role plain_checker login; grant all on all tables in schema public, "Odd" to plain_checker;
    grant usage on schema "Odd" to plain_checker;`;
  await withDatabase(`${setup}${rights}`, async (url, client) => {
    const report = await makeChatReport(client);
    await client.query(`grant usage on schema shapecast to plain_checker;
      grant select on all tables in schema shapecast to plain_checker; create extension amcheck`);
    const asPlain = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c role=plain_checker')}`;

    const { lines, result } = await loadChat(asPlain, report);

    expect(validityOf(lines)[0]).toBe('[Validity] amcheck left out: permission denied for its functions');
    expect(result.validity?.amcheck).toMatchObject({ indexes: 0, reason: 'permission denied for its functions' });
    expect(lines.find((line) => line.includes('together'))).toMatch(
      /by their sizes: pg_buffercache cannot be created here: .*permission denied/,
    );
    expect(result.prewarm).toMatchObject({ measuredBy: 'sizes', reason: null });
    expect(result.status).toBe('passed');
  });
});
