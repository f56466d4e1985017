// What commands note of a run, made fit for the log: names come from databases and files, and a name may hold anything.
import type { EvidenceFacts, EvidenceReceipt } from '../spec/evidence.ts';
import { MOST_NAMES } from '../spec/evidence.ts';

/** The text without control characters, at most so many characters; `?` for an empty one. */
export function plainText(text: string, most: number): string {
  return text.replaceAll(/\p{Cc}/gu, '?').slice(0, most) || '?';
}

/** Facts with more facts; hashes and counts are gathered by name. */
export function addFacts(facts: EvidenceFacts, more: EvidenceFacts): EvidenceFacts {
  const { source, target, verdict, runs, receipt, rules, entry } = more;
  return {
    ...facts,
    ...(source === undefined ? {} : { source: plainText(source, 300) }),
    ...(target === undefined ? {} : { target: plainText(target, 300) }),
    ...(verdict === undefined ? {} : { verdict: plainText(verdict, 200) }),
    ...(runs === undefined ? {} : { runs: fitNames(runs) }),
    ...(receipt === undefined ? {} : { receipt: fitReceipt(receipt) }),
    ...(entry === undefined ? {} : { entry: { ...entry, note: plainText(entry.note, 300) } }),
    ...(rules === undefined ? {} : { rules: { ...rules, path: rules.path === null ? null : plainText(rules.path, 300) } }),
    ...(more.hashes === undefined ? {} : { hashes: { ...facts.hashes, ...more.hashes } }),
    ...(more.counts === undefined ? {} : { counts: { ...facts.counts, ...more.counts } }),
  };
}

function fitReceipt({ dropped, emptied, kept, files, isProven }: EvidenceReceipt): EvidenceReceipt {
  return { dropped: fitNames(dropped), emptied: fitNames(emptied), kept: fitNames(kept), files: fitNames(files), isProven };
}

function fitNames(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMES).map((name) => plainText(name, 300));
}
