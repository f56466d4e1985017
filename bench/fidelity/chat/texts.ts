// Names, titles, file names and message bodies: syllables instead of a real language, with a vocabulary in which few words are
// most of the text and the same short answers come again and again.
import type { Draws } from './draws.ts';

const CONSONANTS = [...'bdfgklmnprstvwz'];
const VOWELS = [...'aeiou'];
const ANSWERS = [
  'ok',
  'yes',
  'thanks',
  'lol',
  'no',
  'sure',
  'haha',
  'yep',
  'hi',
  'cool',
  'k',
  'done',
  'ok!',
  'thx',
  'same',
  'good morning',
];
const EXTENSIONS = { image: 'jpg', video: 'mp4', document: 'pdf', audio: 'ogg' };

export type MediaKind = keyof typeof EXTENSIONS;

function makeWord(draws: Draws): string {
  const syllables = 1 + draws.geometric(1);
  return Array.from({ length: syllables }, () => draws.pick(CONSONANTS) + draws.pick(VOWELS)).join('');
}

/** Short names go first: who joins late gets digits. */
export function makeUsername(lateness: number, taken: Set<string>, draws: Draws): string {
  for (let digits = draws.chance(0.25 + 0.6 * lateness) ? 2 : 0; ; digits += 1) {
    const words = Array.from({ length: draws.chance(0.35) ? 2 : 1 }, () => makeWord(draws).padEnd(3, 'n'));
    const number = digits === 0 ? '' : String(draws.below(10 ** digits));
    const name = `${words.join(draws.chance(0.5) ? '.' : '_')}${number}`.slice(0, 30);
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

export function makeTitle(words: number, draws: Draws): string {
  return Array.from({ length: words }, () => makeWord(draws))
    .join(' ')
    .slice(0, 60);
}

export function makeFileName(kind: MediaKind, time: number, draws: Draws): string {
  const stamp = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
  const extension = EXTENSIONS[kind];
  if (kind === 'document') return `${makeWord(draws)}-${makeWord(draws)}.${draws.chance(0.7) ? extension : 'xlsx'}`;
  if (kind === 'audio') return draws.chance(0.8) ? `voice.${extension}` : `${makeWord(draws)}.mp3`;
  return `${kind === 'image' ? 'IMG' : 'VID'}_${stamp}_${String(draws.below(1_000_000)).padStart(6, '0')}.${extension}`;
}

/** A long text to cut bodies from. */
export function makeTextPool(draws: Draws): string {
  const vocabulary = Array.from({ length: 4000 }, () => makeWord(draws));
  let pool = '';
  while (pool.length < 2_000_000) pool += `${vocabulary[Math.floor(4000 * draws.next() ** 4)] ?? ''} `;
  return pool;
}

/** A body of that length; a short one is often an answer that others give too. Length 0 is a message of media alone. */
export function makeBody(length: number, pool: string, draws: Draws): string {
  if (length <= 12 && length > 0 && draws.chance(0.7)) return ANSWERS[Math.floor(ANSWERS.length * draws.next() ** 2)] ?? 'ok';
  const start = draws.below(pool.length - length - 1);
  const body = pool.slice(start, start + length);
  return body.trim() === '' ? body.replaceAll(' ', 'a') : body.replace(/^ | $/g, '.');
}
