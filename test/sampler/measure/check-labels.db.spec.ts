// Labels that a CHECK lists, from a real table to the spec: in clear, with the rare ones hidden, and none of them in a statement.
import { listStatements } from '../../../sampler/sample.ts';
import { calibrate } from '../../../spec/calibrate.ts';
import { withDatabase } from '../../support/database.ts';
import { finest, marginalOf, sampleOf, sampleOptions, TUNING } from './sampling.ts';

const sql = `
create type public.mood as enum ('sad', 'ok');
create domain public.mood_of_day as public.mood;
create table public.t (id int primary key, status text check (status in ('open', 'closed', 'lost', 'rare')), mood public.mood_of_day);
insert into public.t select i, case when i <= 3 then 'rare' when i % 3 = 0 then 'closed' else 'open' end, 'ok' from generate_series(1, 600) as i;
analyze;`;

test('labels that a check lists are measured in clear, and a domain over an enum as the enum', async () => {
  await withDatabase(sql, async (url) => {
    const pack = await sampleOf(url);
    const status = marginalOf(pack, 'public.t', 'category', 'status');
    const mood = marginalOf(pack, 'public.t', 'category', 'mood');

    expect(status.axes[0]).toMatchObject({
      labels: [{ label: 'open' }, { label: 'closed' }, { label: 'lost' }, { label: 'rare' }],
    });
    expect([...finest(status).keys()].sort()).toEqual([0, 1]);
    expect(mood.axes[0]).toMatchObject({ labels: [{ label: 'sad' }, { label: 'ok' }] });
    expect([...finest(mood).keys()]).toEqual([1]);
    expect(JSON.stringify(await listStatements(sampleOptions(url), TUNING))).not.toMatch(/lost|rare/);
    const column = JSON.stringify(calibrate(pack, { name: 't', now: new Date('2024-06-15T10:00:00Z') }));
    for (const label of ['open', 'closed', 'lost', 'rare']) expect(column).toContain(`"label":"${label}"`);
  });
});
