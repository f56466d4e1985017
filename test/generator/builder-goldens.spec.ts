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
"algorithm 2
public.groups.id uuid: 8eefb72ac5f44a7da1921fbd | 330f68ed88214a6282742255 | dd561b8a76284e4c81be2fb5 | a04f0e5d1992643e
public.groups.size degreeClass: large | large | large | 61e7adc9f95df61f
public.groups.label labels: a | circa | vezirana | 44193975abca1712
public.groups.at time: 2024-01-01T03:10:54.0000 | 2024-01-01T04:17:02.0000 | 2024-01-01T11:52:46.0000 | 070c4622ce9fb28c
public.members.group_id reference: 97146c4cd34d41e28ddf4294 | 97146c4cd34d41e28ddf4294 | 2f7fc867f3a6418083d27119 | 9ff624360df3aa47
public.members.person_id reference: 10504 | 211 | 9238 | e5b8ef276001c81b
public.people.id sequence: 7 | 10 | 13 | 127e3bb61e565c58
public.people.code template: P-1-x | P-2-x | P-3-x | 8662a6abdb959698
public.people.pin id: 541436 | 902036 | 394808 | 83351001fdd5510b
public.people.ulid id: 01000XAAD9CTXX661NW2S2HN | 010013BNH0K9XA9TXGF3D3NC | 01002DV976VHQTMD4D5W7AZH | 2a918373a4492c27
public.people.name text: rorosekos withine | snowplow out ragatis sav | kiriki nates seem | 6d110b124f499ddc
public.people.unique_name text: testimonial_since_glo02j | wherever_an_fol1j9 | ofe1eu | bf4a803d1aa09db4
public.people.score number: -8.179 | \\N | 50.57 | 368e2eb812d00e4d
public.people.price number: 4.82 | 12.52 | 46.03 | 8aa1d7bbac75458c
public.people.unique_number number: 118359 | 990430 | 723438 | ef66abd7ee0c5872
public.people.active number: f | f | f | 96345b0712cea03e
public.people.born time: 1996-01-15 | 1977-01-20 | 1997-06-24 | b3530da40281e442
public.people.seen time: 1704594920615 | 1706051800301 | 1705629759658 | 3f3cd5c3eddaebd8
public.people.ordered time: 2024-01-01T00:03:30.7741 | 2024-01-01T00:05:48.1252 | 2024-01-01T00:10:25.8219 | 8f64f87f5486cbfb
public.people.hours time: 2024-01-29T22:03:43.0000 | 2024-01-30T04:17:46.0000 | 2024-01-13T14:31:06.0000 | c66d4a0015ec662a
public.people.photo bytes: \\\\xd5fc54dd0863b895ab41f | \\\\x0dfce48855e25d48e9d9c | \\\\xfcf550cd460f3fb4d9d4c | 77620694d6b251b8
public.people.doc json: {"a": "at of inventory s | {"a": "after perp", "b": | [""] | 770405f95a2f91d6
public.people.numbers array: {} | {4,4,1} | {4} | e1a4334ac8998c4f
public.people.choices array: {"b c"} | {} | {} | 6c93b99b97c53bf4
public.people.words array: {gjr} | {} | {djr,ph,rglh} | ad15b0e6f1a70d9e
public.people.keys array: {a9a9b3e4-529a-482b-ac4d | {f5182d3d-2816-48a4-bd69 | {} | 08aaf8f60a213514
public.people.address constant: 10.0.0.1 | 10.0.0.1 | 10.0.0.1 | 8753b4b0e4b43da6
public.people.nothing constant: \\N | \\N | \\N | 2b5a797f615b65fa
public.people.token uuid: \\N | 018cc251f40172ee816deebe | \\N | 2603c0f89c23216d
public.people.opens uuid: 399c3e7d-da75-4af6-aeb6- | 6525436d-0c21-40e9-8aed- | 62ae760d-212c-4d8d-924e- | 4e549e1ff09726a6
public.people.boss reference: 922 | 4039 | 13846 | 65fe0a4672a78fcf
public.posts.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.posts.group_id reference: 258b387189154daeb2c8edc7 | d0aaea0d43ca490584c83ce6 | 0e68578af7a74d02a92d642e | b2ec7e175d5cc1dd
public.posts.author reference: 14842 | 10648 | 4090 | 3e2855349da7f1ae
public.posts.at delay: 2024-01-15T21:19:38.1843 | 2024-01-02T13:04:57.0986 | 2024-01-03T07:22:10.9920 | 2417d0c986db7045
public.posts.answers reference: \\N | 1124 | \\N | 6cda291aba06368d
public.reads.id sequence: 1 | 2 | 3 | e09ab12a3e40c113
public.reads.post_id reference: 1264 | 1375 | 579 | 94208d3e6bdfd654
public.reads.reader reference: 8686 | 1201 | 10096 | 2d42cedb25cf6017
public.reads.group_id reference: 5b8b3dbe8ff94788a5edb2bb | ed5f6640f53b47d7b3dc71ea | c05272283ced438bbd7fe540 | ebf9a739409d668a
public.reads.picked reference: 666 | 1372 | 974 | 83169a7c9ed6a336
public.reads.line ordinal: 1 | 2 | 1 | 675c58bc8973f0ec
public.stock.person_id reference: 1849 | 14803 | 6892 | a989d7591addc899
public.stock.colour domain: white | white | white | 174f63054356a2a6"
`);
});

test('binary rows of a seed stay what they are', () => {
  const tables = plan.tables.filter(({ format }) => format === 'binary');

  expect(tables.map((one) => `${one.name}: ${digest(copyRows(one, 'binary'))}`).join('\n')).toMatchInlineSnapshot(`
"public.groups: 5b771a20b59900f7
public.members: 246e2bc73307cfe9
public.posts: 8e234e6fef08d54a
public.reads: 5c8fbde782c26afa
public.stock: 592e3b1cc48c0466"
`);
});
