// The rows of a seed, for every way in which a column's values are made and every way to a parent. What changes here changes the
// rows of every user's seed: CONTRIBUTING.md says how that is done. A builder kind of spec/plan.ts without a golden fails.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ColumnKernels } from '../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../generator/columns/text-pool.ts';
import { Parents } from '../../generator/keys/parents.ts';
import { ALGORITHM_VERSION } from '../../generator/random/mixer.ts';
import { TableKernel } from '../../generator/table-kernel.ts';
import { BLOCK_ROWS, type PlanReference, type PlanTable } from '../../spec/plan.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';
import { planOf } from './made-rows.ts';

const int = (name: string, isNullable = false) => column(name, 'int4', { isNullable });
const text = (name: string) => column(name, 'text');

const TABLES = [
  table('groups', [
    column('id', 'uuid', { isNullable: false }),
    text('size'),
    text('label'),
    column('at', 'timestamptz', { isNullable: false }),
  ]),
  table('people', [
    int('id'),
    text('code'),
    text('pin'),
    text('ulid'),
    text('name'),
    text('unique_name'),
    column('score', 'float8'),
    column('price', 'numeric', { precision: 10, scale: 2 }),
    column('unique_number', 'int8'),
    column('active', 'bool'),
    column('born', 'date'),
    column('seen', 'int8'),
    column('ordered', 'timestamptz'),
    column('hours', 'timestamp'),
    column('photo', 'bytea'),
    column('doc', 'json'),
    column('numbers', '_int4', { kind: 'array', elementType: 'int4' }),
    column('choices', '_text', { kind: 'array', elementType: 'text' }),
    column('words', '_text', { kind: 'array', elementType: 'text' }),
    column('keys', '_uuid', { kind: 'array', elementType: 'uuid' }),
    column('address', 'inet'),
    text('nothing'),
    column('token', 'uuid'),
    text('opens'),
    int('boss', true),
  ]),
  table('members', [column('group_id', 'uuid', { isNullable: false }), int('person_id')], {
    primaryKey: { name: 'members_pkey', columns: ['group_id', 'person_id'], nullsNotDistinct: false },
  }),
  table(
    'posts',
    [
      int('id'),
      column('group_id', 'uuid', { isNullable: false }),
      int('author'),
      column('at', 'timestamptz'),
      int('answers', true),
    ],
    { uniques: [{ name: 'posts_key', columns: ['group_id', 'id'], nullsNotDistinct: false }] },
  ),
  table('reads', [
    int('id'),
    int('post_id'),
    int('reader', true),
    column('group_id', 'uuid', { isNullable: false }),
    int('picked'),
    int('line'),
  ]),
  table('stock', [int('person_id'), text('colour')], {
    primaryKey: { name: 'stock_pkey', columns: ['person_id', 'colour'], nullsNotDistinct: false },
  }),
];

const SPEC = `
  groups:
    rows: { count: 200 }
    columns:
      id: { kind: uuid }
      size: { kind: degreeClass, child: members, reference: group, classes: [{ upTo: 2, label: small }, { upTo: 1000, label: large }] }
      label: { kind: category, values: [{ label: a, weight: 2 }, { token: 0123456789abcdef, weight: 1 }], other: { weight: 1, length: { family: uniform, min: 3, max: 9 } } }
      at: { kind: time, order: row, calendar: { kind: bins, bins: [[2024-01-01, 2024-02-01, 1]] }, resolution: second }
  people:
    rows: { count: 5000 }
    references:
      boss: { columns: [boss], table: people, to: [id], nullFraction: 0.01, fanOut: { family: geometric, p: 0.3, start: 0 }, levels: [1, 10, 40] }
    columns:
      id: { kind: sequence, start: 7, step: 3 }
      code: { kind: template, template: "P-{row}-x" }
      pin: { kind: id, alphabet: "0123456789", length: 6 }
      ulid: { kind: id, prefix: "01", alphabet: 0123456789ABCDEFGHJKMNPQRSTVWXYZ, length: 26, order: row }
      name: { kind: text, length: { family: uniform, min: 0, max: 30 }, nullFraction: 0.1, nullAs: none }
      unique_name: { kind: text, isUnique: true, length: { family: uniform, min: 6, max: 30 } }
      score: { kind: number, decimals: 3, distribution: { family: normal, mean: 0, standardDeviation: 100 }, nullFraction: 0.2 }
      price: { kind: number, decimals: 2, distribution: { family: exponential, mean: 20 } }
      unique_number: { kind: number, isUnique: true, distribution: { family: uniform, min: 0, max: 1000000 } }
      active: { kind: boolean, trueFraction: 0.3 }
      born: { kind: time, calendar: { kind: bins, bins: [[1950-01-01, 2010-01-01, 1]] }, resolution: day }
      seen: { kind: time, epoch: milliseconds, calendar: { kind: bins, bins: [[2024-01-01, 2024-02-01, 1]] } }
      ordered: { kind: time, order: row, calendar: { kind: bins, bins: [[2024-01-01, 2024-01-05, 1], [2024-01-05, 2024-01-09, 3]] } }
      hours: { kind: time, isUnique: true, calendar: { kind: bins, bins: [[2024-01-01, 2024-02-01, 1]] }, resolution: second }
      photo: { kind: bytes, length: { family: uniform, min: 0, max: 40 } }
      doc: { kind: json, keys: { family: uniform, min: 0, max: 5 }, bytes: { family: uniform, min: 1, max: 90 } }
      numbers: { kind: array, length: { family: uniform, min: 0, max: 4 }, element: { kind: number, distribution: { family: uniform, min: -5, max: 5 } } }
      choices: { kind: array, length: { family: uniform, min: 0, max: 4 }, element: { kind: labels, labels: [a, "b c"] } }
      words: { kind: array, length: { family: uniform, min: 0, max: 4 }, element: { kind: word, length: { family: uniform, min: 1, max: 6 } } }
      keys: { kind: array, length: { family: uniform, min: 0, max: 2 }, element: { kind: uuid } }
      address: { kind: constant, value: 10.0.0.1 }
      nothing: { kind: constant, value: null }
      token: { kind: uuid, version: 7, nullFraction: 0.5 }
      opens: { kind: uuid }
  members:
    rows: { count: 1500 }
    references:
      group: { columns: [group_id], table: groups, to: [id], fanOut: { family: geometric, p: 0.15, start: 2 } }
      person: { columns: [person_id], table: people, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
    distinctPairs: [group, person]
  posts:
    rows: { count: 1500 }
    references:
      group: { columns: [group_id], table: groups, to: [id], fanOut: { family: zipf, exponent: 1.2, size: 100 } }
      author: { columns: [author], table: people, to: [id], memberOf: { junction: members, group: group, member: person, given: [group] } }
      answers: { columns: [answers], table: posts, to: [id], nullFraction: 0.3, within: { reference: group, given: [group] } }
    columns:
      id: { kind: sequence }
      at: { kind: delay, reference: group, column: at, seconds: { family: exponential, mean: 3600 } }
  reads:
    rows: { count: 1500 }
    references:
      post: { columns: [post_id], table: posts, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
      group: { columns: [group_id], table: groups, to: [id], through: [post, group] }
      picked: { columns: [group_id, picked], table: posts, to: [group_id, id], within: { reference: group, given: [post, group] } }
      reader: { columns: [reader], table: people, to: [id], memberOf: { junction: members, group: group, member: person, given: [post, group], except: [post, author] } }
    columns:
      id: { kind: sequence }
      line: { kind: ordinal, reference: post }
  stock:
    rows: { count: 1500 }
    references:
      person: { columns: [person_id], table: people, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
    distinctPairs: [person, colour]
    columns:
      colour: { kind: category, values: [{ label: red, weight: 3 }, { label: green, weight: 2 }, { label: blue, weight: 1 }, { label: white, weight: 1 }] }
`;

const plan = planOf(SPEC, TABLES, 'goldens');

/** The kinds that a union of spec/plan.ts has, read from its text: types are gone when a test runs. */
function kindsIn(union: string): string[] {
  const source = fs.readFileSync(path.resolve(import.meta.dirname, '../../spec/plan.ts'), 'utf8');
  const [, body = ''] = new RegExp(`export type ${union} =([\\s\\S]*?)\\n\\n`).exec(source) ?? [];
  return [...body.matchAll(/readonly kind: '(\w+)'/g)].map(([, kind = '']) => kind).sort();
}

const unique = (values: readonly string[]) => [...new Set(values)].sort();

test('there is a golden of every builder kind, of every kind of array element and of every way to a parent', () => {
  const builders = plan.tables.flatMap(({ columns }) => columns.map(({ builder }) => builder));
  const ways = (reference: PlanReference) =>
    (['curve', 'membership', 'within', 'through', 'tree'] as const).filter((way) => reference[way] !== null);

  expect(unique(builders.map(({ kind }) => kind))).toEqual(kindsIn('PlanBuilder'));
  expect(unique(builders.flatMap((builder) => (builder.kind === 'array' ? [builder.element.kind] : [])))).toEqual(
    kindsIn('PlanElement'),
  );
  expect(unique(plan.tables.flatMap(({ references }) => references.flatMap(ways)))).toEqual([
    'curve',
    'membership',
    'through',
    'tree',
    'within',
  ]);
  expect(plan.tables.some(({ pairs }) => pairs.length > 0)).toBe(true);
});

const digest = (data: string | Buffer) => createHash('sha256').update(data).digest('hex').slice(0, 16);

const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));

/** All COPY rows of a table, by blocks. */
function copyRows(one: PlanTable, format: 'text' | 'binary'): Buffer {
  const kernel = new TableKernel({ ...one, format }, plan.tables.indexOf(one), kernels);
  const blocks = Array.from({ length: Math.ceil(one.rows / BLOCK_ROWS) }, (_, block) =>
    Buffer.from(kernel.encodeBlock(block, { high: 0, low: 0 })),
  );
  return Buffer.concat(blocks);
}

/** Each column's builder, three of its values as COPY has them, and a digest of all of them. */
function columnGoldens(one: PlanTable): string[] {
  const rows = copyRows(one, 'text')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
  return one.columns.map(({ name, builder }, at) => {
    const values = rows.map((row) => row[at] ?? '');
    const shown = values.slice(0, 3).map((value) => value.slice(0, 24));
    return `${one.name}.${name} ${builder.kind}: ${shown.join(' | ')} | ${digest(values.join('\n'))}`;
  });
}

test('values of a seed stay what they are', () => {
  const lines = [`algorithm ${ALGORITHM_VERSION}`, ...plan.tables.flatMap(columnGoldens)];

  expect(lines.join('\n')).toMatchInlineSnapshot(`
"algorithm 3
public.groups.id uuid: 879904c754f44ba2a122f47f | dc0fb034e41c4197b6352b31 | bfb4398db46c4408820d1f25 | 54377e63518d3d49
public.groups.size degreeClass: large | large | large | a8cf0a3fed7fd2c7
public.groups.label labels: a | a | megazira | e3e24d57c61f9a08
public.groups.at time: 2024-01-01T02:30:01.0000 | 2024-01-01T07:41:18.0000 | 2024-01-01T10:59:08.0000 | a7d50901295b52dc
public.members.group_id reference: a0bdcc7b1bd54082a0be9d15 | a0bdcc7b1bd54082a0be9d15 | 5ee5a70873b0489597ebc2cc | bddb7a4e499d3d86
public.members.person_id reference: 12358 | 8995 | 10708 | 05eac5dc1b5ae658
public.people.id sequence: 7 | 10 | 13 | 127e3bb61e565c58
public.people.code template: P-1-x | P-2-x | P-3-x | 8662a6abdb959698
public.people.pin id: 192862 | 611046 | 024621 | f26d134f720954d8
public.people.ulid id: 0100058XTZRVY9MKHCWBQHQX | 01001YKEV8VQ62MF8T5B455P | 0100223904HHRAJABKQ84KR8 | 410be9ab40ea0758
public.people.name text: by qua at private so sl | replicate or toze ligom | for out card in as | 7fe60e98d5e45167
public.people.unique_name text: cow_at_fakem0ua | madako_of_minar_z0z8 | yet_tarragon_who_th3su | 9d5041ebf5c3087a
public.people.score number: -17.266 | 73.699 | 180.173 | 98820fb793c7227f
public.people.price number: 13.57 | 22.58 | 1.59 | 57af726689d3a3ee
public.people.unique_number number: 44726 | 376172 | 870443 | d82f178e22aba3e6
public.people.active number: f | f | t | 37367467406b6eab
public.people.born time: 1956-05-18 | 1965-11-01 | 1996-11-17 | 63e2a7f4c91b8e14
public.people.seen time: 1705456267143 | 1706020917527 | 1704963915503 | 3e5f2eefd041a477
public.people.ordered time: 2024-01-01T00:04:17.0209 | 2024-01-01T00:08:13.6285 | 2024-01-01T00:12:12.2159 | 9192802e79e30a08
public.people.hours time: 2024-01-08T14:45:27.0000 | 2024-01-09T17:46:40.0000 | 2024-01-26T08:35:33.0000 | a39ac584e0b3ffae
public.people.photo bytes: \\\\x76726626af2f8f4b55fcc | \\\\xb0cef8e7eed3fe8e68b69 | \\\\xb282 | 0a946429dd5558a9
public.people.doc json: ["barringe"] | {"a": "melis who favo",  | {"a": "dense uniqu", "b" | 2457a1e7e9acb37f
public.people.numbers array: {} | {} | {} | 527baea44d85e7a4
public.people.choices array: {"b c"} | {a,a,a} | {"b c"} | 31391171d4e1dab8
public.people.words array: {ndn,rh,g} | {g,aqp,nt} | {qhear} | c342636cfcd62dcc
public.people.keys array: {8a079af7-255f-46e3-a0c1 | {b4d4c16a-4442-465a-a27b | {} | 976a17275481006f
public.people.address constant: 10.0.0.1 | 10.0.0.1 | 10.0.0.1 | 8753b4b0e4b43da6
public.people.nothing constant: \\N | \\N | \\N | 2b5a797f615b65fa
public.people.token uuid: \\N | \\N | \\N | be9f8064c5544a4f
public.people.opens uuid: 1078b622-8caa-498b-9beb- | 88dd4932-c5bf-4174-97f1- | a185bb60-dea3-4e37-8356- | d3de94309e7b7ec3
public.people.boss reference: 4531 | 6163 | 12229 | e9715abee6d81cbd
public.posts.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.posts.group_id reference: b818b7dbc03e4537ae125142 | 181afc44a06a477397efdee8 | b818b7dbc03e4537ae125142 | 87d3e2489e3e79cd
public.posts.author reference: 10219 | 442 | 11128 | 7c367f158cfc0f67
public.posts.at delay: 2024-01-15T09:46:36.6804 | 2024-01-24T20:20:28.1698 | 2024-01-15T06:33:22.4327 | 406702e3af58a502
public.posts.answers reference: 134 | 273 | 763 | 7837f0811637275c
public.reads.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.reads.post_id reference: 55 | 144 | 1185 | a14e8425024cdfde
public.reads.reader reference: 6646 | 4087 | 7876 | 422875620fd8fe8b
public.reads.group_id reference: fc03d40a46ee485fba5a07bc | f982e9dc30284ba9a266ac25 | 099fe5e8e37449138fda9376 | 960c55868aec2ecf
public.reads.picked reference: 92 | 144 | 1111 | abf14d104d8ca90a
public.reads.line ordinal: 3 | 1 | 1 | e587c946ba4e151e
public.stock.person_id reference: 3844 | 6514 | 6277 | 59496374e093529a
public.stock.colour domain: white | white | white | 174f63054356a2a6"
`);
});

test('binary rows of a seed stay what they are', () => {
  const tables = plan.tables.filter(({ format }) => format === 'binary');

  expect(tables.map((one) => `${one.name}: ${digest(copyRows(one, 'binary'))}`).join('\n')).toMatchInlineSnapshot(`
"public.groups: 43ba0653c6697555
public.members: 951ec31df76bb681
public.posts: ab0ed6553d9ace89
public.reads: e70cf001d688c5d1
public.stock: 9d611828229c65e6"
`);
});
