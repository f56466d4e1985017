// Exclusion constraints and triggers of the target are told before the first row.
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const spec = `
format: shapecast-spec
version: 1
name: server-rules
bands: { dev: { scale: 1 } }
tables:
  booking:
    rows: { count: 500 }
    columns:
      id: { kind: sequence }
      room: { kind: number, distribution: { family: uniform, min: 1, max: 1000 } }
`;

const plain = 'create table public.booking (id int not null, room int not null)';
const partitioned = `${plain} partition by range (id);
create table public.early partition of public.booking for values from (minvalue) to (100);
create table public.late partition of public.booking for values from (100) to (maxvalue)`;
const touch = `create function public.touch() returns trigger language plpgsql as 'begin return new; end'`;

const triggers = `${touch};
create trigger "before one" before insert on public.booking for each row execute function public.touch();
create trigger after_all after insert or delete on public.booking for each statement execute function public.touch();
create trigger other after update on public.booking for each row execute function public.touch();
create trigger silent before insert on public.booking for each row execute function public.touch();
alter table public.booking disable trigger silent;`;

function optionsFor(url: string, createSql: string, rest: Partial<GenerateOptions> = {}): GenerateOptions {
  const target = { kind: 'postgres', url } as const;
  return { spec: parseSpec(spec, 's'), band: 'dev', seed: 's', target, createSql, workers: 1, operator: 'test', ...rest };
}

async function refusalOf(sql: string, rest: Partial<GenerateOptions> = {}): Promise<unknown> {
  return withDatabase(sql, (url) =>
    planOnly(optionsFor(url, sql, rest)).then(
      () => null,
      (reason: unknown) => reason,
    ),
  );
}

test.each([
  [
    'a table',
    `${plain}; alter table public.booking add constraint one_at_a_time exclude using gist (int4range(room, room + 1) with &&)`,
  ],
  [
    'a partition',
    `${partitioned}; alter table public.late add constraint one_at_a_time exclude using gist (int4range(room, room + 1) with &&)`,
  ],
])('an exclusion constraint of %s is refused by name, but for a single row', async (_, sql) => {
  const error = await refusalOf(sql);

  expect(error).toMatchObject({ code: 'PLAN_IMPOSSIBLE' });
  expect(String(error)).toContain('tables.public.booking.exclusions.one_at_a_time: ');
  expect(await refusalOf(sql, { rows: new Map([['public.booking', 1]]) })).toBeNull();
});

test.each([
  ['a table', `${plain}; ${triggers}`],
  ['a partitioned table', `${partitioned}; ${triggers}`],
])(
  'the triggers of %s that fire on INSERT are named once, those that do not are not, and the rows are loaded',
  async (_, sql) => {
    await withDatabase('', async (url, client) => {
      const lines: string[] = [];

      await generate(optionsFor(url, sql, { warn: (line) => lines.push(line) }));

      const told = lines.filter((line) => line.includes('fire for the rows'));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('the triggers after_all, before one will fire');
      expect((await client.query('select count(*)::int4 as n from public.booking')).rows).toEqual([{ n: 500 }]);
    });
  },
);
