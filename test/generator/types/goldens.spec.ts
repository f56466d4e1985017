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
    "02:59:26.863938",
    "04:12:30.642986",
    "08:58:22.812722",
    "23:24:40.458789",
  ],
  [
    "todz",
    "08:57:33.000000+00",
    "12:34:18.000000+00",
    "11:26:12.000000+00",
    "13:48:46.000000+00",
  ],
  [
    "span",
    "\\N",
    "508876.907 seconds",
    "\\N",
    "1386209.206 seconds",
  ],
  [
    "bin",
    "\\\\x8891186c49e3c14eec47381d59a4b06280f1d2255e5b5e31efe23b",
    "\\\\x557dc0339ff86ff909dff3ed1f5315095dae",
    "\\\\x343022634d0822c84aca25fd91c02567f2ec35d0e98a4e2687b18f91293105fa74865a0d",
    "\\\\x2badc1c47f29b47d8227145868a0a6c093f7a0e823bf5b707f375f53f9afddd3220d",
  ],
  [
    "ubin",
    "\\\\x224707",
    "\\\\x825510",
    "\\\\xe92609",
    "\\\\xca080d",
  ],
  [
    "js",
    "{"a": "ita arca b", "b": "talis tota"}",
    "{"a": "sciunt fa", "b": "tamquame", "c": "gulus so", "d": "eblandit", "e": "ssus ute", "f": "ries vol", "g": "m centum", "h": "inco cul", "i": "vulticul", "j": "ficiosee", "k": "sa vulnu"}",
    "{"aa": "ecanto v", "ab": "eautem v", "ac": "bro depe", "ad": "ungo il", "ae": "o culpo", "af": "uffocoe", "ag": "erelinq", "ah": "tio atr", "ai": "a aequi", "aj": "no stip", "ak": "ndus te", "al": "m cum h", "am": "imque s", "an": "onsor c", "ao": "admoveo", "ap": "viscuse", "aq": "m coloe", "ar": "it deli", "as": "misiume", "at": "pturi t", "au": "rotatio", "av": "naculum", "aw": "ssitudo", "ax": "viridis", "ay": "um capi", "az": "esodali", "ba": "stas at"}",
    "{"aa": "mmunise", "ab": "ntum cu", "ac": "o supel", "ad": "archite", "ae": "o artic", "af": "olvo ap", "ag": "sub mag", "ah": "adipisc", "ai": "ollitia", "aj": "ctus ar", "ak": "nus cre", "al": "eeos ut", "am": "emergoe", "an": "ias vid", "ao": "a repud", "ap": "s cohib", "aq": "desoloe", "ar": "et pecc", "as": "ibo ver", "at": "bas adh", "au": "ecanoni", "av": "eamplus", "aw": "idus no", "ax": "ore ab", "ay": "ciis t", "az": "versee", "ba": "tigium", "bb": "ulnuse", "bc": "culume"}",
  ],
  [
    "jsb",
    "{"aa": "a id derelinq", "ab": "us virga abst", "ac": "eallatus voro", "ad": "ebilito curvo", "ae": "tantia balbus", "af": "ro despecto s", "ag": "ed adopto tem", "ah": "nicio vestere", "ai": "minatio vinco", "aj": "vulgivagus sp", "ak": "etamisium coh", "al": "picio collume", "am": "itas capto su", "an": "ressus consce", "ao": "is magnam bla", "ap": "onsor tollo t", "aq": "decipio crept", "ar": "ulum autus co", "as": "eabbas urbs b", "at": "evalens benev", "au": "ulescens stre", "av": "ihil usitas v", "aw": "o aperiam sol", "ax": "s cauda vorax", "ay": "edeputo vilit", "az": "calculus vini", "ba": "somniculosuse", "bb": "itto tamquam", "bc": "truus commod", "bd": "rmae suffici", "be": "ratio aeneus", "bf": "absum spargo", "bg": "aritudo talu", "bh": "estivus vale"}",
    "{"a": "cupiditate utpo"}",
    "{"a": "one talus pect", "b": "ator arcesso c", "c": "ulum cubicular", "d": "co defaeco tex", "e": "hermae undique", "f": "edeputo undiqu", "g": "e tam depereoe", "h": "theca abscondi", "i": "dstringo volub", "j": "do veritatis t", "k": "unt arguo calc", "l": "demo nostrum v"}",
    "{"aa": "endus sublime", "ab": "m conicio tra", "ac": "ium clam crib", "ad": "nuo summa bai", "ae": "uitas causa v", "af": "onfugo peiore", "ag": "cto adfectuse", "ah": "um xiphias ap", "ai": "ra velum simi", "aj": "edeleo cervus", "ak": "ticulus argum", "al": "cido tergum e", "am": "xcepturi vito", "an": "conservo tant", "ao": "s cibo acerbi", "ap": "abgo vita ben", "aq": "us tergeo umb", "ar": "to curia bibo", "as": "o iusto templ", "at": "ebasium solut", "au": "uria demo dig", "av": "etriumphus mi", "aw": "ssitatibus ae", "ax": "elaboriosam t", "ay": "omprehendo us", "az": "udacia expedi", "ba": "ita antiquuse", "bb": "amo coadunati", "bc": "probo audio c", "bd": "ustineo absor", "be": "um supra cons", "bf": "nscendo trado", "bg": "e praesentium", "bh": "econservo is", "bi": "esodalitas t", "bj": "m crudelis c"}",
  ],
  [
    "u4",
    "dca42b0038104d8492772535432562d6",
    "38105d84dca44b00832562d692772535",
    "92772535432542d69ca42b0038105d84",
    "432562d692774535b8105d84dca42b00",
  ],
  [
    "u7",
    "018cc251f4007db1b7bf083c3fb672bf",
    "018cc251f401783ca6104db183950a7c",
    "018cc251f40272bf83950a7c66104db1",
    "018cc251f4037a7cbfb672bf77bf083c",
  ],
  [
    "u7text",
    "018cc251-f400-77df-86a1-6096c40b76a9",
    "018cc251-f401-7096-9a75-17dfa13b815d",
    "018cc251-f402-76a9-a13b-815d5a7517df",
    "018cc251-f403-715d-840b-76a9c6a16096",
  ],
  [
    "ulid",
    "0108P2PSCFZTRMN5T6RBSEWWGC",
    "011KGXZTKC2RGF1RRB7YKSXTQ9",
    "012MFCHSFWAETS9KP274HSN0HS",
    "013HQA3EZ50V7XYG1JJZBN6VG7",
  ],
  [
    "cuid",
    "ctc4mvnlo9h22ndtr47tug47h",
    "c551dzotzauo69dux5hvp4co6",
    "c7slrrsk5e2w1b9l3fpu831rc",
    "c1ho8kywfjrvoe6jyaksr7q08",
  ],
  [
    "pin",
    "610",
    "812",
    "307",
    "102",
  ],
  [
    "price",
    "42.44",
    "32.54",
    "37.42",
    "-42.55",
  ],
  [
    "wide",
    "123693085.6948670000",
    "373242173.8363880000",
    "976469500.9448590000",
    "23785070.9395380000",
  ],
  [
    "tiny",
    "0.0000000874",
    "0.0000000973",
    "0.0000000575",
    "0.0000000374",
  ],
  [
    "thousands",
    "-4846000",
    "-95203000",
    "34873000",
    "-24712000",
  ],
  [
    "free",
    "13.020977",
    "1.326549",
    "25.796307",
    "9.766709",
  ],
  [
    "f4",
    "0.55",
    "-0.95",
    "-0.151",
    "-0.453",
  ],
  [
    "f8",
    "0.000473",
    "0.000023",
    "0.000525",
    "0.000275",
  ],
  [
    "fixed",
    "esper s",
    "sup",
    "nditiise",
    "s t",
  ],
  [
    "short",
    "eo_ami1",
    "onsuasi",
    "nitioe4",
    "o_veri0",
  ],
  [
    "nm",
    "o decet aequitas suggero demergo suscipit a",
    "ia dere",
    "landior aequ",
    "emergo conspergo pecus vivo adsuesco o",
  ],
  [
    "letter",
    "v",
    "u",
    "e",
    "h",
  ],
]
`);
});

test('arrays of a seed stay what they are', () => {
  expect(rowsOf(arrayColumns)).toMatchInlineSnapshot(`
[
  [
    "ints",
    "{1,-2,-2,-4}",
    "{3,0,2}",
    "{2,1,4,4,-1}",
    "\\N",
  ],
  [
    "bigs",
    "{842371551113219,5734137384818121,3501319101300414,4800031704456240}",
    "{1616981487731310,8668583790090150,2994763582490390}",
    "\\N",
    "{}",
  ],
  [
    "amounts",
    "{0.049,5.585,8.319,7.350}",
    "\\N",
    "{4.625,6.723,0.055}",
    "{}",
  ],
  [
    "singles",
    "{0.00103,0.00256,0.01318,0.01716}",
    "{0.00833,0.01479,0.01178,0.00458}",
    "{0.00099}",
    "{}",
  ],
  [
    "doubles",
    "{1.32148e-07,6.65078e-06,6.607834e-06}",
    "{5.396329e-06,4.520004e-06,1.0094813e-05,4.059898e-06}",
    "{1.788506e-06,1.0231694e-05}",
    "\\N",
  ],
  [
    "huge",
    "{31452664755491,19499626526631,999143883197054,998473701256415,996261995701699}",
    "{}",
    "{918259745877358,141520700819114,998847187416208,635139867450959}",
    "{999936183382798}",
  ],
  [
    "flags",
    "{}",
    "\\N",
    "{f,t,t}",
    "{f,t,t,f,t}",
  ],
  [
    "words",
    "{hcebi,blsdm,n,g,ifhk}",
    "{ktf,mr,odih}",
    "\\N",
    "{enoi,scdcg}",
  ],
  [
    "codes",
    "{tq,dt,mp,nb}",
    "{r,ta,pj}",
    "{}",
    "{tn,p,sb,fi}",
  ],
  [
    "ids",
    "{910e2bef-b0c7-46cc-a45f-ed5f50466f6e,9a17ed7e-56b0-4add-a55a-c2b3852294a9,452e6309-6d6f-4b87-acbb-7aca8a2ecd56,819956ac-5602-45c5-9926-e6a932e01ad0}",
    "{c571c68c-706f-4d18-b81d-09d8e7afd358,6f2879ae-361d-4178-9d92-e9e4d3f17752,8729fddb-46f6-43e2-b7bf-04a09b593c95}",
    "{}",
    "{4045e335-c44c-4c6a-9778-d0e23045cec8,2dbf35e3-83c6-442b-b8f5-dcec346e9a5e}",
  ],
  [
    "moods",
    "{ok,ok,ok}",
    "{"null",ok}",
    "\\N",
    "{"null","not, so \\\\"good\\\\"",ok}",
  ],
  [
    "days",
    "{2023-04-15,2006-06-12,2003-08-15,2019-04-13}",
    "\\N",
    "{2024-02-18}",
    "{}",
  ],
]
`);
});
