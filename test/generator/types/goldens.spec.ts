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
    "12:36:05.973955",
    "07:48:34.483187",
    "05:25:54.630742",
    "02:59:20.487925",
  ],
  [
    "todz",
    "14:59:09.000000+00",
    "00:34:18.000000+00",
    "23:25:51.000000+00",
    "06:34:37.000000+00",
  ],
  [
    "span",
    "353993.100 seconds",
    "-69390.279 seconds",
    "70260.776 seconds",
    "-505521.089 seconds",
  ],
  [
    "bin",
    "\\\\x17492d028ba953ce4c2c5f6c1166d099cb659acb467852cd80b3dc2ae2902254ba9a425c",
    "\\\\xfb44e04b8b56a36c70556d24",
    "\\\\xb72b248d54953f77af66e81f4e12782f0a5c88f29dd15890c6",
    "\\\\x15060462f8d882e1a4",
  ],
  [
    "ubin",
    "\\\\xd88a0b",
    "\\\\x892810",
    "\\\\x86ac02",
    "\\\\x9a1f12",
  ],
  [
    "js",
    "["selelesem"]",
    "{"a": "buttery at", "b": "who yellow"}",
    "{"a": "skeleton", "b": "trick pl", "c": "victorio", "d": "well bye", "e": "with mid", "f": "individu", "g": "if appli", "h": "as wapat", "i": "what dal", "j": "gracious", "k": "if for r", "l": "bekitebo", "m": "up for f", "n": "wamerati"}",
    "{"aa": "for out", "ab": "a color", "ac": "rasorer", "ad": "nalover", "ae": "into as", "af": "with be", "ag": "require", "ah": "febasae", "ai": "a but i", "aj": "present", "ak": "oily un", "al": "silt of", "am": "notegol", "an": "improba", "ao": "for reb", "ap": "viman m", "aq": "deforme", "ar": "gust sw", "as": "an snar", "at": "bravely", "au": "foolish", "av": "outside", "aw": "starboa", "ax": "radiwa", "ay": "of ine", "az": "vapati", "ba": "regard", "bb": "an one", "bc": "smokee"}",
  ],
  [
    "jsb",
    "{"a": "by mouser impac", "b": "humiliating gow", "c": "kina atop as pa", "d": "apud tenim niro", "e": "riser to if ate", "f": "card when nicel", "g": "peony up or goo", "h": "governance at s", "i": "waterspout down", "j": "per valedelan p", "k": "near lagobis pl", "l": "larozen vaketi", "m": "at home fetari", "n": "baren as an ri", "o": "a underneath t", "p": "up papat midel", "q": "a governance t", "r": "across think a"}",
    "{"aa": "nor vein asha", "ab": "up mapamot le", "ac": "scent to viae", "ad": "whether antic", "ae": "international", "af": "procurement b", "ag": "spectacles in", "ah": "over resolvee", "ai": "up over in at", "aj": "up diligent d", "ak": "like of bapaw", "al": "important bit", "am": "of up persona", "an": "what enhancee", "ao": "exaggerate re", "ap": "waro througho", "aq": "at afore warp", "ar": "design or dis", "as": "of windy leap", "at": "dearest pluse", "au": "per even barr", "av": "angrily relau", "aw": "so trolley co", "ax": "by per mebeka", "ay": "vekebesan one", "az": "nor slowly of", "ba": "with as malfu", "bb": "fedavel who f", "bc": "a domopebam o", "bd": "creature nore", "be": "alb out thump", "bf": "dasela amid s", "bg": "a faralan sas", "bh": "nizogol sodig", "bi": "downright ov", "bj": "ditch as fem"}",
    "{"aa": "airmail crysta", "ab": "marketplace bu", "ac": "minus selepaba", "ad": "or gracious tr", "ae": "pantyhose as u", "af": "monas or kava", "ag": "how lalile mi", "ah": "mid malon ant", "ai": "what ronosomi", "aj": "fela bandwidt", "ak": "yellowish bag", "al": "who as give g", "am": "private ham k", "an": "rare sorovego", "ao": "out sans wobb", "ap": "rare reporter", "aq": "lalorika sham", "ar": "a excluding m", "as": "amid roundabo", "at": "tenokor but p", "au": "beloved since", "av": "mironanin lon", "aw": "roterale to a", "ax": "by faithfully", "ay": "dislocate mak", "az": "in nor at per", "ba": "a downshift a"}",
    "{"a": "anti trustworthye", "b": "over to plus unl", "c": "at pace sakado a", "d": "elliptical lacee", "e": "on of bogalar un", "f": "save now pine ca", "g": "onto fetonigo on"}",
  ],
  [
    "u4",
    "c4d0023482424459a8e7780f7b0f0bad",
    "729bb5e298274512b007fb941f21eabc",
    "7e7458b51c7b43a08dfec57053b233cf",
    "92bfd638042045e4878de5c7a1aea115",
  ],
  [
    "u7",
    "018cc251f40074d7a2147958ecdf303c",
    "018cc251f4017952a767626396ca7140",
    "018cc251f402713da50e2f9b5581db44",
    "018cc251f403746a99d9d65b4ce1e32a",
  ],
  [
    "u7text",
    "018cc251-f400-7977-b6ae-b61a9b279433",
    "018cc251-f401-73eb-aea7-047f9e700b49",
    "018cc251-f402-76b8-a516-8acb72f10693",
    "018cc251-f403-7fe1-a9ee-a2ff956df5b2",
  ],
  [
    "ulid",
    "0105H87W0P9FS6FV6W5NX2XFEX",
    "011TX20EQDBYRHE51Q8NBJDQP4",
    "01240FXS9K68BQ8F8YGKGQ9S56",
    "0131F7D44WRVVQ1Q7WDBGPC8Q4",
  ],
  [
    "cuid",
    "cl4u1zfc4bdhszcnzrgbr3h30",
    "cxvxcck458jx4l234czemh2g5",
    "cnsiv9e845x1bjl1v90mk6j84",
    "cmo84yxlm5vx69gc5pipdz3yj",
  ],
  [
    "pin",
    "219",
    "218",
    "616",
    "717",
  ],
  [
    "price",
    "7.48",
    "42.55",
    "22.62",
    "-22.53",
  ],
  [
    "wide",
    "975788470.6687040000",
    "25352640.7295790000",
    "774183467.5848630000",
    "623947709.1162380000",
  ],
  [
    "tiny",
    "0.0000000325",
    "0.0000000624",
    "0.0000000023",
    "0.0000000724",
  ],
  [
    "thousands",
    "55059000",
    "24627000",
    "74763000",
    "34792000",
  ],
  [
    "free",
    "3.262533",
    "5.568694",
    "7.434387",
    "11.063697",
  ],
  [
    "f4",
    "-0.649",
    "-0.151",
    "0.849",
    "-0.754",
  ],
  [
    "f8",
    "0.000223",
    "0.000023",
    "0.000574",
    "0.000625",
  ],
  [
    "fixed",
    "",
    "up t",
    "once mi",
    "now now cl",
  ],
  [
    "short",
    "cassav8",
    "up_ram3",
    "via_gea",
    "undernb",
  ],
  [
    "nm",
    "uti",
    "kavit mikobomam by conversati",
    "recount zobofamin up at up or up given kibe",
    "showy or spanish whenever a out near parody qua watidos belalof",
  ],
  [
    "letter",
    "w",
    "s",
    "r",
    "a",
  ],
]
`);
});

test('arrays of a seed stay what they are', () => {
  expect(rowsOf(arrayColumns)).toMatchInlineSnapshot(`
[
  [
    "ints",
    "{}",
    "{4,2}",
    "{2,1,-3,1}",
    "{3}",
  ],
  [
    "bigs",
    "{6809518177873042,2133532191321013,4229999523598191,2495003215583597,2887224120548098}",
    "{}",
    "{3481983645619937,8481075345609658,4613213735997700}",
    "{7380499296092275,1771514907818013,3740968496906116,2414325761044534}",
  ],
  [
    "amounts",
    "{2.421}",
    "{7.315,2.065,4.748}",
    "{2.016,7.416,5.097,0.388}",
    "{5.558,7.675}",
  ],
  [
    "singles",
    "{}",
    "{0.03456,0.00189,0.00447,0.00628,0.00775}",
    "{0.00059}",
    "\\N",
  ],
  [
    "doubles",
    "{1.5284809e-05,2.388001e-06,1.317273e-06}",
    "{1.1350467e-05,3.72944e-07,1.2367476e-05,1.228666e-06,3.2535768e-05}",
    "{1.803699e-06,1.614161e-06,2.812476e-06}",
    "{3.764488e-06,7.892533e-06,1.0431426e-05,1.960312e-05}",
  ],
  [
    "huge",
    "{}",
    "{674600352353053}",
    "{20992978430939,999700623777723,612940334799475,997119647142541}",
    "{}",
  ],
  [
    "flags",
    "{t,f,f}",
    "{f,f}",
    "\\N",
    "{t,t,t,t,f}",
  ],
  [
    "words",
    "{k}",
    "{fdbb,pq,cp}",
    "{qlte,or}",
    "\\N",
  ],
  [
    "codes",
    "{ih,nm}",
    "{rm,st}",
    "{f,bp,mc,f}",
    "\\N",
  ],
  [
    "ids",
    "{1e0b1ac4-5d71-4c7d-870f-14c467cf580d,9cae0bb6-5664-4a91-9ac3-b357e3f92b91}",
    "{c4c2a0c2-08b1-4e74-b692-c45b05aa1510}",
    "{}",
    "{}",
  ],
  [
    "moods",
    "{ok,ok,"null","null"}",
    "{"null","not, so \\\\"good\\\\"",ok,ok,"null"}",
    "{"not, so \\\\"good\\\\"","null"}",
    "{"null","not, so \\\\"good\\\\""}",
  ],
  [
    "days",
    "{2017-04-26,2024-07-15}",
    "{1998-11-12,2009-12-25,2008-11-07,2018-05-10}",
    "{2011-01-16,2021-10-11,2001-01-20}",
    "{2020-04-02,2018-09-06,2001-03-09,2023-10-12,2019-12-29}",
  ],
]
`);
});
