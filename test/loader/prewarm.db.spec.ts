// load --prewarm on a real server: named relations and no others, what of the buffer cache they take, names that are nobody's.
import { withDatabase } from '../support/database.ts';
import { chatSetup, loadChat, makeChatReport } from './chat-target.ts';

const warmed = (lines: readonly string[]) => lines.filter((line) => line.startsWith('[Prewarm]'));

test('named tables and indexes are read, a partitioned one by its parts, and their share of the cache is counted', async () => {
  await withDatabase(chatSetup, async (url, client) => {
    const report = await makeChatReport(client);

    const { lines, result } = await loadChat(url, report, {
      prewarm: { names: ['"Odd"."Mess.ages"', 'users_pkey', 'public.reads', 'public.reads_low'] },
    });

    const names = ['"Odd"."Mess.ages"', 'public.users_pkey', 'public.reads_high', 'public.reads_low'];
    expect(result.prewarm).toMatchObject({ choice: 'named', measuredBy: 'pg_buffercache', relations: 4, leftOut: [] });
    expect(result.prewarm.read?.map(({ name }) => name)).toEqual(names);
    for (const { bytes, cacheFraction, cachedBytes } of result.prewarm.read ?? []) {
      expect(cachedBytes).toBe(bytes);
      expect(cacheFraction).toBeCloseTo(bytes / (result.prewarm.sharedBytes ?? 0), 9);
    }
    expect(warmed(lines)[0]).toMatch(/^\[Prewarm\] ✓ 4 relations, /);
    expect(warmed(lines)[1]).toMatch(/^\[Prewarm\] {3}"Odd"\."Mess\.ages" +0\.\d % of the buffer cache \(.+\)$/);
    expect(warmed(lines).at(-1)).toMatch(/together +0\.\d % of 134\.2 MB, as pg_buffercache counts$/);
  });
});

test('none reads nothing; a name that is not of the tables is refused before anything else is done', async () => {
  await withDatabase(chatSetup, async (url, client) => {
    const report = await makeChatReport(client);
    await client.query('create table public.canary (id int)');

    const { lines, result } = await loadChat(url, report, { prewarm: 'none' });

    expect(warmed(lines)).toEqual(['[Prewarm] left out: --prewarm none']);
    expect(result.prewarm).toMatchObject({ relations: 0, reason: 'not asked for', choice: 'none' });
    expect(result.status).toBe('passed');
    for (const name of ['public.canary', 'users_pkey; drop table users', 'Users']) {
      const code = expect.stringMatching(/^(OPTION|NAME)_INVALID$/);
      const print = () => {
        throw new Error('it began');
      };
      await expect(loadChat(url, report, { prewarm: { names: [name] }, print })).rejects.toMatchObject({ code });
    }
  });
});
