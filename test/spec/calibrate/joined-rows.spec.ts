// The size of a join from a pack: what cells show, what they hide, and packs that nobody should believe.
import { calibrate } from '../../../spec/calibrate.ts';
import { type Pack, type PairMarginal, packSchema } from '../../../spec/pack.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { middleOfPairs, stepOfPairs } from '../../../spec/sibling-pairs.ts';
import { buildTestPack } from '../../support/sample-pack.ts';

const USERS = 'public.users';
const MESSAGES = 'public.messages';

const messages: PairAxis = { kind: 'degree', child: MESSAGES, columns: ['user_id'], cuts: [1, 3] };
const received: PairAxis = { kind: 'degree', child: MESSAGES, columns: ['recipient_id'], cuts: [1] };

function packWith(cells: number[][], rest: Partial<PairMarginal> = {}, axes = [messages, received]): Pack {
  const total = cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), rest.other ?? 0);
  const pack = buildTestPack();
  const pair: PairMarginal = {
    table: USERS,
    axes,
    why: 'siblings',
    information: 1,
    total,
    cells,
    other: 0,
    cost: { rho: '0/1' },
    ...rest,
  };
  return { ...pack, pairs: { rule: 'tree', leftOut: 0, marginals: [pair], distinctTimes: [] } };
}

/** As a multiple of chance, and what chance is. */
function calibrated(pack: Pack): { times: number | undefined; chance: number } {
  const spec = calibrate(pack, { name: 'test', now: new Date('2024-04-01T12:00:00Z') });
  const rows = pack.structure.tables.find(({ name }) => name === MESSAGES)?.rows ?? 0;
  const childrenBy = (key: string) => {
    const own = Object.values(spec.tables[MESSAGES]?.references ?? {}).find(({ columns }) => String(columns) === key);
    return rows * (1 - (own?.nullFraction ?? 1));
  };
  const [marginal] = spec.tables[USERS]?.marginals ?? [];
  const chance = (childrenBy('user_id') * childrenBy('recipient_id')) / (pack.pairs.marginals[0]?.total ?? 1);
  return { times: marginal?.joinedTimesChance, chance };
}

const HIDDEN = [
  [0, 2, 2, 300],
  [0, 3, 2, 100],
  [0, 4, 3, 50],
];

describe('rows of a join', () => {
  test('are those of the hidden parents and of the cells, over what chance would give', () => {
    const joinedRows = stepOfPairs(90_000);
    const { chance, times } = calibrated(packWith(HIDDEN, { joinedRows }));

    expect(chance).toBeGreaterThan(0);
    // Parents in the shown cells have no children of one kind.
    expect(times).toBeCloseTo(middleOfPairs(joinedRows) / chance, 3);
  });

  test('are not known where they were withheld, none where all cells are shown, and chance where none is', () => {
    expect(calibrated(packWith(HIDDEN)).times).toBeUndefined();
    expect(calibrated(packWith(HIDDEN.slice(0, 2))).times).toBe(0);
    expect(calibrated(packWith([[3, 2, 2, 450]])).times).toBe(1);
  });

  test('of a pack from outside must be a step, and of two kinds of children', () => {
    const isValid = (pack: Pack) => packSchema.safeParse(pack).success;
    const step = stepOfPairs(90_000);
    const flag: PairAxis = { kind: 'presence', column: 'username' };

    expect(isValid(packWith(HIDDEN, { joinedRows: step }))).toBe(true);
    for (const joinedRows of [step + 1, 0, -1, 0.5, 2 ** 60]) expect(isValid(packWith(HIDDEN, { joinedRows }))).toBe(false);
    expect(isValid(packWith([[0, 2, 2, 9]], { joinedRows: step }, [messages, flag]))).toBe(false);
    expect(isValid(packWith([[0, 2, 2, 9]], { joinedRows: step }, [messages, messages]))).toBe(false);
    expect(isValid(packWith([[0, 2, 9]], { joinedRows: step }, [messages]))).toBe(false);
  });

  test('of a pack from outside are of parents that no cell shows, and at most all children of one kind by all of the other', () => {
    const faultsOf = (pack: Pack) =>
      packSchema.safeParse(pack).error?.issues.map(({ message, path }) => [path.join('.'), message]);
    const path = 'pairs.marginals.0.joinedRows';
    const rows = buildTestPack().structure.tables.find(({ name }) => name === MESSAGES)?.rows ?? 0;
    const most = stepOfPairs(rows * rows);

    expect(faultsOf(packWith(HIDDEN.slice(0, 2), { joinedRows: 1 }))).toEqual([[path, 'the cells show all parents']]);
    expect(faultsOf(packWith(HIDDEN, { joinedRows: most }))).toBeUndefined();
    expect(faultsOf(packWith(HIDDEN, { joinedRows: stepOfPairs(2 * rows * rows) }))).toEqual([
      [path, 'it is more than all children of both kinds make'],
    ]);
  });
});
