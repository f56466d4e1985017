import { packIntegers } from '../../../core/packed-integers.ts';
import { ColumnKernels } from '../../../generator/columns/column-kernels.ts';
import { Parents } from '../../../generator/keys/parents.ts';
import { ProfileRows } from '../../../generator/profiles/profile-rows.ts';
import type { Plan, PlanAfter, PlanBuilder, PlanColumn, PlanRanks, PlanTable } from '../../../spec/plan.ts';
import { curveOf, drawFrom, placesOf, profileRanks, referenceOf, upTo } from './made-profiles.ts';

const BUG = expect.objectContaining({ code: 'BUG' });
const DAY = 86_400_000_000;
const HOUR = 3_600_000_000;
const SECOND = 1_000_000;
/** 1999-12-31 in hours since 1970: half of the parents' times are before 2000, where microseconds are below 0. */
const FIRST_HOUR = 262_944;
const EPOCH_US = 946_684_800 * SECOND;
const PARENTS = 60;
const CHILDREN = 600;
const NO_PARENT = 50;
const PROFILES = 200;

type Time = PlanBuilder & { kind: 'time' };

function time(rows: number, rest: Partial<Time> = {}): Time {
  return {
    kind: 'time',
    histogram: { from: [FIRST_HOUR, FIRST_HOUR + 24], width: [1, 1], cumulative: [0, Math.floor(rows / 2), rows] },
    profile: upTo(7).map(() => upTo(25).map((hour) => Math.floor((hour * 65_536) / 24))),
    unitUs: 1,
    key: [11, 12],
    isUnique: false,
    epoch: null,
    ...rest,
  };
}

function column(name: string, builder: PlanBuilder, ranks: PlanRanks, rest: Partial<PlanColumn> = {}): PlanColumn {
  return { name, baseType: 'timestamptz', decimals: 0, shownDecimals: 0, ranks, builder, nullAs: null, below: [], ...rest };
}

function table(name: string, rows: number, rest: Partial<PlanTable>): PlanTable {
  return {
    name,
    schema: 'public',
    relation: name,
    rows,
    format: 'binary',
    chunkBlocks: 1,
    references: [],
    domains: [],
    pairs: [],
    partitions: null,
    columns: [],
    ...rest,
  };
}

const shuffled = (nulls: number): PlanRanks => ({ order: 'shuffled', key: [21, 22], nulls });

/** Parents with a time (five of them NULL) and children with one after it, both of the given kind. */
function planOf(
  after: PlanAfter,
  child: Partial<Time> = {},
  types: { parent?: string; child?: string; epoch?: Time['epoch'] } = {},
): Plan {
  const draw = drawFrom(4);
  const unitUs = types.parent === 'date' ? DAY : types.epoch === 'seconds' ? SECOND : 1;
  const profiles = { count: PROFILES, key: [1, 2] as const };
  const children = { rows: CHILDREN, profiles };
  const reference = referenceOf({
    ranks: profileRanks(children, NO_PARENT, draw),
    curve: curveOf(degrees()),
    parentKey: [3, 4],
    parentProfiles: { places: placesOf(20, draw), line: placesOf(20, draw) },
  });
  const parentTime = time(PARENTS - 5, { epoch: types.epoch ?? null, unitUs });
  const own = time(CHILDREN - 20, { ...child, after });
  return {
    format: 'shapecast-plan',
    version: 1,
    algorithm: 2,
    seed: 'a',
    textKey: [1, 2],
    tables: [
      table('parents', PARENTS, {
        profiles: { count: 20, key: [5, 6] },
        columns: [column('at', parentTime, shuffled(5), { baseType: types.parent ?? 'timestamptz' })],
      }),
      table('children', CHILDREN, {
        profiles,
        references: [reference],
        columns: [column('at', own, profileRanks(children, 20, draw), { baseType: types.child ?? 'timestamptz' })],
      }),
    ],
  };
}

function degrees(): number[] {
  const each = Math.floor((CHILDREN - NO_PARENT) / (PARENTS - 30));
  const left = CHILDREN - NO_PARENT - each * (PARENTS - 30);
  return upTo(PARENTS).map((index) => (index < 30 ? 0 : index < PARENTS - 1 ? each : each + left));
}

/** Lag classes of the profiles in turn: none, before the parent by up to an hour, after it by a day or two. */
const classes = upTo(PROFILES).map((profile) => profile % 3);
const from = [-HOUR, DAY];
const to = [0, 2 * DAY];
/** All hours alike. */
const even = upTo(7).map(() => upTo(25).map((hour) => Math.floor((hour * 65_536) / 24)));
const lag = { reference: 0, column: 'at', classes: packIntegers(classes), from, to, busy: even, key: [31, 32] as const };

interface Row {
  readonly lagClass: number;
  /** NaN for NULL, in the column's unit. */
  readonly at: number;
  readonly own: number;
  readonly parent: number;
}

function rowsOf(plan: Plan): Row[] {
  const kernels = new ColumnKernels(plan, new Parents(plan), Buffer.alloc(1));
  const without = { ...plan, tables: plan.tables.map((one) => ({ ...one, columns: one.columns.map(withoutAfter) })) };
  const ownKernels = new ColumnKernels(without, new Parents(without), Buffer.alloc(1));
  const source = new Parents(plan).source(1, 0);
  const profiled = new ProfileRows(plan.tables[1] as PlanTable);
  const cellOf = (from: ColumnKernels, of: number, row: number) => {
    const kernel = from.kernel(of, 'at');
    return kernel.kind === 'number' && row >= 0 ? kernel.at(row) : Number.NaN;
  };
  return upTo(CHILDREN).map((row) => ({
    lagClass: classes[profiled.profileOf(row)] as number,
    at: cellOf(kernels, 1, row),
    own: cellOf(ownKernels, 1, row),
    parent: cellOf(kernels, 0, source.parentOf(row)),
  }));
}

function withoutAfter(one: PlanColumn): PlanColumn {
  if (one.builder.kind !== 'time') return one;
  const { after: _, ...builder } = one.builder;
  return { ...one, builder };
}

describe('times after those of parents', () => {
  test('are in the lag class of their profile; without a class or a parent they are their own, and NULL stays NULL', () => {
    const rows = rowsOf(planOf({ lag, notBefore: [] }));

    const isRight = ({ lagClass, at, own, parent }: Row) => {
      if (Number.isNaN(own)) return Number.isNaN(at);
      if (lagClass === 0 || Number.isNaN(parent)) return at === own;
      const distance = at - parent;
      return distance >= (from[lagClass - 1] as number) && distance < (to[lagClass - 1] as number);
    };

    expect(rows.every(isRight)).toBe(true);
    expect(rows.filter(({ own }) => Number.isNaN(own)).length).toBe(20);
    const lagged = rows.filter(({ lagClass, own, parent }) => lagClass === 2 && !Number.isNaN(own + parent));
    expect(lagged.length).toBeGreaterThan(100);
    expect(new Set(lagged.map(({ at, parent }) => at - parent)).size).toBe(lagged.length);
    const fallen = rows.filter(({ lagClass, own, parent }) => lagClass > 0 && Number.isNaN(parent) && !Number.isNaN(own));
    expect(fallen.length).toBeGreaterThan(NO_PARENT / 3);
  });

  test('are never before a parent that they must not be before, in the coarser unit of the column', () => {
    const notBefore = [{ reference: 0, column: 'at' }];
    for (const after of [
      { lag, notBefore },
      { lag: null, notBefore },
    ]) {
      const rows = rowsOf(planOf(after, { unitUs: SECOND }));
      const set = rows.filter(({ at, parent }) => !Number.isNaN(at + parent));

      expect(set.length).toBeGreaterThan(400);
      expect(set.every(({ at, parent }) => at >= parent && at % SECOND === 0)).toBe(true);
      // Many were before it, and now are as early as they may be.
      expect(set.filter(({ at, parent }) => at - parent < SECOND).length).toBeGreaterThan(50);
      expect(rows.every(({ at, own }) => Number.isNaN(at) === Number.isNaN(own))).toBe(true);
    }
  });

  test('that are their own go to the same hour of a later day while there are such days, else to the time of the parent', () => {
    const notBefore = [{ reference: 0, column: 'at' }];
    const end = (FIRST_HOUR + 25) * HOUR - EPOCH_US;
    const rows = rowsOf(planOf({ lag: null, notBefore })).filter(({ own }) => !Number.isNaN(own));
    const early = rows.filter(({ own, parent }) => parent > own);
    const nextDay = ({ own, parent }: Row) => own + Math.ceil((parent - own) / DAY) * DAY;

    expect(rows.filter((row) => !early.includes(row)).every(({ at, own }) => at === own)).toBe(true);
    expect(early.every((row) => row.at === (nextDay(row) < end ? nextDay(row) : row.parent))).toBe(true);
    expect(early.filter((row) => nextDay(row) < end).length).toBeGreaterThan(10);
    expect(early.filter((row) => nextDay(row) >= end).length).toBeGreaterThan(10);
  });

  test.each([
    ['timestamptz', 'date', undefined],
    ['date', 'timestamptz', undefined],
    ['date', 'date', undefined],
    ['int8', 'timestamptz', 'seconds'],
    ['int8', 'date', 'seconds'],
  ] as const)('of %s parents in a %s column keep the unit of the column', (parent, child, epoch) => {
    const unitUs = child === 'date' ? DAY : 1;
    const plan = planOf(
      { lag, notBefore: [{ reference: 0, column: 'at' }] },
      { unitUs },
      { parent, child, epoch: epoch ?? null },
    );
    const rows = rowsOf(plan).filter(({ at, parent: since }) => !Number.isNaN(at + since));
    const parentUs = ({ parent: since }: Row) =>
      epoch === 'seconds' ? since * SECOND - EPOCH_US : parent === 'date' ? since * DAY : since;
    const ownUs = ({ at }: Row) => (child === 'date' ? at * DAY : at);

    expect(rows.length).toBeGreaterThan(400);
    expect(rows.every((row) => Number.isInteger(row.at) && !Object.is(row.at, -0) && ownUs(row) >= parentUs(row))).toBe(true);
    const lagged = rows.filter(({ lagClass }) => lagClass === 2);
    expect(lagged.every((row) => ownUs(row) - parentUs(row) >= DAY - unitUs + 1 && ownUs(row) - parentUs(row) < 2 * DAY)).toBe(
      true,
    );
  });

  test('are written as seconds since 1970 where the column counts them', () => {
    const notBefore = [{ reference: 0, column: 'at' }];
    const rows = rowsOf(planOf({ lag, notBefore }, { unitUs: SECOND, epoch: 'seconds' }, { child: 'int8' }));
    const set = rows.filter(({ at, parent }) => !Number.isNaN(at + parent));

    expect(set.length).toBeGreaterThan(400);
    expect(set.every(({ at, parent }) => Number.isInteger(at) && at * SECOND - EPOCH_US >= parent)).toBe(true);
    const lagged = set.filter(({ lagClass }) => lagClass === 2);
    expect(lagged.every(({ at, parent }) => at * SECOND - EPOCH_US - parent < 2 * DAY)).toBe(true);
  });

  test('of unique columns are a bug of the plan', () => {
    const plan = planOf({ lag, notBefore: [] }, { isUnique: true });

    expect(() => new ColumnKernels(plan, new Parents(plan), Buffer.alloc(1)).kernel(1, 'at')).toThrow(BUG);
  });
});
