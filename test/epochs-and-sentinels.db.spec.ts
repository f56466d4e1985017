// From an accepted suggestion to a copy: integer times and values that stand for NULL are measured, calibrated, generated, loaded
// and compared, on a production with hostile names whose relationships nobody declared.
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import type { Pack } from '../spec/pack.ts';
import { parseSpec } from '../spec/spec.ts';
import { createBench, type TestBench } from './cli/test-context.ts';
import { finest, marginalOf, sampleOf } from './sampler/measure/sampling.ts';
import { MESSAGES, UGLY_CHAT, UGLY_TABLES, USERS } from './sampler/suggest/ugly-chat.ts';
import { withDatabase } from './support/database.ts';

const salt = { ANONYMIZATION_SALT: '3f4f3b8369027816d959d221fcc9e730d34145b64022c07f930b03577b164b2a' };

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

async function succeed(argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, stdout, stderr } = await bench.run(argv, environment);
  if (status !== 0) throw new Error(`${argv[0]} ended with ${status}: ${stdout} ${stderr}`);
  return stdout;
}

async function countIn(client: pg.Client, condition: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::int4 as n from ${MESSAGES} where ${condition}`);
  return rows[0]?.n ?? 0;
}

test('what suggest found and a person accepted goes through to the copy', async () => {
  await withDatabase(UGLY_CHAT, async (source) => {
    await succeed(['suggest', '--source', source, '--output', 'policy.yaml']);
    await succeed(['sample', '--source', source, '--policy', 'policy.yaml', '--output', 'pack.json', '--operator', 'me'], salt);
    await succeed(['calibrate', '--pack', 'pack.json', '--output', 'spec.yaml']);
    const spec = parseSpec(fs.readFileSync(path.join(bench.folder, 'spec.yaml'), 'utf8'), 'spec.yaml');
    const columns = spec.tables[MESSAGES]?.columns;
    const references = spec.tables[MESSAGES]?.references;
    expect(columns?.createdAt).toMatchObject({ kind: 'time', epoch: 'milliseconds' });
    expect(columns?.edited_ts).toMatchObject({
      kind: 'time',
      epoch: 'seconds',
      nullAs: 0,
      nullFraction: expect.closeTo(2 / 3, 6),
    });
    expect(columns?.note).toMatchObject({ nullAs: '', nullFraction: 0.6 });
    expect(references?.replyToId).toMatchObject({ nullAs: 0, nullFraction: 0.7, isVirtual: true });

    await withDatabase(UGLY_TABLES, async (target, client) => {
      const environment = { DATABASE_URL: target };
      await succeed(['generate', '--spec', 'spec.yaml', '--workers', '1', '--seed', 'a'], environment);
      // Small hours are folded, at most into the month. The content hash and every quantile are recomputed by the server here.
      await succeed(['load'], environment);

      const total = await countIn(client, 'true');
      expect(total).toBe(6000);
      expect(await countIn(client, `"replyToId" = 0`)).toBe(4200);
      expect(await countIn(client, `"replyToId" <> 0 and "replyToId" not in (select "Id" from ${MESSAGES})`)).toBe(0);
      expect(await countIn(client, `edited_ts = 0`)).toBe(4000);
      expect(await countIn(client, `edited_ts >= 1698796800 and edited_ts < 1701388800`)).toBe(2000);
      expect(await countIn(client, `note = ''`)).toBe(3600);
      expect(await countIn(client, `"createdAt" >= 1698796800000 and "createdAt" < 1701388800000`)).toBe(6000);
      const compared = JSON.parse(await succeed(['compare', '--pack', 'pack.json', '--target', target, '--json']));
      const ours = compared.marginals.filter(
        (one: { table: string; axis: string }) => one.table === MESSAGES && /createdAt|edited_ts|note|replyToId/.test(one.axis),
      );
      expect(ours.length).toBeGreaterThanOrEqual(9);
      for (const one of ours) expect(one).toMatchObject({ totalVariation: expect.closeTo(0, 1) });
      expect(compared.missing).toEqual([]);
    });
  });
});

const POLICY = {
  epochColumns: [
    { table: MESSAGES, column: 'createdAt', unit: 'milliseconds' as const },
    { table: MESSAGES, column: 'edited_ts', unit: 'seconds' as const },
  ],
  sentinels: [
    { table: MESSAGES, column: 'replyToId', value: 0 as const },
    { table: MESSAGES, column: 'edited_ts', value: 0 as const },
    { table: MESSAGES, column: 'note', value: '' as const },
  ],
  relationships: [{ table: MESSAGES, columns: ['replyToId'], references: MESSAGES, referencedColumns: ['Id'] }],
};

describe('the sampler', () => {
  const cells = (pack: Pack, kind: string, column: string) =>
    [...finest(marginalOf(pack, MESSAGES, kind, column))].sort(([left], [right]) => left - right);

  test('measures integer times on the axes of times, exactly, and what is no time as other', async () => {
    await withDatabase(UGLY_CHAT, async (url, client) => {
      await client.query(
        `update ${MESSAGES} set "createdAt" = case "Id" when 1 then 9e18::bigint when 2 then -9e18::bigint else -1 end where "Id" <= 3`,
      );
      const pack = await sampleOf(url, POLICY, { withoutThreshold: true });

      const sql = `select floor("createdAt" / 3600000.0)::int4 as bin, count(*)::int4 as n from ${MESSAGES} where "Id" > 2 group by 1 order by 1`;
      const { rows } = await client.query<{ bin: number; n: number }>(sql);
      expect(cells(pack, 'time', 'createdAt')).toEqual(rows.map(({ bin, n }) => [bin, n]));
      expect(marginalOf(pack, MESSAGES, 'time', 'createdAt')).toMatchObject({ total: 6000, other: 2 });
      expect(cells(pack, 'resolution', 'createdAt').map(([bin]) => bin)).toEqual(expect.arrayContaining([2, 3]));
      expect(marginalOf(pack, MESSAGES, 'hourOfWeek', 'edited_ts').total).toBe(2000);
      expect(pack.marginals.filter(({ axes: [axis] }) => axis?.kind === 'number' && axis.column === 'createdAt')).toEqual([]);
      const described = pack.structure.tables.find(({ name }) => name === MESSAGES)?.columns ?? [];
      expect(described.find(({ name }) => name === 'createdAt')).toMatchObject({ epoch: 'milliseconds', nullable: false });
      expect(described.find(({ name }) => name === 'note')).toMatchObject({ sentinel: '', nullable: false });
    });
  });

  test('measures a sentinel as NULL in presence, shape and degrees', async () => {
    await withDatabase(UGLY_CHAT, async (url) => {
      const pack = await sampleOf(url, POLICY, { withoutThreshold: true });

      expect(cells(pack, 'presence', 'note')).toEqual([
        [0, 3600],
        [1, 2400],
      ]);
      expect(marginalOf(pack, MESSAGES, 'length', 'note').total).toBe(2400);
      expect(cells(pack, 'presence', 'replyToId')[0]).toEqual([0, 4200]);
      expect(cells(pack, 'degree', `${MESSAGES}(replyToId)`)).toEqual([
        [0, 4200],
        [1, 1800],
      ]);
      expect(cells(pack, 'presence', 'edited_ts')[0]).toEqual([0, 4000]);
    });
  });

  test('measures a copy by the pack in the same way', async () => {
    await withDatabase(UGLY_CHAT, async (url) => {
      const shape = await sampleOf(url, POLICY, { withoutThreshold: true });
      const again = await sampleOf(url, {}, { shape });

      const withoutLabels = ({ marginals }: Pack) => marginals.filter(({ axes: [axis] }) => axis?.kind !== 'category');
      expect(withoutLabels(again)).toEqual(withoutLabels(shape));
      expect(again.structure.tables.map(({ columns }) => columns)).toEqual(shape.structure.tables.map(({ columns }) => columns));
    });
  });

  test('refuses a policy that calls a text a time or gives a number an empty text', async () => {
    await withDatabase(UGLY_CHAT, async (url) => {
      const wrong = sampleOf(url, {
        epochColumns: [
          { table: MESSAGES, column: 'note', unit: 'seconds' },
          { table: USERS, column: 'nobody', unit: 'seconds' },
        ],
        sentinels: [
          { table: MESSAGES, column: 'stars', value: '' },
          { table: MESSAGES, column: 'note', value: 0 },
          { table: MESSAGES, column: 'note', value: '' },
        ],
      });

      const error: unknown = await wrong.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'POLICY_MISMATCH' });
      const text = String(error);
      for (const [place, words] of [
        ['epochColumns.1', 'no column nobody'],
        ['epochColumns.0', 'expected an integer'],
        ['sentinels.0', 'needs a text column'],
        ['sentinels.1', 'needs a number column'],
        ['sentinels.2', 'twice'],
      ]) {
        expect(text).toMatch(new RegExp(`${place}: .*${words}`));
      }
    });
  });
});
