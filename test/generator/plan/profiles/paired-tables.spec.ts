// Tables whose key is a pair of parents: their rows follow what marginals say of both, or of the one that owns the runs, and no pair is lost.
import { addProfiles } from '../../../../generator/plan/profiles/add-profiles.ts';
import type { Plan } from '../../../../spec/plan.ts';
import { parseSpec } from '../../../../spec/spec.ts';
import { column, table } from '../../../sampler/measure/catalog-fixture.ts';
import { countKeys, type MadeRow, madeRows, planOf, repeated } from '../../made-rows.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const time = (name: string) => column(name, 'timestamptz', { isNullable: false });
const primary = { primaryKey: { name: 'key', columns: ['message', 'reader'], nullsNotDistinct: false } };
const TABLES = [
  table('messages', [int('id'), time('sent')]),
  table('people', [int('id'), time('joined')]),
  table('reads', [int('message'), int('reader'), time('at'), column('place', 'int4')], primary),
];

const CALENDAR = 'calendar: { kind: bins, bins: [[2024-01-01, 2024-07-01, 1]] }';
// Reads are within a day of their message; those of the first half are by the first half of the people.
const MARGINALS = `
    axes:
      late: { kind: lag, column: at, since: sent, cuts: [0, 86400], via: { columns: [message], references: public.messages } }
      heap: { kind: heap, ranges: 2 }
      who: { kind: heap, ranges: 2, via: { columns: [reader], references: public.people } }
    marginals:
      - { axes: [late], cells: "3 1500" }
      - { axes: [heap, who], cells: "2 2 700, 2 3 50, 3 2 50, 3 3 700" }`;

const specOf = (marginals: string, { reads = '', reader = '' } = {}) => `
  public.messages:
    rows: { count: 1000 }
    columns: { id: { kind: sequence }, sent: { kind: time, ${CALENDAR}, order: row } }
  public.people:
    rows: { count: 200 }
    columns: { id: { kind: sequence }, joined: { kind: time, ${CALENDAR}, order: row } }
  public.reads:
    rows: { count: 1500 }
    distinctPairs: [message, reader]
    references:
      message: { columns: [message], table: public.messages, to: [id], fanOut: { family: geometric, p: 0.4, start: 0 } }
      reader: { columns: [reader], table: public.people, to: [id], fanOut: { family: geometric, p: 0.12, start: 1 }${reader} }
    columns:
      at: { kind: time, ${CALENDAR}, order: row }${reads}${marginals}`;

/** Counts the reads of a message, so that messages own the runs. */
const PLACE = { reads: '\n      place: { kind: ordinal, reference: message }' };

/** The plan with so many profiles at most. */
function planWith(marginals: string, mostProfiles: number): Plan {
  const plain = planOf(specOf('', PLACE), TABLES);
  const text = `format: shapecast-spec\nversion: 1\nname: test\nbands: { dev: { scale: 1 } }\ntables:\n${specOf(marginals, PLACE)}`;
  const { tables } = addProfiles({ tables: plain.tables, spec: parseSpec(text, 'test'), seed: 'a', mostProfiles });
  return { ...plain, tables };
}

const degrees = (rows: readonly MadeRow[], name: string) => [...countKeys(rows, [name]).values()].sort((one, two) => one - two);

/** Shares of the rows that are before their message, more than two days after it, and by readers of their own half. */
function sharesOf(plan: Plan) {
  const sent = madeRows(plan, 'public.messages').map(({ sent: at }) => Number(at));
  const reads = madeRows(plan, 'public.reads');
  const lags = reads.map(({ at, message }) => Number(at) - (sent[Number(message) - 1] ?? Number.NaN));
  const day = 86_400_000_000;
  const half = (row: number) => row < 750;
  return {
    early: lags.filter((lag) => lag < 0).length / reads.length,
    late: lags.filter((lag) => lag > 2 * day).length / reads.length,
    ownHalf: reads.filter(({ reader }, row) => half(row) === Number(reader) <= 100).length / reads.length,
  };
}

describe('distinct pairs by profile', () => {
  const plain = planOf(specOf('', PLACE), TABLES);
  const usual = madeRows(plain, 'public.reads');

  test.each([
    ['both sides where a profile is a row', 2000, 0],
    ['the side that owns the runs where it is several', 500, 1],
  ])('follow %s, each pair once and with the degrees that it had', (_, mostProfiles, pairs) => {
    const plan = planWith(MARGINALS, mostProfiles);
    const reads = plan.tables.find(({ name }) => name === 'public.reads');
    const rows = madeRows(plan, 'public.reads');
    const shares = sharesOf(plan);

    expect(reads?.pairs.length).toBe(pairs);
    expect(reads?.references.map(({ ranks }) => ranks.order)).toEqual(['profile', pairs === 0 ? 'profile' : 'row']);
    expect(repeated(rows, ['message', 'reader'])).toBe(0);
    for (const side of ['message', 'reader']) expect(degrees(rows, side)).toEqual(degrees(usual, side));
    expect(shares.early).toBe(0);
    expect(shares.late).toBeLessThan(0.1);
    expect(shares.ownHalf > 0.85).toBe(pairs === 0);
  });

  test('know nothing of lags without marginals', () => {
    const { early, late } = sharesOf(plain);

    expect(early).toBeGreaterThan(0.3);
    expect(late).toBeGreaterThan(0.3);
  });

  test('give the runs to the side that marginals tell most about, where degrees stay', () => {
    const about = (reference: string, parents: string) => `
    axes:
      heap: { kind: heap, ranges: 2 }
      who: { kind: heap, ranges: 2, via: { columns: [${reference}], references: public.${parents} } }
    marginals: [{ axes: [heap, who], cells: "2 2 700, 2 3 50, 3 2 50, 3 3 700" }]`;
    const runsOf = (plan: Plan) => plan.tables.find(({ name }) => name === 'public.reads')?.pairs[0]?.runs;

    expect(runsOf(planOf(specOf(''), TABLES))).toBe(1);
    expect(runsOf(planOf(specOf(about('message', 'messages')), TABLES))).toBe(0);
  });

  test('are refused where children of both sides are counted, or one side may be NULL', () => {
    const both = `
      place: { kind: ordinal, reference: message }
      seat: { kind: ordinal, reference: reader }`;
    const tables = TABLES.map((one) =>
      one.name === 'reads' ? { ...one, columns: [...one.columns, column('seat', 'int4')] } : one,
    );

    expect(() => planOf(specOf('', { reads: both }), tables)).toThrow(/is the member by which the rows are grouped/);
    expect(() => planOf(specOf('', { reader: ', nullFraction: 0.1' }), TABLES)).toThrow(/may be NULL, which no pair can be/);
  });
});
