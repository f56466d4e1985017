// What sampled values look like: which detectors recognise something, in what share of the values, and at which members of JSON. Values go in
// and only nouns, shares and names of members come out; a name that might be data itself does not.
import { detect } from '../core/detectors/detector.ts';
import { mailAddressDetector } from '../core/detectors/mail-addresses.ts';
import { phoneNumberDetector } from '../core/detectors/phone-numbers.ts';
import { PERSONAL } from './scan-schema.ts';

/** Fakes that can stand for what a detector recognises. */
export type WholeKind = 'mail' | 'phone';

export interface ColumnFindings {
  /** What was recognised, most often first, with the share of the values that hold it, from 0 to 1. */
  readonly seen: readonly { readonly what: string; readonly share: number }[];
  /** What nearly every value is, from its first character to its last. */
  readonly whole: WholeKind | null;
  /** Members of JSON of which nearly every value is one, by path as rules write it. */
  readonly paths: readonly { readonly path: string; readonly of: WholeKind }[];
}

export interface FindingsCollector {
  readonly add: (value: string) => void;
  /** null: there was no value. */
  readonly finish: () => ColumnFindings | null;
}

/** Share of values that makes all of them one kind. */
const NEARLY_ALL = 0.9;
/** A member's name stands in many documents; a name that is data does not. */
const COMMON = 0.2;
const MIN_DOCUMENTS = 5;
const MAX_PATHS = 500;
const MAX_DEPTH = 8;
const MAX_PARTS = 2000;
/** Characters of one text. */
const MAX_LENGTH = 4000;

interface Tally {
  values: number;
  readonly whole: Record<WholeKind, number>;
}

const newTally = (): Tally => ({ values: 0, whole: { mail: 0, phone: 0 } });

/** Looks at texts, and into those that are JSON if told so. */
export function collectFindings({ isJson }: { readonly isJson: boolean }): FindingsCollector {
  const seen = new Map<string, number>();
  const column = newTally();
  const members = new Map<string, Tally & { documents: number }>();
  const count = (tally: Tally, text: string, nouns: readonly string[]) => {
    tally.values += 1;
    const whole = wholeKindOf(text, nouns);
    if (whole !== null) tally.whole[whole] += 1;
  };
  const addTexts = (texts: readonly Leaf[]) => {
    const nouns = new Set<string>();
    const paths = new Set<string>();
    for (const { text, path } of texts) {
      const found = detect(text.slice(0, MAX_LENGTH), PERSONAL);
      for (const noun of found) nouns.add(noun);
      if (path === null || (!members.has(path) && members.size >= MAX_PATHS)) continue;
      const member = members.get(path) ?? { ...newTally(), documents: 0 };
      members.set(path, member);
      count(member, text, found);
      if (!paths.has(path)) member.documents += 1;
      paths.add(path);
    }
    for (const noun of nouns) seen.set(noun, (seen.get(noun) ?? 0) + 1);
    return [...nouns];
  };
  return {
    add: (value) => {
      const leaves = isJson ? leavesOf(value) : [{ text: value, path: null }];
      count(column, isJson ? '' : value, addTexts(leaves));
    },
    finish: () => {
      const { values } = column;
      if (values === 0) return null;
      const isCommon = (documents: number) => documents >= MIN_DOCUMENTS && documents >= COMMON * values;
      return {
        seen: [...seen]
          .map(([what, times]) => ({ what, share: times / values }))
          .sort((left, right) => right.share - left.share || (left.what < right.what ? -1 : 1)),
        whole: kindOf(column),
        paths: [...members]
          .filter(([, { documents }]) => isCommon(documents))
          .flatMap(([path, tally]) => {
            const of = kindOf(tally);
            return of === null ? [] : [{ path, of }];
          }),
      };
    },
  };
}

function kindOf({ values, whole }: Tally): WholeKind | null {
  const kinds = ['mail', 'phone'] as const;
  return kinds.find((kind) => whole[kind] >= NEARLY_ALL * values) ?? null;
}

/** Nothing else may be in it: a card number is also digits in groups. */
function wholeKindOf(text: string, nouns: readonly string[]): WholeKind | null {
  if (nouns.length !== 1 || text.length > 320) return null;
  if (nouns[0] === mailAddressDetector.what) return /^\s*[^\s@]+@[^\s@]+\s*$/.test(text) ? 'mail' : null;
  return nouns[0] === phoneNumberDetector.what && /^[\s\d+()./-]+$/.test(text) ? 'phone' : null;
}

interface Leaf {
  readonly text: string;
  /** null: below a name that may be data. */
  readonly path: string | null;
}

/** Scalars of a document, and its names, which may be data too. What is no JSON, or was cut off, is one text. */
function leavesOf(json: string): Leaf[] {
  const leaves: Leaf[] = [];
  // Places of a document that are still to be looked at; a stack of our own, since documents may be deep.
  const places: Place[] = [];
  try {
    places.push({ value: JSON.parse(json), parts: [] });
  } catch {
    return [{ text: json, path: null }];
  }
  for (let place = places.pop(); place !== undefined && leaves.length < MAX_PARTS; place = places.pop()) {
    const { value, parts } = place;
    if (value === null) continue;
    if (typeof value !== 'object') leaves.push({ text: String(value), path: pathOf(parts) });
    else if (Array.isArray(value)) for (const element of value) places.push({ value: element, parts: below(parts, '*') });
    else
      for (const [name, member] of Object.entries(value)) {
        leaves.push({ text: name, path: null });
        places.push({ value: member, parts: isPlainName(name) ? below(parts, name) : null });
      }
  }
  return leaves;
}

interface Place {
  readonly value: unknown;
  /** null: below a name that may be data, or too deep. */
  readonly parts: readonly string[] | null;
}

function below(parts: readonly string[] | null, part: string): readonly string[] | null {
  return parts === null || parts.length >= MAX_DEPTH ? null : [...parts, part];
}

function pathOf(parts: readonly string[] | null): string | null {
  return parts === null || parts.length === 0 ? null : parts.join('.');
}

/** A name as programmers write them, without a digit. */
function isPlainName(name: string): boolean {
  return name.length <= 40 && /^[a-z][A-Za-z_-]*$/.test(name) && detect(name, PERSONAL).length === 0;
}
