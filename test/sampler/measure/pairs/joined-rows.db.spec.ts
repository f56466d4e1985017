// The rows that two kinds of children join, on a real database: counted over the parents that no cell shows, withheld where somebody stands
// out, and met by a copy that is made from the pack alone.
import type pg from 'pg';
import { calibrate } from '../../../../spec/calibrate.ts';
import { closedCells, twoDegrees } from '../../../../spec/joined-rows.ts';
import type { Pack, PairMarginal } from '../../../../spec/pack.ts';
import { FIRST_CLASS } from '../../../../spec/pair-axis.ts';
import type { Policy } from '../../../../spec/policy.ts';
import { stepOfPairs } from '../../../../spec/sibling-pairs.ts';
import { formatSpec } from '../../../../spec/spec-text.ts';
import { withDatabase } from '../../../support/database.ts';
import { fillDatabase, readSpec } from '../../../support/pipeline.ts';
import { sampleOf } from '../sampling.ts';

const TABLES = `
create table public.people (id int primary key);
create table public.visits (id int primary key, person int not null references public.people);
create table public.orders (id int primary key, person int not null references public.people);
create table public.rooms (id int primary key);
create table public.posts (id int primary key, writer int not null references public.people, room int not null references public.rooms);
create table public.notes (id int primary key, writer int not null references public.people, room int not null references public.rooms);`;

// Who has many visits has many orders, but of the sixty with most visits those with fewest have most orders. In rooms one writer has nearly all
// posts.
const ROWS = `
insert into public.people select generate_series(1, 600);
insert into public.visits select row_number() over (), p from generate_series(1, 600) as p, generate_series(1, (3000 / (p + 8))::int) as n;
insert into public.orders select row_number() over (), p
from generate_series(1, 600) as p, generate_series(1, (2500 / (12 + case when p <= 60 then 61 - p else p end))::int) as n;
insert into public.rooms select generate_series(1, 300);
insert into public.posts
select row_number() over (), case when n % 10 = 0 then 1 + (r * 7 + n * 11) % 400 else 1 end, r
from generate_series(1, 300) as r, generate_series(1, (1200 / (r + 10))::int) as n;
insert into public.notes select row_number() over (), 1 + (r * 5 + n * 13) % 400, r
from generate_series(1, 300) as r, generate_series(1, (1200 / (r + 15))::int) as n;
analyze;`;

const POLICY: Partial<Policy> = {
  schemas: ['public'],
  subjects: ['public.people'],
  publicTables: ['public.rooms'],
  attribution: [
    { table: 'public.visits', columns: ['person'] },
    { table: 'public.orders', columns: ['person'] },
    { table: 'public.posts', columns: ['writer'] },
    { table: 'public.notes', columns: ['writer'] },
  ],
};

interface Degrees {
  readonly one: number;
  readonly two: number;
}

function pairOf(pack: Pack, first: string, second: string): PairMarginal | undefined {
  return pack.pairs.marginals.find(({ axes }) => {
    const own = twoDegrees(axes);
    const names = own?.map(({ child, columns }) => `${child}.${columns.join()}`) ?? [];
    return names.includes(first) && names.includes(second);
  });
}

/** Of the parents that no cell of the pair shows. */
async function hiddenRows(client: pg.Client, pair: PairMarginal, parents: string): Promise<number> {
  const axes = twoDegrees(pair.axes);
  if (axes === null) throw new Error('no degrees');
  const [one, two] = axes.map(({ child, columns }) => `(select count(*)::int from ${child} where ${columns[0]} = p.id)`);
  const { rows } = await client.query<Degrees>(`select ${one} as one, ${two} as two from ${parents} as p`);
  const closed = closedCells(axes, pair.cells);
  const classOf = (at: 0 | 1, degree: number) => FIRST_CLASS + axes[at].cuts.filter((cut) => cut <= degree).length;
  return rows
    .filter((each) => !closed.has(`${classOf(0, each.one)} ${classOf(1, each.two)}`))
    .reduce((sum, each) => sum + each.one * each.two, 0);
}

async function joinedRows(client: pg.Client, one: string, two: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::float8 as n from ${one} as a join ${two} as b on a.person = b.person`,
  );
  return rows[0]?.n ?? 0;
}

describe('rows of a join', () => {
  test('leave over the hidden parents, in steps, and not where few people are behind most of them', async () => {
    await withDatabase([TABLES, ROWS], async (url, client) => {
      const pack = await sampleOf(url, POLICY, { pairs: 'tree' });

      const own = pairOf(pack, 'public.visits.person', 'public.orders.person');
      const ofRooms = pairOf(pack, 'public.posts.room', 'public.notes.room');
      if (own === undefined || ofRooms === undefined) throw new Error('no pair');
      const hidden = await hiddenRows(client, own, 'public.people');
      expect(hidden).toBeGreaterThan(0);
      expect(own.joinedRows).toBe(stepOfPairs(hidden));
      expect(await hiddenRows(client, ofRooms, 'public.rooms')).toBeGreaterThan(0);
      expect(ofRooms.joinedRows).toBeUndefined();
    });
  });

  test('of one giant do not leave', async () => {
    const giant = `${ROWS}
insert into public.visits select 1000000 + n, 600 from generate_series(1, 6000) as n;
insert into public.orders select 1000000 + n, 600 from generate_series(1, 6000) as n;`;
    await withDatabase([TABLES, giant], async (url) => {
      const pack = await sampleOf(url, POLICY, { pairs: 'tree' });

      expect(pairOf(pack, 'public.visits.person', 'public.orders.person')?.joinedRows).toBeUndefined();
    });
  });

  test('are as many in a copy, which without them has others', async () => {
    await withDatabase([TABLES, ROWS], async (url, client) => {
      const pack = await sampleOf(url, POLICY, { pairs: 'tree' });
      const without = {
        ...pack,
        pairs: { ...pack.pairs, marginals: pack.pairs.marginals.map(({ joinedRows: _, ...rest }) => rest) },
      };
      const real = await joinedRows(client, 'public.visits', 'public.orders');
      const made = async (from: Pack): Promise<number> => {
        const spec = readSpec(formatSpec(calibrate(from, { name: 'test', now: new Date('2024-06-15T10:00:00Z') })));
        return withDatabase('', async (target, copy) => {
          await fillDatabase({ spec, url: target, createSql: TABLES, seed: 'a', scale: 1, workers: 1 });
          return joinedRows(copy, 'public.visits', 'public.orders');
        });
      };
      const quotient = (value: number) => Math.max(value / real, real / value);

      expect(quotient(await made(pack))).toBeLessThan(1.15);
      expect(quotient(await made(without))).toBeGreaterThan(1.15);
    });
  });
});
