// The forms of fakes: mails of example.com, phones of +999, and words of our lists, with a tail of twelve letters where they are distinct.
// A column that is too short cuts the words off, never the tail; then only what is whole is compared with the lists.
import type { FakeKind } from '../../../spec/sync-rules.ts';
import { FAKE_WORDS, type FakeOptions } from '../../masks/fake.ts';
import { isOneOf, matchesPattern, type TextForm } from './text-form.ts';

const { firstNames, lastNames, streets, cities } = FAKE_WORDS;
const TAIL = '[a-kmnp-z2-9]{12}';
const TAIL_LENGTH = 12;
const TAILS = 2 ** 60;
const COUNTRY = '+999';

/** The form of the fakes that masks/fake.ts makes under these options. */
export function fakeForm(kind: FakeKind, options: FakeOptions): TextForm {
  switch (kind) {
    case 'mail':
      return {
        name: 'fake mails',
        matches: (value) => matchesPattern(value, `^(?:[a-z.]+[.])?${TAIL}@example[.]com$`),
        size: TAILS,
        isWhole: true,
      };
    case 'phone':
      return phoneForm(options);
    default:
      return options.isDistinct ? distinctForm(kind, options.maxLength) : wordsForm(kind, options.maxLength);
  }
}

function phoneForm({ isDistinct, maxLength }: FakeOptions): TextForm {
  const room = maxLength ?? Number.POSITIVE_INFINITY;
  const digits = Math.max(0, Math.min(isDistinct ? 17 : 9, room - COUNTRY.length));
  const start = COUNTRY.slice(1, room);
  return {
    name: 'fake phones',
    matches: (value) => matchesPattern(value, `^[+]${start}[0-9]{${digits}}$`),
    size: 10 ** digits,
    isWhole: true,
  };
}

type WordKind = Exclude<FakeKind, 'mail' | 'phone'>;

interface Words {
  readonly name: string;
  readonly longest: number;
  readonly size: number;
  /** Of a text that was not cut off. */
  readonly matches: (value: string) => string;
  /** Of one that may have been. */
  readonly matchesCut: (value: string) => string;
}

const longestOf = (words: readonly string[]) => Math.max(...words.map(({ length }) => length));
const beginnings = (words: readonly string[]) =>
  words.flatMap((word) => Array.from({ length: word.length + 1 }, (_, length) => word.slice(0, length)));

const oneWord = (name: string, words: readonly string[]): Words => ({
  name,
  longest: longestOf(words),
  size: new Set(words).size,
  matches: (value) => isOneOf(value, words),
  matchesCut: (value) => isOneOf(value, beginnings(words)),
});

const WORDS: Readonly<Record<WordKind, Words>> = {
  firstName: oneWord('fake first names', firstNames),
  lastName: oneWord('fake last names', lastNames),
  name: {
    name: 'fake names',
    longest: longestOf(firstNames) + 1 + longestOf(lastNames),
    size: new Set(firstNames).size * new Set(lastNames).size,
    matches: (value) => `${isOneOf(before(value), firstNames)} and ${isOneOf(after(value), lastNames)}`,
    matchesCut: (value) =>
      `(${isOneOf(value, beginnings(firstNames))} or (${isOneOf(before(value), firstNames)} and ${isOneOf(after(value), beginnings(lastNames))}))`,
  },
  address: {
    name: 'fake addresses',
    longest: 3 + longestOf(lastNames) + longestOf(streets) + longestOf(cities) + 4,
    size: 999 * new Set(lastNames).size * new Set(streets).size * new Set(cities).size,
    matches: (value) =>
      [
        matchesPattern(value, '^[1-9][0-9]{0,2} [^ ]+ [^ ]+, .+$'),
        isOneOf(`split_part(${value}, ' ', 2)`, lastNames),
        isOneOf(`rtrim(split_part(${value}, ' ', 3), ',')`, streets),
        isOneOf(`substr(${value}, position(', ' in ${value}) + 2)`, cities),
      ].join(' and '),
    matchesCut: (value) => matchesPattern(value, '^(?:$|[1-9][0-9]{0,2}(?: |$))'),
  },
};

function before(value: string): string {
  return `split_part(${value}, ' ', 1)`;
}

/** What comes after the first space; all of it where there is none. */
function after(value: string): string {
  return `substr(${value}, position(' ' in ${value}) + 1)`;
}

function wordsForm(kind: WordKind, maxLength: number | null): TextForm {
  const words = WORDS[kind];
  const isCut = maxLength !== null && maxLength < words.longest;
  return {
    name: words.name,
    matches: (value) => (isCut ? cutOr(words, value, { length: maxLength, text: value }) : `(${words.matches(value)})`),
    // Beginnings of words are fewer than words.
    size: isCut ? new Set(firstNames.map((word) => word.slice(0, maxLength))).size : words.size,
    isWhole: !isCut,
  };
}

function distinctForm(kind: WordKind, maxLength: number | null): TextForm {
  const words = WORDS[kind];
  const isCut = maxLength !== null && maxLength < words.longest + 1 + TAIL_LENGTH;
  const start = (value: string) => `left(${value}, greatest(0, char_length(${value}) - ${TAIL_LENGTH + 1}))`;
  return {
    name: `${words.name} with a tail`,
    matches: (value) => {
      const whole = isCut ? cutOr(words, value, { length: maxLength, text: start(value) }) : `(${words.matches(start(value))})`;
      return `(${matchesPattern(value, `^(?:.* )?${TAIL}$`)} and ${whole})`;
    },
    size: TAILS,
    isWhole: !isCut,
  };
}

/** A blank at the end is lost in a char(n), so one character less may be a text that was cut off. */
function cutOr(words: Words, value: string, { length, text }: { readonly length: number; readonly text: string }): string {
  const isFull = `char_length(${value}) >= ${length - 1}`;
  return `(case when ${isFull} then ${words.matchesCut(text)} else ${words.matches(text)} end)`;
}
