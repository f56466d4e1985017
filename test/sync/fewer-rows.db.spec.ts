// The example of docs/sync.md on tables with rows: what a sample of customers brings along, and what stays behind.
import fs from 'node:fs';
import path from 'node:path';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { countChosenRows } from '../../sync/subset/ask-filters.ts';
import { withDatabase } from '../support/database.ts';

const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/sync.md'), 'utf8');
const example = /```yaml\n([^`]*public\.customer:[\s\S]*?)```/.exec(page)?.[1] ?? '';
const SETUP = `
  create table public.address (address_id int primary key, address text not null);
  create table public.customer (customer_id int primary key, address_id int not null references public.address, email text);
  create table public.rental (rental_id int primary key, customer_id int not null references public.customer, rental_date timestamptz);
  insert into public.address select i, 'x' from generate_series(1, 1000) as i;
  insert into public.customer select i, i, 'x' from generate_series(1, 1000) as i;
  insert into public.rental select i, 1 + i % 1000 from generate_series(1, 3000) as i;
  analyze`;

test('a sample of customers brings its own addresses and rentals; without `referenced` every address comes', async () => {
  await withDatabase(SETUP, async (_, client) => {
    await client.query('begin');
    const catalog = await readCatalog(client);
    const rowsBy = async (text: string) => {
      const plan = planSync(catalog, syncRulesSchema.parse(parseYamlText(text, 'rules', 'sync.md')));
      return (await countChosenRows({ client, serverMajor: 18 }, plan)).rows;
    };

    const chosen = await rowsBy(example);
    const whole = await rowsBy(example.replace('rows: referenced, ', ''));

    const customers = chosen.get('public.customer') ?? 0;
    expect(customers).toBeGreaterThan(50);
    expect(customers).toBeLessThan(200);
    expect([chosen.get('public.address'), chosen.get('public.rental')]).toEqual([customers, 3 * customers]);
    // Not counted, because the whole table comes.
    expect(whole.has('public.address')).toBe(false);
    expect(whole.get('public.customer')).toBe(customers);
  });
});
