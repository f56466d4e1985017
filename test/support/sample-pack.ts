// A valid pack for tests: two tables, a foreign key between them, every kind of axis, labels in clear and as tokens,
// coarse cells and `other`. The counts come from fixed formulas, so equal calls give equal packs.
import { foldCells } from '../../sampler/protect/fold.ts';
import { type Axis, axisSchema, binningOf } from '../../spec/axis.ts';
import { type Marginal, type Pack, packSchema } from '../../spec/pack.ts';
import { binOf, hourOfWeek } from '../../stats/binning.ts';

const USERS = 2_000;
const MESSAGES = 24_000;
const K = 20;
/** 2024-03-01T00 UTC in hours since 1970. */
const FIRST_HOUR = 474_816;
const WINDOW_HOURS = 30 * 24;

/** A valid pack, `public.users` and `public.messages`; every call makes a fresh object that a test may change. */
export function buildTestPack(): Pack {
  built ??= makePack();
  return structuredClone(built);
}

let built: Pack | undefined;

function makePack(): Pack {
  return packSchema.parse({
    format: 'shapecast-pack',
    version: 1,
    provenance: {
      runId: 'k3v9-2f71-q0xe',
      tool: 'shapecast 0.1.0',
      commit: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      operator: 'oncall',
      day: '2024-03-31',
      expires: '2024-06-29',
      window: { days: 30, from: '2024-03-01', to: '2024-03-31' },
      serverMajor: 16,
      isReplica: true,
    },
    privacy: {
      guarantee: 'threshold',
      k: K,
      subjects: ['public.users'],
      uncoveredReferences: ['public.messages(recipient_id)'],
      rowUnitTables: [],
      budget: { rho: '0/1' },
    },
    structure: { enums: [{ name: 'public.message_kind', labels: ['image', 'system', 'text'] }], tables: [messages(), users()] },
    marginals: [...userMarginals(), ...messageMarginals()],
  });
}

function userMarginals(): Marginal[] {
  const table = 'public.users';
  return [
    marginal(table, { kind: 'presence', column: 'country' }, (row) => (row % 10 === 0 ? 0 : 1), USERS),
    marginal(table, { kind: 'length', column: 'username', of: 'characters' }, (row) => 8 + bell(row), USERS),
    marginal(table, { kind: 'category', column: 'country', labels: COUNTRY_TOKENS }, (row) => row % 5, 1_800),
    marginal(table, { kind: 'category', column: 'is_active', labels: BOOLEAN }, (row) => (row % 7 === 0 ? 0 : 1), USERS),
    marginal(table, { kind: 'degree', child: 'public.messages', columns: ['user_id'] }, degree, USERS),
    marginal(table, { kind: 'degree', child: 'public.messages', columns: ['recipient_id'] }, degree, USERS),
  ];
}

function messageMarginals(): Marginal[] {
  const table = 'public.messages';
  return [
    marginal(table, { kind: 'presence', column: 'recipient_id' }, (row) => (row % 4 === 0 ? 0 : 1), MESSAGES),
    marginal(table, { kind: 'number', column: 'price', decimals: 2 }, (row) => Math.floor(logNormal(row) * 100), MESSAGES),
    marginal(table, { kind: 'length', column: 'body', of: 'characters' }, (row) => Math.floor(logNormal(row)), MESSAGES),
    marginal(table, { kind: 'length', column: 'payload', of: 'bytes' }, (row) => Math.floor(4 * logNormal(row)), MESSAGES),
    marginal(table, { kind: 'length', column: 'tags', of: 'elements' }, (row) => row % 4, MESSAGES),
    marginal(table, { kind: 'category', column: 'kind', labels: KINDS }, (row) => [0, 1, 2, 2, 2][row % 5] ?? 2, MESSAGES),
    marginal(table, { kind: 'time', column: 'created_at' }, hour, MESSAGES),
    marginal(table, { kind: 'hourOfWeek', column: 'created_at' }, (row) => hourOfWeek(hour(row)), MESSAGES),
    marginal(table, { kind: 'resolution', column: 'created_at' }, () => 3, MESSAGES),
  ];
}

const COUNTRY_TOKENS = ['1c0f5a9be2d47783', '4111111111111111', '9f86d081884c7d65', 'b5bb9d8014a0f9b1'].map((token) => ({
  token,
}));
const BOOLEAN = [{ label: 'false' }, { label: 'true' }];
const KINDS = [{ label: 'image' }, { label: 'system' }, { label: 'text' }];

/** The marginal of `rows` rows with the given values, each row standing for itself; a value past a category's labels is `other`. */
function marginal(table: string, input: AxisInput, valueAt: (row: number) => number, rows: number): Marginal {
  const axis = axisSchema.parse(input);
  const binning = binningOf(axis);
  const counts = new Map<number, number>();
  let outside = 0;
  for (let row = 0; row < rows; row++) {
    const bin = binOf(binning, 0, valueAt(row));
    if (binning.kind === 'cyclic' && bin >= binning.size) outside += 1;
    else counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const fine = [...counts].map(([bin, count]) => ({ bin, count, units: count }));
  const { total, cells, other } = foldCells(fine, binning, { k: K, maxCells: 512 });
  return { table, axes: [axis], total: total + outside, cells, other: other + outside, cost: { rho: '0/1' } };
}

type AxisInput = Axis extends infer Kind ? (Kind extends Axis ? Omit<Kind, 'subBits'> : never) : never;

/** Rows in a fixed mixed order, as shares in (0, 1). */
function share(row: number): number {
  return ((row * 0.618_033_988_749_895) % 1) * 0.999_8 + 0.000_1;
}

/** Log-normal, mu 3, sigma 1, by the logistic approximation of the normal quantile. */
function logNormal(row: number): number {
  const u = share(row);
  return Math.exp(3 + Math.log(u / (1 - u)) / 1.702);
}

function bell(row: number): number {
  return Math.floor(3 * (share(row) + share(row + 1_000) + share(row + 5_000)));
}

/** A quarter of the users have none; the rest a long tail with a mean near 12. */
function degree(row: number): number {
  return row % 4 === 0 ? 0 : Math.floor(2 / share(row) ** 0.75);
}

function hour(row: number): number {
  const day = Math.floor((row * WINDOW_HOURS) / MESSAGES / 24);
  return FIRST_HOUR + day * 24 + Math.floor(24 * Math.sqrt(share(row)));
}

function users() {
  return {
    name: 'public.users',
    unit: 'subject',
    columns: [
      { ...column('id', 'int8'), nullable: false, identity: 'byDefault' },
      { ...column('username', 'varchar'), maxLength: 30, nullable: false },
      column('country', 'text'),
      column('is_active', 'bool'),
    ],
    primaryKey: ['id'],
    uniques: [{ columns: ['username'], nullsNotDistinct: false }],
    foreignKeys: [],
    indexes: [
      { columns: ['id'], method: 'btree', isUnique: true },
      { columns: [null], method: 'btree', isUnique: false },
    ],
    isPartitioned: false,
    rows: USERS,
  };
}

function messages() {
  const toUsers = { references: 'public.users', referencedColumns: ['id'] };
  return {
    name: 'public.messages',
    unit: 'subject',
    columns: [
      { ...column('id', 'int8'), nullable: false, identity: 'always' },
      { ...column('user_id', 'int8'), nullable: false },
      column('recipient_id', 'int8'),
      { ...column('price', 'numeric'), precision: 10, scale: 2 },
      { ...column('body', 'text'), nullable: false },
      column('payload', 'bytea'),
      { ...column('tags', '_text'), kind: 'array' },
      { ...column('kind', 'public.message_kind'), baseType: 'enum', kind: 'enum', hasDefault: true },
      { ...column('created_at', 'timestamptz'), nullable: false },
    ],
    primaryKey: ['id'],
    uniques: [],
    foreignKeys: [
      { ...toUsers, columns: ['user_id'], virtual: false },
      { ...toUsers, columns: ['recipient_id'], virtual: true },
    ],
    indexes: [{ columns: ['user_id', 'created_at'], method: 'btree', isUnique: false }],
    isPartitioned: false,
    rows: MESSAGES,
  };
}

function column(name: string, type: string) {
  return { name, type, baseType: type, kind: 'base', nullable: true, generated: false, identity: 'none', hasDefault: false };
}
