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
    "10:13:00.486440",
    "17:24:11.848065",
    "12:34:42.233077",
    "19:48:41.543912",
  ],
  [
    "todz",
    "18:34:43.000000+00",
    "01:47:46.000000+00",
    "00:36:16.000000+00",
    "22:11:57.000000+00",
  ],
  [
    "span",
    "-1917626.794 seconds",
    "676598.159 seconds",
    "\\N",
    "-69735.831 seconds",
  ],
  [
    "bin",
    "\\\\xd3dcc4e53a92edc9368cd20400f9fd9aff84971f71197195b4eca8d7f2f4dcad75ebc993",
    "\\\\xb6ff0d",
    "\\\\x90bf7de198984b90351444419a278881acf8",
    "\\\\xf222624f18189f00771856cff5b661011455aa2de6c26d96d99ed10067",
  ],
  [
    "ubin",
    "\\\\x67d10a",
    "\\\\x33a10b",
    "\\\\xc6c102",
    "\\\\xdd7e12",
  ],
  [
    "js",
    "{"a": "nab cont", "b": "spew nor", "c": "lepar wi", "d": "till exp", "e": "forenens", "f": "teranofa", "g": "at purpl", "h": "in rovep", "i": "aside mo", "j": "healthil", "k": "modulo p", "l": "hygienic", "m": "who thes", "n": "now past", "o": "apropose", "p": "when rez", "q": "unearthe", "r": "excepte", "s": "merrily", "t": "excitab"}",
    "{"a": "under ri", "b": "about at", "c": "coordina", "d": "becausee", "e": "if durin", "f": "dimol bl", "g": "a starke", "h": "foolishe", "i": "or frizz", "j": "to likee", "k": "daughter", "l": "alarmede", "m": "peda sop", "n": "off whoe", "o": "at konar", "p": "amidste", "q": "unsunge"}",
    "{"a": "gari losa", "b": "offensive", "c": "at off vi", "d": "prudent o", "e": "near rig", "f": "bofato b", "g": "scruplee", "h": "off at c", "i": "at enlig", "j": "for hexa", "k": "an how s", "l": "exempt e", "m": "by at co", "n": "hello in", "o": "lest bes", "p": "up sadly", "q": "misprono", "r": "like yet", "s": "weightye", "t": "how squa", "u": "dasem ge", "v": "revere w", "w": "disinher", "x": "komi whe"}",
    "{"aa": "warm ant", "ab": "since up", "ac": "athwarte", "ad": "extensi", "ae": "lozesee", "af": "teta mi", "ag": "excludi", "ah": "despite", "ai": "accesso", "aj": "mediane", "ak": "specifi", "al": "guzzlee", "am": "vafa vi", "an": "but hel", "ao": "brace f", "ap": "nor why", "aq": "up at a", "ar": "daughte", "as": "vivan d", "at": "off alo", "au": "sense d", "av": "pro sel", "aw": "close g", "ax": "anti be", "ay": "kegabal", "az": "at an s", "ba": "sans go"}",
  ],
  [
    "jsb",
    "{"a": "potentially tho", "b": "plus quickly va", "c": "who but save if", "d": "mid pekizolese", "e": "apud unlike ev", "f": "why a shaft sa", "g": "very how witho", "h": "gift blushinge", "i": "off yummy nose", "j": "inside fun now", "k": "now kasosal on", "l": "to roger off l", "m": "hexagon pro fo", "n": "amongst at ver"}",
    "{"a": "who whether nime", "b": "bin proper whisp", "c": "furthermore lini"}",
    "{"a": "voluminous fab", "b": "repurpose atop", "c": "up a lowanolos", "d": "lebato daughte", "e": "croon netilako", "f": "now up letalod", "g": "shanghai brisk", "h": "dazzling leste", "i": "bathhouse inte", "j": "in off explora", "k": "mota wise whye", "l": "teviniton trib", "m": "in supposing s", "n": "abnegate yummy", "o": "so mosem furio", "p": "mekinim quadru", "q": "lirel feran pe", "r": "expert worthye", "s": "so plus differ", "t": "as bad withine", "u": "hence sans hol", "v": "zesit musty gi", "w": "upright bodele", "x": "up who kesofam", "y": "netirima swee"}",
    "\\N",
  ],
  [
    "u4",
    "96a29aaa053d477087e1beb6acb184d7",
    "256178f3467744a281b7dc23f0db022a",
    "b0302c80330945f1824c66d647e6bb40",
    "ca098511e1c948a0889cfa6baa175342",
  ],
  [
    "u7",
    "018cc251f400743ebda0869c788caea1",
    "018cc251f40174cc81fa5dd91a16525b",
    "018cc251f4027dd79e24b56deecd8431",
    "018cc251f40378279ca92be0a2fc8a27",
  ],
  [
    "u7text",
    "018cc251-f400-7833-bc7e-3d4f28840252",
    "018cc251-f401-7f8b-9a96-31b1b51d2406",
    "018cc251-f402-7f9d-9766-1090466534ad",
    "018cc251-f403-7118-8fff-5481fa08f0fa",
  ],
  [
    "ulid",
    "010N49BHB3F93Z4XPEWS2HD234",
    "0111881DTXFVWX7CKB00JB9X6F",
    "012P1BW06WWYC4B7W5283VDC3D",
    "013TYHT6E6H5X6SJ0WMMBWQ46K",
  ],
  [
    "cuid",
    "cigtcddk8qhbo7ajtrzj36l3d",
    "caltudbqr11nvbwul6j1ntaeb",
    "cqi30euar253i84si47i2rmic",
    "crnheq0fr6j32eyym2xw1pje8",
  ],
  [
    "pin",
    "406",
    "805",
    "416",
    "904",
  ],
  [
    "price",
    "-37.66",
    "47.58",
    "-42.54",
    "37.43",
  ],
  [
    "wide",
    "324297401.5952310000",
    "123743958.4278940000",
    "175111012.5792360000",
    "874350509.2238600000",
  ],
  [
    "tiny",
    "0.0000000224",
    "0.0000000024",
    "0.0000000124",
    "0.0000000873",
  ],
  [
    "thousands",
    "-34801000",
    "24661000",
    "85073000",
    "65078000",
  ],
  [
    "free",
    "1.327954",
    "20.812042",
    "4.708720",
    "36.749335",
  ],
  [
    "f4",
    "0.949",
    "-0.149",
    "-0.851",
    "-0.052",
  ],
  [
    "f8",
    "0.000124",
    "0.000175",
    "0.000974",
    "0.000774",
  ],
  [
    "fixed",
    "norafa a",
    "i",
    "minuse",
    "sovit",
  ],
  [
    "short",
    "traffi0",
    "dolabo6",
    "loh",
    "like_v8",
  ],
  [
    "nm",
    "concerning off pretend behest delectable of prudent apud unus",
    "leda kick thongs dependent a in steel whup to datom at a synthe",
    "as at subtract dibozol adult odd surpr",
    "obscure intervention linobes now crest forceful righteously eas",
  ],
  [
    "letter",
    "m",
    "i",
    "t",
    "o",
  ],
]
`);
});

test('arrays of a seed stay what they are', () => {
  expect(rowsOf(arrayColumns)).toMatchInlineSnapshot(`
[
  [
    "ints",
    "{2,-3,4,-1}",
    "{}",
    "{}",
    "{-2,1}",
  ],
  [
    "bigs",
    "{}",
    "{6720140069348701,5736851638152488}",
    "{5429503701690922}",
    "{5767528806159365}",
  ],
  [
    "amounts",
    "{2.570,8.865,7.937,8.531}",
    "{}",
    "{1.817,7.016,8.276,0.308,7.253}",
    "{3.847,6.956,7.403}",
  ],
  [
    "singles",
    "{0.00461,0.00811,0.01102,0.0146}",
    "{0.01198}",
    "{0.00191,0.00996,0.00886}",
    "{0.03004}",
  ],
  [
    "doubles",
    "{1.0449726e-05}",
    "{}",
    "\\N",
    "{6.22969e-07,1.4514216e-05,2.1853754e-05}",
  ],
  [
    "huge",
    "{428651427413853}",
    "{}",
    "{}",
    "{999141201655301,998670943192809,502452477548700}",
  ],
  [
    "flags",
    "{}",
    "{f,t,f,f,t}",
    "{}",
    "{f,f,t,t}",
  ],
  [
    "words",
    "{}",
    "{ohp,c,moe,bq}",
    "{k,ao}",
    "\\N",
  ],
  [
    "codes",
    "{p,jr,mt,hc,kb}",
    "{ms,k}",
    "{p}",
    "{}",
  ],
  [
    "ids",
    "{}",
    "{}",
    "{f18b4453-040e-4099-b4a3-ea9817010f1d}",
    "{d058f6d3-b823-469b-bbf6-2dce97bbc7a9}",
  ],
  [
    "moods",
    "{"not, so \\\\"good\\\\""}",
    "{"not, so \\\\"good\\\\"","null",ok,ok,ok}",
    "{"not, so \\\\"good\\\\"","null","null","not, so \\\\"good\\\\"",ok}",
    "{"null","null","not, so \\\\"good\\\\"","null",ok}",
  ],
  [
    "days",
    "{2012-05-15,2013-12-08,1998-02-12,2014-01-26}",
    "{}",
    "{2000-04-17}",
    "{}",
  ],
]
`);
});
