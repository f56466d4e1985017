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
"algorithm 4
public.groups.id uuid: 8cbc24574e184a409230e4ca | 53d9ee9092d440548162949b | 0a3f4ef08fb444f78e9e16c2 | fe45fb063d48da72
public.groups.size degreeClass: large | large | large | 0352f8dd024eb968
public.groups.label labels: a | jut sa | puduliza | 0507172f6f414c43
public.groups.at time: 2024-01-01T03:08:28.0000 | 2024-01-01T05:40:31.0000 | 2024-01-01T10:17:38.0000 | a75ede87f2a24a60
public.members.group_id reference: 193006d2b3874c56902e5dc5 | 193006d2b3874c56902e5dc5 | 11be98e8cfef463faadce9a8 | 8efe68e04980de6f
public.members.person_id reference: 1777 | 9400 | 2386 | f308232643bb03ae
public.people.id sequence: 7 | 10 | 13 | 127e3bb61e565c58
public.people.code template: P-1-x | P-2-x | P-3-x | 8662a6abdb959698
public.people.pin id: 960700 | 151672 | 701203 | 1b8dbe735c56c80d
public.people.ulid id: 010008EWR72CHCDYJGY5BDTC | 01001WW52E3CHZBDQ9TXBPKY | 01002XWCCZDB3MY5SKK2PT48 | 8d226a1ac1cc2c03
public.people.name text: senozogol rami by unib | how point | sweetly limite | 6c9f2cdb5ba3ac70
public.people.unique_name text: by_now_affe0on | ase0be | tetebo_accomplish23k | d2d3a27acd4a8e29
public.people.score number: -114.832 | 16.258 | -147.683 | bad0f377e40fd71e
public.people.price number: 1.16 | 5.15 | 18.21 | 2c8b1024152dc81f
public.people.unique_number number: 659375 | 358203 | 235546 | 8df8b19980823b2f
public.people.active number: t | f | f | 9b9df93ed01614e9
public.people.born time: 2009-08-02 | 2002-12-18 | 1972-05-25 | 41885a7dfb2093b9
public.people.seen time: 1704798543274 | 1705345544172 | 1704308124159 | b92086eb1a29a634
public.people.ordered time: 2024-01-01T00:01:40.8347 | 2024-01-01T00:08:52.8241 | 2024-01-01T00:10:10.5655 | 32adee3755513f2d
public.people.hours time: 2024-01-25T02:05:13.0000 | 2024-01-01T07:09:19.0000 | 2024-01-18T14:45:27.0000 | ea6e1759717ef4a3
public.people.photo bytes: \\\\xc6799f9fac93c56f9e0a3 | \\\\xcce0368e8eb0bab7af8a8 | \\\\x3920c0a6d5fd5b185ef5e | 6d0913290d62cde1
public.people.doc json: {"a": "lokabi dobi", "b" | {"a": "if babyish div"} | {"a": "bikolasome"} | e10209a163c2bd88
public.people.numbers array: {3} | {-3,0} | {1,-5,3} | 11b873b7db5b51d4
public.people.choices array: {"b c","b c"} | {"b c","b c",a} | {a,"b c",a} | 7b9897110125d710
public.people.words array: {ig} | {qjin,s,cac} | {jadh} | ba898dd01c78cc07
public.people.keys array: {01835977-8b18-4b58-8f11 | {} | {fa653894-85bc-431b-b1ca | 589f707f0cf0fd48
public.people.address constant: 10.0.0.1 | 10.0.0.1 | 10.0.0.1 | 8753b4b0e4b43da6
public.people.nothing constant: \\N | \\N | \\N | 2b5a797f615b65fa
public.people.token uuid: 018cc251f400703c8c370888 | 018cc251f401749186444fd9 | \\N | 0f443ed76576a940
public.people.opens uuid: 64003cfa-8c8d-4b98-b95e- | b380d5d1-8c97-4ab3-8b61- | ce379cd0-5b32-4213-b712- | f52e74a3c118b9a2
public.people.boss reference: 4672 | 2533 | 3769 | 06ccc12ea48873f4
public.posts.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.posts.group_id reference: fe757faf864c41bdbbf8ebca | b9a8df5cd82049d5abcc6698 | c4cdd57ad2444c1f8def67d9 | c4e2fdb6fe1d7b41
public.posts.author reference: 4702 | 3463 | 12880 | 022d4da6573c47ea
public.posts.at delay: 2024-01-10T13:18:43.2521 | 2024-01-07T10:38:53.0523 | 2024-01-13T00:10:58.9308 | d944ca4c883a5a71
public.posts.answers reference: 237 | 519 | 636 | d353e06785c59ebd
public.reads.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.reads.post_id reference: 1472 | 160 | 1256 | e06e349024f1c98b
public.reads.reader reference: 2539 | 12874 | 12874 | bec719ff0acbb504
public.reads.group_id reference: a070ad09051e4a11bf106011 | 83bda72c17a04eebb0112748 | 83bda72c17a04eebb0112748 | c2619dfbb26afb3c
public.reads.picked reference: 749 | 241 | 323 | 93c835ff4aa2fed7
public.reads.line ordinal: 2 | 1 | 3 | 801ac1cb760b7e7b
public.stock.person_id reference: 1303 | 10633 | 12046 | b74913cd48dbbf8a
public.stock.colour domain: white | white | white | 174f63054356a2a6"
`);
});

test('binary rows of a seed stay what they are', () => {
  const tables = plan.tables.filter(({ format }) => format === 'binary');

  expect(tables.map((one) => `${one.name}: ${digest(copyRows(one, 'binary'))}`).join('\n')).toMatchInlineSnapshot(`
"public.groups: b1d9ccf694797a13
public.members: cfe961a11b35b625
public.posts: f644b04d3f003679
public.reads: 2290fc6e4399fd8f
public.stock: 2a8a11a6a8d674bf"
`);
});
