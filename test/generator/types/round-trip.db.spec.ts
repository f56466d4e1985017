// Every type in and out of a real server: text and binary COPY give one table, and the server's content hash is ours.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { hashedColumns } from '../../../generator/table-kernel.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { hashTableInDatabase } from '../../../postgres/content-hash.ts';
import { BINARY_HEADER, BINARY_TRAILER } from '../../../postgres/encode-binary.ts';
import type { Plan } from '../../../spec/plan.ts';
import { withDatabase } from '../../support/database.ts';
import { arrayColumns, binaryColumns, encode, MOOD_SQL, planOf, ROWS, tableSql } from './type-table.ts';

async function copyIn(client: pg.Client, plan: Plan, table: string, format: 'binary' | 'text'): Promise<string> {
  const { rows, hash } = encode(plan, format);
  const stream = client.query(copyFrom(`copy public.${table} from stdin with (format ${format})`));
  stream.end(format === 'binary' ? Buffer.concat([BINARY_HEADER, rows, BINARY_TRAILER]) : rows);
  await finished(stream);
  return hash;
}

async function hashOf(client: pg.Client, plan: Plan, name: string): Promise<string> {
  const [table] = plan.tables;
  return hashTableInDatabase(client, { schema: 'public', name }, table === undefined ? [] : hashedColumns(table));
}

test('a table of all types is the same by text and by binary COPY, and hashes in the server as here', async () => {
  await withDatabase([tableSql(binaryColumns), tableSql(binaryColumns, 'other')], async (_url, client) => {
    const plan = planOf(await readCatalog(client), binaryColumns);

    const binaryHash = await copyIn(client, plan, 't', 'binary');
    const textHash = await copyIn(client, plan, 'other', 'text');

    expect(plan.tables[0]?.format).toBe('binary');
    expect(textHash).toBe(binaryHash);
    expect(await hashOf(client, plan, 't')).toBe(binaryHash);
    expect(await hashOf(client, plan, 'other')).toBe(binaryHash);
    const different = await client.query(
      `select * from public.t join public.other using (id) where row(t.*)::text <> row(other.*)::text`,
    );
    expect(different.rowCount).toBe(0);
    const facts = await client.query(`
      select count(*)::int as rows,
             count(distinct ubin)::int as "differentBytes",
             bool_and(octet_length(ubin) = 3) as "bytesOfOneLength",
             bool_and(length(ulid) = 26 and length(cuid) = 25 and length(pin) = 3) as "idsOfOneLength",
             bool_and(substr(u7::text, 15, 1) = '7' and substr(u4::text, 15, 1) = '4') as "versions",
             array_agg(id order by u7) = array_agg(id order by id) as "uuidsAscend",
             array_agg(id order by ulid) = array_agg(id order by id) as "ulidsAscend",
             bool_and(thousands % 1000 = 0) as "wholeThousands",
             count(distinct thousands) > 300 as "manyThousands",
             bool_and(jsonb_typeof(jsb) is not null or jsb is null) as "isJson",
             max(length(nm::text)) as "longestName"
      from public.t`);
    expect(facts.rows[0]).toEqual({
      rows: ROWS,
      differentBytes: ROWS,
      bytesOfOneLength: true,
      idsOfOneLength: true,
      versions: true,
      uuidsAscend: true,
      ulidsAscend: true,
      wholeThousands: true,
      manyThousands: true,
      isJson: true,
      longestName: 63,
    });
  });
});

test('arrays go as text, read back as they were spelled, and hash in the server as here', async () => {
  await withDatabase([MOOD_SQL, tableSql(arrayColumns)], async (_url, client) => {
    const plan = planOf(await readCatalog(client), arrayColumns);

    const hash = await copyIn(client, plan, 't', 'text');

    expect(plan.tables[0]?.format).toBe('text');
    expect(await hashOf(client, plan, 't')).toBe(hash);
    const { rows } = await client.query(`
      select max(cardinality(ints)) as longest, min(cardinality(words)) as shortest, count(*) filter (where ints is null)::int as nulls,
             count(*) filter (where 'null' = any (moods)) > 0 as "nullIsALabel", bool_or(array_position(words, null) is not null) as "hasNulls"
      from public.t`);
    expect(rows[0]).toEqual({ longest: 5, shortest: 0, nulls: ROWS / 10, nullIsALabel: true, hasNulls: false });
  });
});
