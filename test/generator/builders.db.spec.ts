// The connections that build keys: no more than the limit, and none outlives the end, whenever that comes.
import { Builders } from '../../generator/builders.ts';
import { withDatabase } from '../support/database.ts';

const sessions = `select count(*)::int as n from pg_stat_activity where application_name = 'builders'`;

test('an end that comes while a connection is being opened closes it, and the process can go', async () => {
  await withDatabase('', async (url, client) => {
    const builders = new Builders({ url, sessionName: 'builders', limit: 1 });
    const [opening, waiting] = [0, 1].map(() => builders.run(async () => 'done').catch((error: unknown) => error));

    await builders.end();

    expect(await opening).toMatchObject({ code: 'INTERRUPTED' });
    expect(await waiting).toMatchObject({ code: 'INTERRUPTED' });
    // The server notices a moment later; withDatabase refuses what is left.
    await client.query('select pg_sleep(0.2)');
    expect((await client.query<{ n: number }>(sessions)).rows[0]?.n).toBe(0);
  });
});

test('more work than connections waits, and an error frees its place', async () => {
  await withDatabase('', async (url) => {
    const builders = new Builders({ url, sessionName: 'builders', limit: 2 });
    let [now, most] = [0, 0];
    const work = (fails: boolean) =>
      builders.run(async (client) => {
        now += 1;
        most = Math.max(most, now);
        await client.query('select pg_sleep(0.02)');
        now -= 1;
        if (fails) throw new Error('refused');
      });

    const done = await Promise.allSettled([true, false, true, false, false].map(work));
    await builders.end();

    expect(done.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(most).toBe(2);
  });
});
