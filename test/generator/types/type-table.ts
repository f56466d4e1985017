// A table with a column of every type that has a builder and a binary encoder, one of arrays, and the kernels to fill them.
import { ColumnKernels } from '../../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../../generator/columns/text-pool.ts';
import { Parents } from '../../../generator/keys/parents.ts';
import { resolvePlan } from '../../../generator/plan/resolve-plan.ts';
import { TableKernel } from '../../../generator/table-kernel.ts';
import type { Catalog } from '../../../postgres/catalog/catalog.ts';
import { formatContentHash } from '../../../postgres/content-hash.ts';
import type { HashSum } from '../../../postgres/hash-columns.ts';
import type { Plan } from '../../../spec/plan.ts';
import { parseSpec } from '../../../spec/spec.ts';

export const ROWS = 400;

/** Column, SQL type, spec. */
type TypedColumn = readonly [name: string, type: string, spec: string];

export const binaryColumns: readonly TypedColumn[] = [
  ['id', 'int8 primary key', '{ kind: sequence }'],
  ['tod', 'time', '{ kind: number, decimals: 6, distribution: { family: uniform, min: 0, max: 86399 } }'],
  ['todz', 'timetz', '{ kind: number, decimals: 0, distribution: { family: uniform, min: 0, max: 86399 } }'],
  [
    'span',
    'interval',
    '{ kind: number, decimals: 3, distribution: { family: normal, mean: 0, standardDeviation: 1000000 }, nullFraction: 0.1 }',
  ],
  ['bin', 'bytea', '{ kind: bytes, length: { family: uniform, min: 0, max: 40 }, nullFraction: 0.1 }'],
  ['ubin', 'bytea not null unique', '{ kind: bytes, isUnique: true, length: { family: constant, value: 3 } }'],
  ['js', 'json', '{ kind: json, keys: { family: uniform, min: 0, max: 30 }, bytes: { family: uniform, min: 1, max: 500 } }'],
  [
    'jsb',
    'jsonb',
    '{ kind: json, keys: { family: uniform, min: 0, max: 40 }, bytes: { family: uniform, min: 1, max: 900 }, nullFraction: 0.1 }',
  ],
  ['u4', 'uuid unique', '{ kind: uuid }'],
  ['u7', 'uuid not null unique', '{ kind: uuid, version: 7 }'],
  ['u7text', 'text unique', '{ kind: uuid, version: 7 }'],
  [
    'ulid',
    'text collate "C" unique',
    '{ kind: id, prefix: "01", alphabet: 0123456789ABCDEFGHJKMNPQRSTVWXYZ, length: 26, order: row }',
  ],
  ['cuid', 'varchar(25) unique', '{ kind: id, prefix: c, alphabet: 0123456789abcdefghijklmnopqrstuvwxyz, length: 25 }'],
  ['pin', 'char(3) unique', '{ kind: id, alphabet: "0123456789", length: 3 }'],
  ['price', 'numeric(10,2)', '{ kind: number, decimals: 2, distribution: { family: uniform, min: -50, max: 50 } }'],
  ['wide', 'numeric(38,10)', '{ kind: number, decimals: 6, distribution: { family: uniform, min: 0, max: 1000000000 } }'],
  ['tiny', 'numeric(3,10)', '{ kind: number, decimals: 10, distribution: { family: uniform, min: 0, max: 0.0000000999 } }'],
  ['thousands', 'numeric(5,-3)', '{ kind: number, distribution: { family: uniform, min: -99999999, max: 99999999 } }'],
  ['free', 'numeric', '{ kind: number, decimals: 6, distribution: { family: exponential, mean: 10 } }'],
  ['f4', 'float4', '{ kind: number, decimals: 3, distribution: { family: uniform, min: -1, max: 1 } }'],
  ['f8', 'float8', '{ kind: number, decimals: 6, distribution: { family: uniform, min: 0, max: 0.001 } }'],
  ['fixed', 'char(12)', '{ kind: text, length: { family: uniform, min: 0, max: 12 } }'],
  ['short', 'varchar(7)', '{ kind: text, isUnique: true, length: { family: uniform, min: 1, max: 90 } }'],
  ['nm', 'name', '{ kind: text, length: { family: uniform, min: 1, max: 90 } }'],
  ['letter', '"char"', '{ kind: text, length: { family: constant, value: 9 } }'],
];

export const arrayColumns: readonly TypedColumn[] = [
  ['ints', 'int4[]', array('{ kind: number, distribution: { family: uniform, min: -5, max: 5 } }')],
  ['bigs', 'int8[]', array('{ kind: number, distribution: { family: uniform, min: 0, max: 9007199254740000 } }')],
  ['amounts', 'numeric(8,3)[]', array('{ kind: number, decimals: 2, distribution: { family: uniform, min: 0, max: 9 } }')],
  ['singles', 'float4[]', array('{ kind: number, decimals: 5, distribution: { family: exponential, mean: 0.01 } }')],
  ['doubles', 'float8[]', array('{ kind: number, decimals: 12, distribution: { family: exponential, mean: 0.00001 } }')],
  ['huge', 'float8[]', array('{ kind: number, decimals: 0, distribution: { family: uniform, min: 0, max: 2000000000000000 } }')],
  ['flags', 'bool[]', array('{ kind: labels, labels: [f, t] }')],
  ['words', 'text[]', array('{ kind: word, length: { family: uniform, min: 1, max: 6 } }')],
  ['codes', 'varchar(2)[]', array('{ kind: word, length: { family: uniform, min: 1, max: 6 } }')],
  ['ids', 'uuid[]', array('{ kind: uuid }')],
  ['moods', 'mood[]', array('{ kind: labels, labels: [ok, "not, so \\"good\\"", "null"] }')],
  ['days', 'date[]', array('{ kind: number, distribution: { family: uniform, min: -800, max: 9000 } }')],
];

function array(element: string): string {
  return `{ kind: array, length: { family: uniform, min: 0, max: 6 }, element: ${element}, nullFraction: 0.1 }`;
}

export const MOOD_SQL = `create type public.mood as enum ('ok', 'not, so "good"', 'null');\n`;

/** CREATE TABLE public.t. */
export function tableSql(columns: readonly TypedColumn[], name = 't'): string {
  return `create table public.${name} (\n${columns.map(([column, type]) => `  ${column} ${type}`).join(',\n')}\n);\n`;
}

export function specOf(columns: readonly TypedColumn[], rows = ROWS) {
  const lines = columns.map(([name, , spec]) => `      ${name}: ${spec}`).join('\n');
  const text = `format: shapecast-spec
version: 1
name: types
windowEnd: "2026-01-01"
bands: { dev: { scale: 1, windowDays: 30 } }
tables:
  t:
    rows: { count: ${rows} }
    columns:
${lines}
`;
  return parseSpec(text, 'types.yaml');
}

/** The plan of table t for a fixed seed. */
export function planOf(catalog: Catalog, columns: readonly TypedColumn[], rows = ROWS): Plan {
  return resolvePlan({ spec: specOf(columns, rows), catalog, band: 'dev', seed: 'types', scale: 1, rows: new Map() });
}

/** COPY rows of the first block, without header, and its content hash. */
export function encode(plan: Plan, format: 'binary' | 'text'): { rows: Buffer; hash: string } {
  const [table] = plan.tables;
  if (table === undefined) throw new Error('the plan has no table');
  const kernel = new TableKernel({ ...table, format }, 0, new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey)));
  const sum: HashSum = { high: 0, low: 0 };
  const rows = Buffer.from(kernel.encodeBlock(0, sum));
  return { rows, hash: formatContentHash((BigInt(sum.high) << 32n) + BigInt(sum.low)) };
}
