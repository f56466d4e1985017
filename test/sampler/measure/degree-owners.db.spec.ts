// Every published degree against the rows themselves: who owns the children of the parents in the cell, and who the parents.
// Schemas, policies and rows are drawn from seeds; owners are few and their shares uneven, so that one person often has much.
import type pg from 'pg';
import { formatTableKey } from '../../../core/identifiers.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { type Attribution, attributeTables } from '../../../sampler/introspect/attribution.ts';
import { describeSource, type Reference, type Source } from '../../../sampler/introspect/source.ts';
import { binningOf } from '../../../spec/axis.ts';
import type { CountingUnit, Marginal } from '../../../spec/pack.ts';
import { type Policy, policySchema } from '../../../spec/policy.ts';
import { rangeOf } from '../../../stats/binning.ts';
import { withDatabase } from '../../support/database.ts';
import { marginalOf, sampleOf } from './sampling.ts';

const K = 10;
const ROUNDS = 40;

/** Whole numbers from 0 to below n; `skew` above 1 prefers small ones. */
type Draw = (n: number, skew?: number) => number;

function drawFrom(seed: number): Draw {
  let state = (seed * 2_654_435_761) >>> 0;
  return (n, skew = 1) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 13), 3_266_489_917) >>> 0;
    return Math.floor(n * (mixed / 2 ** 32) ** skew);
  };
}

interface MadeTable {
  readonly name: string;
  /** The column up<i> refers to the table of that number. */
  readonly parents: readonly number[];
  readonly isPublic: boolean;
  /** Row i has id i + 1; keys in the order of `parents`. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** Table 0 has the people; each other one refers to one to three tables before it, or to itself. */
function makeTables(draw: Draw): MadeTable[] {
  const tables: MadeTable[] = [{ name: 'person', parents: [], isPublic: false, rows: rowsOf([], 8 + draw(120), draw, []) }];
  const count = 3 + draw(3);
  for (let at = 1; at <= count; at++) {
    const parents = Array.from({ length: 1 + draw(3) }, () => draw(at + 1));
    const size = 5 + draw(at > 2 ? 900 : 250, 2);
    const sizes = parents.map((parent) => tables[parent]?.rows.length ?? size);
    tables.push({ name: `made${at}`, parents, isPublic: draw(5) < 2, rows: rowsOf(parents, size, draw, sizes) });
  }
  return tables;
}

function rowsOf(parents: readonly number[], size: number, draw: Draw, sizes: readonly number[]): (number | null)[][] {
  const skews = parents.map(() => 1 + draw(6));
  const nulls = parents.map(() => draw(2) * draw(40));
  return Array.from({ length: size }, () =>
    parents.map((_, at) => (draw(100) < (nulls[at] ?? 0) ? null : 1 + draw(sizes[at] ?? 1, skews[at]))),
  );
}

async function createTables(client: pg.Client, tables: readonly MadeTable[]): Promise<void> {
  await client.query('drop schema public cascade');
  await client.query('create schema public');
  for (const { name, parents, rows } of tables) {
    const keys = parents.map((parent, at) => `up${at} int references public.${tables[parent]?.name}`);
    await client.query(`create table public.${name} (${['id int primary key', ...keys].join(', ')})`);
    const lists = [rows.map((_, row) => row + 1), ...parents.map((_, at) => rows.map((keysOf) => keysOf[at] ?? null))];
    const parameters = lists.map((_, at) => `$${at + 1}::int[]`).join(', ');
    await client.query(`insert into public.${name} select * from unnest(${parameters})`, lists);
  }
}

interface Made {
  readonly tables: readonly MadeTable[];
  readonly source: Source;
  readonly attribution: Attribution;
}

function tableOf({ tables }: Made, key: string): MadeTable {
  const found = tables.find(({ name }) => formatTableKey({ schema: 'public', name }) === key);
  if (found === undefined) throw new Error(`no table ${key}`);
  return found;
}

/** The id that the row's key holds. */
function keyOf(made: Made, { child, columns }: Reference, id: number): number | null {
  return tableOf(made, child).rows[id - 1]?.[Number(columns[0]?.slice(2))] ?? null;
}

/** Who stands behind the row; null in public tables. */
function unitOf(made: Made, table: string, id: number): string | null {
  const owner = made.attribution.owners.get(table);
  if (owner === undefined || owner.unit === 'public') return null;
  const self = `row ${id} of ${table}`;
  let at: number | null = id;
  for (const reference of owner.path) if (at !== null) at = keyOf(made, reference, at);
  return owner.path.length === 0 ? self : at === null ? self : `person ${at}`;
}

interface Parent {
  readonly degree: number;
  /** null where parents do not count. */
  readonly unit: string | null;
  /** Empty where children do not count. */
  readonly childUnits: readonly string[];
}

function childUnit({ attribution }: Made, { child }: Reference): CountingUnit | undefined {
  return attribution.owners.get(child)?.unit;
}

/** Children that get their owner from this very parent add nobody; children without an owner count as their parents do. */
function countsOwners(made: Made, reference: Reference): boolean {
  return childUnit(made, reference) === 'subject' && made.attribution.owners.get(reference.child)?.path[0] !== reference;
}

function parentsOf(made: Made, reference: Reference): Parent[] {
  const children = new Map<number, number[]>();
  tableOf(made, reference.child).rows.forEach((_, row) => {
    const key = keyOf(made, reference, row + 1);
    if (key !== null) children.set(key, [...(children.get(key) ?? []), row + 1]);
  });
  return tableOf(made, reference.parent).rows.map((_, row) => {
    const own = children.get(row + 1) ?? [];
    const childUnits = countsOwners(made, reference) ? own.map((child) => unitOf(made, reference.child, child) ?? '') : [];
    const parentUnit = unitOf(made, reference.parent, row + 1);
    return {
      degree: own.length,
      unit: childUnit(made, reference) === 'row' ? (parentUnit ?? `row ${row + 1}`) : parentUnit,
      childUnits,
    };
  });
}

/** The parents of each cell, finest first, and those that are in none. */
function assignParents(marginal: Marginal, parents: readonly Parent[]): { cells: Parent[][]; outside: Parent[] } {
  const [axis] = marginal.axes;
  if (axis === undefined) throw new Error('a marginal without an axis');
  let outside = [...parents];
  const cells = marginal.cells.map(([level = 0, bin = 0]) => {
    const { from, to } = rangeOf(binningOf(axis), level, bin);
    const inside = outside.filter(({ degree }) => degree >= from && degree < to);
    outside = outside.filter((parent) => !inside.includes(parent));
    return inside;
  });
  return { cells, outside };
}

/** Fewest units of the kinds that must be k; Infinity where none is asked for. */
function evidence(parents: readonly Parent[]): number {
  const counts = [parents.flatMap(({ unit }) => unit ?? []), parents.flatMap(({ childUnits }) => childUnits)]
    .filter((units) => units.length > 0)
    .map((units) => new Set(units).size);
  return Math.min(...counts, Number.POSITIVE_INFINITY);
}

interface Judged {
  /** Units behind each published number, where they are too few. */
  readonly short: readonly number[];
  /** Cases that it reached. */
  readonly seen: readonly string[];
}

function judge(made: Made, reference: Reference, marginal: Marginal): Judged {
  const parents = parentsOf(made, reference);
  const { cells, outside } = assignParents(marginal, parents);
  const owners = new Set(parents.flatMap(({ childUnits }) => childUnits)).size;
  const isAsNone = owners < K && marginal.cells.length === 1 && marginal.cells[0]?.join() === `0,0,${parents.length}`;
  const withoutChildren = parents.map((parent) => ({ ...parent, childUnits: [] }));
  const published = isAsNone ? [withoutChildren] : [...cells, ...(marginal.other > 0 ? [outside] : [])];
  const isPublic = made.attribution.owners.get(reference.parent)?.unit === 'public';
  const isOwned = isPublic && countsOwners(made, reference);
  if (marginal.total !== 0 && marginal.total !== parents.length) throw new Error('parents are missing');
  const seen = {
    severalCells: cells.length > 1,
    withheld: marginal.total === 0,
    onePublicParent: isOwned && cells.some((inside) => inside.length === 1),
    foldedPublicParents: isOwned && outside.length > 0,
    privateParentsOfOthersChildren: !isPublic && countsOwners(made, reference) && cells.length > 1,
  };
  return {
    short: published.map(evidence).filter((units) => units < K),
    seen: Object.entries(seen).flatMap(([name, isSeen]) => (isSeen ? [name] : [])),
  };
}

async function makeDatabase(client: pg.Client, seed: number): Promise<Made & { policy: Policy }> {
  const tables = makeTables(drawFrom(seed));
  await createTables(client, tables);
  const publicTables = tables.flatMap(({ name, isPublic }) => (isPublic ? [`public.${name}`] : []));
  const policy = policySchema.parse({ subjects: ['public.person'], publicTables, k: K });
  const source = describeSource(await readCatalog(client), policy);
  return { tables, source, policy, attribution: attributeTables(source, policy) };
}

test('no published degree stands on fewer than k owners of children, or k parents where the parents are private', async () => {
  const seen: string[] = [];
  await withDatabase('select', async (url, client) => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const made = await makeDatabase(client, seed);
      const pack = await sampleOf(url, made.policy);
      for (const reference of made.source.tables.flatMap(({ references }) => references)) {
        const over = `${reference.child}(${reference.columns.join(', ')})`;
        const judged = judge(made, reference, marginalOf(pack, reference.parent, 'degree', over));
        const where = `seed ${seed}, ${reference.parent} by ${over}`;
        expect({ where, short: judged.short }).toEqual({ where, short: [] });
        seen.push(...judged.seen);
      }
    }
  });
  // The seeds reach the cases that matter.
  expect([...new Set(seen)].sort()).toEqual([
    'foldedPublicParents',
    'onePublicParent',
    'privateParentsOfOthersChildren',
    'severalCells',
    'withheld',
  ]);
}, 240_000);

describe('a public room of private messages', () => {
  // Rooms 1 to 40: one message each, all by person 1. Room 41: 300 messages of person 2. Room 42: one of each of 200 people.
  // Rooms 43 to 80: five messages each of many. The others are empty.
  const ROOMS = `
create table person (id int primary key);
insert into person select generate_series(1, 400);
create table room (id int primary key);
insert into room select generate_series(1, 100);
create table message (id int generated always as identity primary key, room_id int references room, person_id int references person);
insert into message (room_id, person_id) select r, 1 from generate_series(1, 40) as r;
insert into message (room_id, person_id) select 41, 2 from generate_series(1, 300);
insert into message (room_id, person_id) select 42, 200 + p from generate_series(1, 200) as p;
insert into message (room_id, person_id) select r, 10 + r * 4 + m from generate_series(43, 80) as r, generate_series(1, 5) as m;
analyze;`;
  const policy = { subjects: ['public.person'], publicTables: ['public.room'] };

  test('shows a room that many write in, and neither the rooms nor the room of one person', async () => {
    await withDatabase(ROOMS, async (url) => {
      const marginal = marginalOf(await sampleOf(url, policy), 'public.room', 'degree', 'public.message(room_id)');

      const bins = marginal.cells.filter(([level]) => level === 0).map(([, bin, count]) => [bin, count]);
      // The 40 rooms of person 1 and the one of person 2 are counted in the cells next to them.
      expect(bins).toEqual([
        [0, expect.any(Number)],
        [5, expect.any(Number)],
        [200, expect.any(Number)],
      ]);
      expect(marginal).toMatchObject({ total: 100, other: 0 });
    });
  });

  test('reads the same with a few writers as with none', async () => {
    const room = async (sql: string) =>
      withDatabase([ROOMS, sql], async (url) =>
        marginalOf(await sampleOf(url, policy), 'public.room', 'degree', 'public.message(room_id)'),
      );

    const none = await room('delete from message');
    const few = await room('delete from message where person_id > 5');

    expect(few).toEqual(none);
    expect(none.cells).toEqual([[0, 0, 100]]);
  });

  test('counts rooms, not writers, where messages have no owner', async () => {
    await withDatabase(ROOMS, async (url) => {
      const pack = await sampleOf(url, { publicTables: ['public.room'] });
      const marginal = marginalOf(pack, 'public.room', 'degree', 'public.message(room_id)');

      expect(marginal.cells).toEqual([
        [0, 0, 20],
        [0, 1, 40],
        // Rooms 41 and 42 are too few, even together.
        [0, 5, 40],
      ]);
    });
  });

  test('is measured exactly without a threshold, and where the messages are public', async () => {
    await withDatabase(ROOMS, async (url) => {
      const exact = await sampleOf(url, policy, { withoutThreshold: true });
      const open = await sampleOf(url, { ...policy, publicTables: ['public.room', 'public.message'] });

      for (const pack of [exact, open]) {
        expect(marginalOf(pack, 'public.room', 'degree', 'public.message(room_id)').cells.map(([, , count]) => count)).toEqual([
          20, 40, 38, 1, 1,
        ]);
      }
    });
  });
});
