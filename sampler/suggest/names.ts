// What the name of a column says about where it points: `owneruserid`, `owner_user_id` and `ownerUserId` all end with the key of
// users. Works on words where a name has them, and on the end of the name where it is one word.
import type { SourceTable } from '../introspect/source.ts';

/** Words that only say that a column is a key. */
const KEY_WORDS = ['id', 'uuid', 'guid', 'key', 'pk', 'fk', 'ref', 'no', 'nr', 'code'];
/** Names of keys that need their table's name beside them. */
const GENERIC_KEYS = new Set([...KEY_WORDS, 'num', 'number', 'oid', 'gid', 'uid', 'ident', 'name']);
/** Last words of columns that may point somewhere although no table is named. */
const POINTING_WORDS = new Set(['id', 'uuid', 'guid', 'fk', 'ref', 'key', 'by', 'of', 'to']);
/** First words (or beginnings) of columns that point into their own table. */
const ROLES = [
  'parent',
  'manager',
  'boss',
  'supervisor',
  'superior',
  'root',
  'ancestor',
  'previous',
  'prev',
  'next',
  'predecessor',
  'successor',
  'reports',
  'reply',
  'inreply',
  'original',
  'duplicate',
  'mentor',
  'supersedes',
  'superseded',
  'replaces',
  'replaced',
  'mother',
  'father',
  'container',
  'subclass',
  'master',
];
/** Roles that can be a column's whole name. */
const NOUNS = new Set(['parent', 'manager', 'boss', 'supervisor', 'superior', 'ancestor', 'predecessor', 'successor', 'mentor']);
const POINTING_ENDING = /(id|uuid|guid|fk|ref|by|of|to)$/;
/** Shorter roles count as whole words only. */
const MIN_PREFIX_ROLE = 5;

const IRREGULAR: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  mice: 'mouse',
  geese: 'goose',
  indices: 'index',
  vertices: 'vertex',
  matrices: 'matrix',
  criteria: 'criterion',
  media: 'medium',
  data: 'datum',
};

/** How well a name fits: 3 is the key's own name, 2 ends with it, 1 is the bare name of a table or of some unique column. */
export interface NameMatch {
  readonly score: 1 | 2 | 3;
  /** Letters that fit; of two fits the longer one says more. */
  readonly length: number;
}

/** Lower-case words of a name in any of the usual spellings. */
export function splitWords(name: string): string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The word and what it may be the plural of. */
export function singularsOf(word: string): string[] {
  const forms = [word];
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) forms.push(irregular);
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (/(s|x|z|ch|sh|o)es$/.test(word)) forms.push(word.slice(0, -2));
  if (/[^s]s$/.test(word) && word.length > 2) forms.push(word.slice(0, -1));
  return forms;
}

/** Words of a column without the prefix that all columns of its table share (`m_creatorid` among `m_...`). */
export function columnWords(table: SourceTable, column: string): string[] {
  const words = splitWords(column);
  const first = words[0];
  const isPrefix = table.columns.length > 1 && table.columns.every(({ name }) => splitWords(name)[0] === first);
  return isPrefix && words.length > 1 ? words.slice(1) : words;
}

/** Names that the table goes by: all its words, then its last ones, each in the singular too. */
function stemsOf(table: SourceTable): string[] {
  const words = splitWords(table.table.name);
  const named = words.length > 1 && isKeyWord(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  return named.flatMap((_, start) => {
    const tail = named.slice(start);
    return singularsOf(tail.at(-1) ?? '').map((last) => [...tail.slice(0, -1), last].join(''));
  });
}

function isKeyWord(word: string): boolean {
  return KEY_WORDS.includes(word) || KEY_WORDS.includes(word.replace(/s$/, ''));
}

/** Whether the column is named as the key of its own table: `id`, `artist_id`, `idArtist`. */
export function isOwnKeyName(table: SourceTable, column: string): boolean {
  const words = columnWords(table, column);
  const name = words.join('');
  if (GENERIC_KEYS.has(name)) return true;
  return stemsOf(table).some((stem) => KEY_WORDS.some((word) => name === stem + word || name === word + stem));
}

/** How the column's name fits the key `keyColumn` of `parent`; null where it does not. */
export function matchName(child: SourceTable, column: string, parent: SourceTable, keyColumn: string): NameMatch | null {
  const words = rotate(columnWords(child, column));
  const key = columnWords(parent, keyColumn).join('');
  const stems = stemsOf(parent);
  const isGeneric = GENERIC_KEYS.has(key);
  const isOwn = isOwnKeyName(parent, keyColumn);
  const endings = isOwn && (KEY_WORDS.includes(key) || !isGeneric) ? KEY_WORDS : [key];
  const forms = [...(isGeneric ? [] : [key]), ...stems.flatMap((stem) => endings.map((ending) => stem + ending))];
  // A key that is not named after its table (a unique `position`) may share its name with anything.
  const weigh =
    (form: string) =>
    (match: NameMatch): NameMatch =>
      isOwn || form !== key ? match : { ...match, score: 1 };
  const best = [...new Set(forms)].flatMap((form) => fitForm(words, form).map(weigh(form))).sort(compareMatches)[0];
  if (best !== undefined) return best;
  const bare = isOwn ? stems.filter((stem) => words.join('') === stem || words.at(-1) === stem) : [];
  return bare[0] === undefined ? null : { score: 1, length: bare[0].length };
}

/** The better match first. */
export function compareMatches(left: NameMatch, right: NameMatch): number {
  return right.score - left.score || right.length - left.length;
}

/** `fk_user`, `id_user`: the key word goes to the end. Numbers inside (`person1id`) say which of several. */
function rotate(words: readonly string[]): string[] {
  const [first = '', ...rest] = words;
  const turned =
    rest.length > 0 && isKeyWord(first) && !isKeyWord(rest.at(-1) ?? '') ? [...rest, first === 'fk' ? 'id' : first] : words;
  const plain = turned.map((word) => word.replace(/\p{N}+/gu, '')).filter((word) => word !== '');
  return plain.length > 0 ? plain : [...turned];
}

function fitForm(words: readonly string[], form: string): NameMatch[] {
  const name = words.join('');
  if (name === form) return [{ score: 3, length: form.length }];
  if (!name.endsWith(form)) return [];
  const start = name.length - form.length;
  const starts = words.map((_, at) => words.slice(0, at).join('').length);
  const isOneWord = words.length === 1;
  return isOneWord || starts.includes(start) ? [{ score: 2, length: form.length }] : [];
}

/** Whether the name says that the column points into its own table. A count of replies or a next level does not. */
export function hasRoleInOwnTable(table: SourceTable, column: string): boolean {
  const words = columnWords(table, column);
  const name = words.join('');
  if (NOUNS.has(name)) return true;
  return POINTING_ENDING.test(name) && [...words, name, name.replace(/(id|uuid)$/, '')].some(isRole);
}

function isRole(word: string): boolean {
  return ROLES.some((role) => word === role || (role.length >= MIN_PREFIX_ROLE && word.startsWith(role)));
}

/** Whether the name says that the column points somewhere. */
export function isPointingName(table: SourceTable, column: string): boolean {
  const words = columnWords(table, column);
  const last = words.at(-1) ?? '';
  return POINTING_WORDS.has(last) || /(id|uuid|guid)$/.test(last) || hasRoleInOwnTable(table, column);
}

const TIME_WORDS = new Set(
  'at on time date datetime timestamp ts tstamp created updated modified changed deleted epoch unix expires expiry expiration since until when seen last start started starts end ended ends begin deadline ms millis seconds utc stamp'.split(
    ' ',
  ),
);
const TIME_ENDING = /(time|date|stamp|epoch|millis|_ts|_at|expires|expiry|seen|created|updated|modified)$/;

/** Whether the name says that the column holds a time. */
export function isTimeName(table: SourceTable, column: string): boolean {
  const words = columnWords(table, column);
  return words.some((word) => TIME_WORDS.has(word)) || TIME_ENDING.test(words.join('_'));
}
