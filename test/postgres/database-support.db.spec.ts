import { connect } from '../../postgres/connect.ts';
import { withDatabase } from '../support/database.ts';

describe('withDatabase', () => {
  test('gives each test a fresh copy of what the setup made', async () => {
    const setup = 'create table numbers (n int); insert into numbers values (1), (2)';
    const count = async () =>
      withDatabase(setup, async (_url, client) => {
        const result = await client.query('delete from public.numbers');
        return result.rowCount;
      });

    expect([await count(), await count()]).toEqual([2, 2]);
  });

  test('fails a test that leaves a connection open', async () => {
    const leak = withDatabase('', async (url) => {
      await connect(url, { applicationName: 'forgotten' });
    });

    await expect(leak).rejects.toThrow('the test left connections open: forgotten');
  });
});
