// Places of a pack where a strict form says what a string is, so that detectors need not guess. Random tokens look like
// card numbers now and then (one pack of 10,000 tokens in five would be refused), so they are excused by where they stand
// and by their form together, and never by their form alone.
import { TOKEN_PATTERN } from '../../spec/pack.ts';
import type { Path } from './paths.ts';

interface ExemptPlace {
  /** The path's parts; `*` is any array position. */
  readonly path: readonly string[];
  readonly form: RegExp;
}

export const TOKEN_PLACE = ['marginals', '*', 'axes', '*', 'labels', '*', 'token'];
/** Edges of bins (checks/bins.ts makes sure): magnitudes beyond MIN_SUSPICIOUS_NUMBER have edges as long as phone numbers. */
const CUT_PLACE = ['pairs', 'marginals', '*', 'axes', '*', 'cuts', '*'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const exemptPlaces: readonly ExemptPlace[] = [
  { path: TOKEN_PLACE, form: TOKEN_PATTERN },
  { path: CUT_PLACE, form: /^\d{13,16}$/ },
  { path: ['provenance', 'runId'], form: /^[a-z0-9-]{1,64}$/ },
  { path: ['provenance', 'commit'], form: /^[0-9a-f]{7,40}$/ },
  { path: ['provenance', 'day'], form: DAY },
  { path: ['provenance', 'expires'], form: DAY },
  { path: ['provenance', 'window', 'from'], form: DAY },
  { path: ['provenance', 'window', 'to'], form: DAY },
];

/** Whether the text stands where its form is fixed, and has that form. */
export function isExempt(path: Path, text: string): boolean {
  return exemptPlaces.some((place) => isAt(path, place.path) && place.form.test(text));
}

/** Whether a path fits a pattern of parts. */
export function isAt(path: Path, pattern: readonly string[]): boolean {
  return path.length === pattern.length && pattern.every((part, index) => isPart(path[index], part));
}

function isPart(part: string | number | undefined, pattern: string): boolean {
  return pattern === '*' ? typeof part === 'number' : part === pattern;
}

const REVIEWABLE_ROOTS = new Set<string | number | undefined>(['structure', 'marginals', 'privacy']);

/** Names and labels of the source stand here; only they can be allowed by a person's review, never provenance or a key. */
export function isReviewable(path: Path): boolean {
  return REVIEWABLE_ROOTS.has(path[0]);
}
