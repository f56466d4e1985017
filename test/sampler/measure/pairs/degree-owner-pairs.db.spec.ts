// Pairs of degrees whose children belong to other people than the parents: who writes in a room is not who owns it. Each released
// cell is held against the rows themselves.
import type pg from 'pg';
import { comparePacks } from '../../../../spec/compare.ts';
import type { Pack, PairMarginal } from '../../../../spec/pack.ts';
import { coarseClass, FIRST_CLASS, namePairAxis, PAIR_LEVELS, type PairAxis } from '../../../../spec/pair-axis.ts';
import { withDatabase } from '../../../support/database.ts';
import { sampleOf } from '../sampling.ts';

const K = 20;
const LONE_KIND = 3;

// Rooms of the kinds 0 to 2 have messages of many people; all messages in rooms of kind 3 are by person 1.
// Many people have messages of form 1, but in rooms only person 1 has. Every room has members.
const ROOMS = `
create table person (id int primary key);
insert into person select generate_series(1, 400);
create table room (id int primary key, kind int not null);
insert into room select n, n % 4 from generate_series(1, 400) as n;
create table message (id int generated always as identity primary key, room_id int references room, person_id int references person, form int not null);
insert into message (room_id, person_id, form)
  select n, case n % 4 when ${LONE_KIND} then 1 else 2 + (n * 7 + i * 13) % 390 end, case n % 4 when ${LONE_KIND} then 1 when 0 then 0 else 2 end
  from generate_series(1, 400) as n, generate_series(1, 6) as i
  where n % 5 > 0 and i <= 1 + n % 4 * 2 - n / 300;
insert into message (person_id, form) select n, 1 from generate_series(1, 300) as n;
create table member (room_id int references room, person_id int references person);
insert into member select n, 1 + (n * 11 + i * 17) % 400 from generate_series(1, 400) as n, generate_series(1, 8) as i where i <= 2 + n % 4 * 2;
analyze;`;
const PRIVATE = { subjects: ['public.person'], k: K };
const PUBLIC = { ...PRIVATE, publicTables: ['public.room'] };

const MESSAGES = 'degree(public.message.room_id)';
const MEMBERS = 'degree(public.member.room_id)';
const KIND = 'number(kind)';
const FORMS = 'public.message.room_id <- number(form)';

interface Room {
  readonly kind: number;
  readonly writers: readonly number[];
  readonly members: readonly number[];
}

function findPair(pack: Pack, ...axes: string[]): PairMarginal | undefined {
  return pack.pairs.marginals.find(
    (pair) => pair.table === 'public.room' && String(pair.axes.map(namePairAxis).sort()) === String([...axes].sort()),
  );
}

function pairOf(pack: Pack, ...axes: string[]): PairMarginal {
  const found = findPair(pack, ...axes);
  if (found === undefined) throw new Error(`no pair ${axes.join(' x ')}`);
  return found;
}

async function roomsOf(client: pg.Client): Promise<Room[]> {
  const { rows } = await client.query<Room>(`
    select kind,
      array(select person_id from public.message where room_id = room.id) as writers,
      array(select person_id from public.member where room_id = room.id) as members
    from public.room`);
  return rows;
}

function valueOn(axis: PairAxis, { kind, writers, members }: Room): number {
  if (axis.kind !== 'degree') return kind;
  return axis.child === 'public.message' ? writers.length : members.length;
}

function classOn(axis: PairAxis, room: Room): number {
  const cuts = 'cuts' in axis ? axis.cuts : [];
  return FIRST_CLASS + cuts.filter((cut) => cut <= valueOn(axis, room)).length;
}

/** The rooms of each released cell, and under null those in none. */
function roomsByCell({ axes, cells }: PairMarginal, rooms: readonly Room[]): Map<string | null, Room[]> {
  const released = new Set(cells.map((cell) => cell.slice(0, -1).join(' ')));
  const placed = new Map<string | null, Room[]>();
  for (const room of rooms) {
    const places = Array.from({ length: PAIR_LEVELS }, (_, level) =>
      [level, ...axes.map((axis) => coarseClass(axis, level, classOn(axis, room)))].join(' '),
    );
    const key = places.find((place) => released.has(place)) ?? null;
    placed.set(key, [...(placed.get(key) ?? []), room]);
  }
  return placed;
}

/** Whether those who own the children are none or k, by each degree of the pair. */
function hasOwners({ axes }: PairMarginal, rooms: readonly Room[]): boolean {
  return axes.every((axis) => {
    if (axis.kind !== 'degree') return true;
    const owners = new Set(rooms.flatMap((room) => (axis.child === 'public.message' ? room.writers : room.members))).size;
    return owners === 0 || owners >= K;
  });
}

test.each([
  ['rooms that nobody owns', PRIVATE],
  ['public rooms', PUBLIC],
])('%s: no cell of a pair has children of fewer than k people', async (_, policy) => {
  await withDatabase(ROOMS, async (url, client) => {
    const pack = await sampleOf(url, policy, { pairs: 'all' });
    const rooms = await roomsOf(client);

    for (const axes of [
      [MESSAGES, KIND],
      [MEMBERS, KIND],
      [MESSAGES, MEMBERS],
    ]) {
      const pair = pairOf(pack, ...axes);
      const placed = roomsByCell(pair, rooms);
      expect(pair.total).toBe(rooms.length);
      for (const [level, one, two, count] of pair.cells) {
        const inside = placed.get(`${level} ${one} ${two}`) ?? [];
        expect(inside).toHaveLength(count ?? -1);
        expect(hasOwners(pair, inside)).toBe(true);
      }
      expect(placed.get(null)?.length ?? 0).toBe(pair.other);
      expect(hasOwners(pair, placed.get(null) ?? [])).toBe(true);
    }
  });
});

test('one person owns all children of a class of parents: the class is in no cell of its own', async () => {
  await withDatabase(ROOMS, async (url, client) => {
    const pack = await sampleOf(url, PRIVATE, { pairs: 'all' });
    const exact = await sampleOf(url, PRIVATE, { pairs: 'all', withoutThreshold: true });
    const rooms = await roomsOf(client);
    const lonely = (pair: PairMarginal) =>
      [...roomsByCell(pair, rooms)].filter(
        ([key, inside]) => key !== null && inside.every(({ kind, writers }) => kind === LONE_KIND && writers.length > 0),
      );

    expect(lonely(pairOf(pack, MESSAGES, KIND))).toEqual([]);
    expect(lonely(pairOf(exact, MESSAGES, KIND)).length).toBeGreaterThan(0);
    // Other kinds have cells, and so have the members of this one, who are many.
    expect(pairOf(pack, MESSAGES, KIND).cells.filter(([level]) => level === 0).length).toBeGreaterThan(3);
    const lastKind = pairOf(pack, MEMBERS, KIND).cells.filter(([level, one, two]) => level === 0 && (one === 5 || two === 5));
    expect(lastKind.length).toBeGreaterThan(0);
  });
});

test('degree per class of the children: a class that one person alone has is in no cell of its own', async () => {
  await withDatabase(ROOMS, async (url) => {
    const classes = ({ axes, cells }: PairMarginal) => {
      const at = axes.findIndex((axis) => 'ofChild' in axis);
      return new Set(cells.flatMap((cell) => (cell[0] === 0 ? [cell[1 + at]] : []))).size;
    };
    const pack = await sampleOf(url, PRIVATE, { pairs: 'all' });
    const exact = await sampleOf(url, PRIVATE, { pairs: 'all', withoutThreshold: true });

    expect(classes(pairOf(exact, MESSAGES, FORMS))).toBe(3);
    expect(classes(pairOf(pack, MESSAGES, FORMS))).toBe(2);
  });
});

test('the degree of a few writers is in no pair, and neither is that of none', async () => {
  for (const few of [
    'delete from public.message where room_id is not null',
    'delete from public.message where room_id is not null and person_id <> 1',
  ]) {
    await withDatabase([ROOMS, few], async (url) => {
      const pack = await sampleOf(url, PUBLIC, { pairs: 'all' });

      expect(pack.pairs.marginals.filter(({ axes }) => axes.some((axis) => namePairAxis(axis) === MESSAGES))).toEqual([]);
      expect(findPair(pack, MEMBERS, KIND)).toBeDefined();
    });
  }
});

test('a copy is measured on the same pairs and compares as equal', async () => {
  await withDatabase(ROOMS, async (url) => {
    const pack = await sampleOf(url, PRIVATE);
    const compared = comparePacks(pack, await sampleOf(url, {}, { shape: pack }));

    expect(pairOf(pack, MESSAGES, KIND).cells.length).toBeGreaterThan(0);
    expect(compared.pairTables.every(({ missing }) => missing === 0)).toBe(true);
    const told = compared.pairs.filter(({ axis }) => axis.includes('degree'));
    expect(told.length).toBeGreaterThan(2);
    expect(Math.max(...told.map(({ totalVariation }) => totalVariation))).toBeLessThan(0.02);
  });
});
