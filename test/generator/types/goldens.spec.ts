// Bytes of every type for a fixed seed. A change here is a new algorithm version.
import type { Catalog, CatalogColumn } from '../../../postgres/catalog/catalog.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';
import { arrayColumns, binaryColumns, encode, planOf } from './type-table.ts';

/** The catalog's view of `varchar(7) unique` and the like. */
function catalogColumn([name, type]: readonly [string, string, string]): CatalogColumn {
  const [, base = '', modifiers, brackets] = /^"?(\w+)"?(?:\(([^)]*)\))?(\[\])?/.exec(type) ?? [];
  const [first, second] = (modifiers ?? '').split(',').map(Number);
  const stored = base === 'char' && modifiers !== undefined ? 'bpchar' : base;
  const size = base === 'numeric' && first !== undefined && second !== undefined ? { precision: first, scale: second } : {};
  const length = modifiers === undefined || base === 'numeric' ? {} : { maxLength: first ?? null };
  const isArray = brackets !== undefined;
  return column(name, isArray ? `_${stored}` : stored, { kind: isArray ? 'array' : 'base', ...size, ...length });
}

function rowsOf(columns: readonly (readonly [string, string, string])[]): string[][] {
  const catalog: Catalog = {
    serverVersion: 180000,
    enums: [],
    tables: [table('t', columns.map(catalogColumn), { primaryKey: null })],
  };
  const text = encode(planOf(catalog, columns, 20), 'text').rows.toString('utf8');
  const rows = text
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
  return columns.map(([name], at) => [name, ...rows.slice(0, 4).map((row) => row[at] ?? '')]);
}

test('values of a seed stay what they are', () => {
  expect(rowsOf(binaryColumns)).toMatchInlineSnapshot(`
[
  [
    "id",
    "1",
    "2",
    "3",
    "4",
  ],
  [
    "tod",
    "16:11:26.748973",
    "22:11:43.224013",
    "17:25:48.619863",
    "18:36:07.072728",
  ],
  [
    "todz",
    "19:48:46.000000+00",
    "20:58:11.000000+00",
    "05:23:43.000000+00",
    "11:23:43.000000+00",
  ],
  [
    "span",
    "677937.857 seconds",
    "\\N",
    "\\N",
    "355080.396 seconds",
  ],
  [
    "bin",
    "\\\\x0145faf2161e108b220750b2bacc20ea29524d91c23157",
    "\\\\x2980f046281a1e0209712bb709cea3bb",
    "\\\\x8cc52e125598dfc08595d004c64846a078e751aa151e3ab92ff9efc56de54ca9cc75ad81",
    "\\\\x38b9500aaad6b5dd6a",
  ],
  [
    "ubin",
    "\\\\x60e913",
    "\\\\xa6d200",
    "\\\\x059e09",
    "\\\\x52dd0f",
  ],
  [
    "js",
    "{"a": "monar squ", "b": "a reflat", "c": "deflecte", "d": "vice und", "e": "sodela g", "f": "skyscrap", "g": "astridee", "h": "apud tho", "i": "dakal ve", "j": "grim ami", "k": "so nexte"}",
    "{"a": "and wrin", "b": "amid tow", "c": "tirafe a", "d": "a likame", "e": "as vagap", "f": "intent b", "g": "epic out", "h": "a wasoki", "i": "so howev", "j": "comestib", "k": "lotion a", "l": "up how n", "m": "dase dog", "n": "plait so", "o": "along of", "p": "bomokobi", "q": "an of up", "r": "via ase", "s": "zoranam", "t": "until m"}",
    "{"a": "forenenst", "b": "kavameser", "c": "circa wri", "d": "as nor th", "e": "whenever", "f": "bapeli t", "g": "baneteze", "h": "if fooli", "i": "gagarofe", "j": "in up wh", "k": "till upe", "l": "nepetite", "m": "conseque", "n": "impressi", "o": "afore re", "p": "rotonore", "q": "sauerkra", "r": "nimble e", "s": "closelye", "t": "kobel br", "u": "who ofte", "v": "pazedame", "w": "though s", "x": "tefefani"}",
    "{"a": "nor aboar", "b": "to vanero", "c": "despitee", "d": "labe viv", "e": "toward n", "f": "via foot", "g": "nofadewa", "h": "electron"}",
  ],
  [
    "jsb",
    "{"a": "mid via an nor a", "b": "rewrite calmly a", "c": "gripping rikagal", "d": "reproach and sid", "e": "unlike or rafara"}",
    "{"a": "a how measly pur", "b": "sonnet on on upo", "c": "donat rural resp", "d": "out at if search", "e": "certify packagin", "f": "a exactly megazo", "g": "by loken tekedav"}",
    "{"aa": "usefully obses", "ab": "tofanifam mive", "ac": "including till", "ad": "gogor resolvee", "ae": "onto ignorant", "af": "a lemegakis f", "ag": "lapadatat ore", "ah": "following a n", "ai": "tarazoti yete", "aj": "nagas but cha", "ak": "inject in sod", "al": "damosen a bim", "am": "elderly or mo", "an": "if via intege", "ao": "strict in rim", "ap": "now unzip pad", "aq": "purple cleare", "ar": "lelamino wato", "as": "alongside soe", "at": "on regardinge", "au": "technician wh", "av": "relative conc", "aw": "pro nenepeles", "ax": "via so so ent", "ay": "save up eleva", "az": "mibovebit rim", "ba": "up valomobime"}",
    "\\N",
  ],
  [
    "u4",
    "87e3aaccb23b4b52ae5726c1dcdd29ab",
    "59bd42175e414202938d768367eaf4e2",
    "0719ea3876ce46169756185f9e28f344",
    "cbb04085500541d99d63be8d547e0601",
  ],
  [
    "u7",
    "018cc251f40075e3b3a61ecb2530ecf0",
    "018cc251f40178b69a2256b47eee2b91",
    "018cc251f4027b2d912ba0cf8fafedc2",
    "018cc251f403716bb157651ee5342303",
  ],
  [
    "u7text",
    "018cc251-f400-7513-a7f2-daefd69f1db9",
    "018cc251-f401-7bbf-bfd4-385dedee2338",
    "018cc251-f402-71b8-add4-c08a3d27f212",
    "018cc251-f403-765f-ac50-3b401a3344d2",
  ],
  [
    "ulid",
    "010QS9QB4PS2JXRXEFFMTXRPB5",
    "0118CMCMD2N8GEG00S7ZNM7WQB",
    "012CFYEEPQ9EJ35P9M3B48P6EV",
    "0136Y37N3MJETR48A1M2E73400",
  ],
  [
    "cuid",
    "cgu298guymab0jzuxbbkks6hf",
    "cv06ovbwe4wbz0u1pe3mrhdxj",
    "cjwxz100dbg0pxsgpxmb3zkoh",
    "cpejjibufxkqibpcnuf1g9n5i",
  ],
  [
    "pin",
    "514",
    "116",
    "010",
    "807",
  ],
  [
    "price",
    "47.66",
    "7.60",
    "2.36",
    "12.35",
  ],
  [
    "wide",
    "525141014.8648580000",
    "174039531.7215180000",
    "774948858.3190220000",
    "325678818.1802220000",
  ],
  [
    "tiny",
    "0.0000000924",
    "0.0000000223",
    "0.0000000175",
    "0.0000000474",
  ],
  [
    "thousands",
    "15144000",
    "85132000",
    "-4958000",
    "45106000",
  ],
  [
    "free",
    "14.703928",
    "17.345875",
    "9.700757",
    "1.335581",
  ],
  [
    "f4",
    "-0.65",
    "-0.351",
    "-0.45",
    "-0.849",
  ],
  [
    "f8",
    "0.000474",
    "0.000274",
    "0.000775",
    "0.000425",
  ],
  [
    "fixed",
    "ra",
    "",
    "whi",
    "tedious",
  ],
  [
    "short",
    "transp0",
    "off_be8",
    "or_impg",
    "if_mofa",
  ],
  [
    "nm",
    "molimet rapid an lifasa a",
    "premise as plus on kokamelir gray gradient botala tennis ligose",
    "a l",
    "why col",
  ],
  [
    "letter",
    "o",
    "t",
    "b",
    "c",
  ],
]
`);
});

test('arrays of a seed stay what they are', () => {
  expect(rowsOf(arrayColumns)).toMatchInlineSnapshot(`
[
  [
    "ints",
    "{-3,-2,1,-1,3}",
    "{-5}",
    "{-4,0,-2,4}",
    "{4,-4}",
  ],
  [
    "bigs",
    "{2383189228999802}",
    "{924498369265273,6354996254029764,7478854177102344,2569158156976389}",
    "{789211497595849}",
    "\\N",
  ],
  [
    "amounts",
    "{2.177,4.287,6.364}",
    "{}",
    "{5.066,4.364,6.223,4.238}",
    "{3.555,7.504,3.433,2.390,2.948}",
  ],
  [
    "singles",
    "{0.0008,0.0023,0.00888,0.05605}",
    "{0.00579,0.00674,0.02026,0.00369}",
    "{0.00062,0.00615,0.00122}",
    "{0.00271,0.007}",
  ],
  [
    "doubles",
    "{4.7136948e-05,2.3720783e-05,2.31604e-07,4.36769e-06,2.328436e-06}",
    "{2.529073e-06,6.385678e-06}",
    "\\N",
    "{}",
  ],
  [
    "huge",
    "{996257849517289,997721414484689,366495792751670,997077619743757}",
    "\\N",
    "{998882457162321,998541205314792,997613358138507}",
    "{}",
  ],
  [
    "flags",
    "{}",
    "{t,f}",
    "{t,t}",
    "{f,f,f,f}",
  ],
  [
    "words",
    "{}",
    "{ie,a,ip}",
    "{jm}",
    "{lt,shf,kgjbc,eomm,ttpfi}",
  ],
  [
    "codes",
    "{fi,rn,di,g,sk}",
    "{da,id,fs,tf}",
    "\\N",
    "{bn}",
  ],
  [
    "ids",
    "{0a8feb28-5fb4-4f0e-8cea-c2d80d95d2f8,b90ade94-5945-4512-9411-48b449b9e951}",
    "{b39808f7-1d86-4924-ad63-022a2cc6c265}",
    "{8a721760-354e-413a-a633-d046b06c4942,71e1cc0e-5e72-4e5c-826e-26971dab82d6,410a64f8-6171-49fa-b528-78c777ca7a2e,42dbea96-7a55-479a-aa54-9e3124a67e8b,58984480-20e3-4814-94f4-0e673d2f7476}",
    "{172337a8-f2be-46d3-88ea-5de4d0d5652e,c595e819-9ee9-4644-b1c1-a7df9034083f}",
  ],
  [
    "moods",
    "{ok}",
    "{ok,"not, so \\\\"good\\\\""}",
    "{"null","null","not, so \\\\"good\\\\""}",
    "{ok,ok,"null",ok,"not, so \\\\"good\\\\""}",
  ],
  [
    "days",
    "{}",
    "{}",
    "{2000-02-02,2015-12-06,2009-04-23,2008-12-26}",
    "{2001-05-08}",
  ],
]
`);
});
