// Rows like ours from generate_series, as people fill tables by hand.
import { onUrl } from '../databases.ts';
import type { Reference } from './reference.ts';

const ROWS_OF = (rows: number) => `
insert into public.wide (id, group_id, sender_id, body, state, created_at)
select
  gen_random_uuid(),
  1 + floor(random() * 100000)::bigint,
  1 + floor(random() * 1000000)::bigint,
  left(repeat(md5(i::text) || ' ', 12), 120 + (random() * 120)::int),
  (array['sent', 'delivered', 'read', 'failed'])[1 + floor(random() * 4)::int]::public.wide_state,
  timestamptz '2025-01-01' + i * interval '6 seconds'
from generate_series(1, ${rows}) as i`;

export const insertSelectReference: Reference = {
  name: 'INSERT ... SELECT generate_series',
  async fill({ rows }, url) {
    const startMs = performance.now();
    await onUrl(url, ROWS_OF(rows));
    return { rows, seconds: (performance.now() - startMs) / 1000 };
  },
};
