// Suggestions as a policy fragment for a person to edit: plain YAML that the policy's own schema reads, each entry under a comment
// with its evidence. Comments hold counts, shares and fixed words; names stand in the entries alone, where YAML quotes them.
import { Document, isMap, isSeq } from 'yaml';
import type { SuggestedEpoch, SuggestedRelationship, SuggestedSentinel, Suggestions } from '../../spec/suggestions.ts';

const HEAD = ` Suggested from names and counts; nothing here is in force. Read each entry, delete what is wrong, and move the rest into
 the policy (or give this file to sample as its policy). Counts are of production and are not thresholded: keep the file as you
 keep the policy.`;

/** The YAML text. An empty proposal is a valid policy too. */
export function formatSuggestions(suggestions: Suggestions): string {
  const { relationships, epochColumns, sentinels } = suggestions;
  const document = new Document({
    version: 1,
    ...(relationships.length === 0 ? {} : { relationships: relationships.map(withoutEvidence) }),
    ...(epochColumns.length === 0 ? {} : { epochColumns: epochColumns.map(withoutEvidence) }),
    ...(sentinels.length === 0 ? {} : { sentinels: sentinels.map(withoutEvidence) }),
  });
  document.commentBefore = HEAD;
  remark(document, 'relationships', relationships.map(describeRelationship));
  remark(document, 'epochColumns', epochColumns.map(describeEpoch));
  remark(document, 'sentinels', sentinels.map(describeSentinel));
  return document.toString({ lineWidth: 0 });
}

function withoutEvidence<Entry extends { readonly evidence: unknown }>({
  evidence: _,
  ...entry
}: Entry): Omit<Entry, 'evidence'> {
  return entry;
}

function remark(document: Document, key: string, remarks: readonly string[]): void {
  const list = document.get(key);
  if (!isSeq(list)) return;
  list.items.forEach((item, at) => {
    if (!isMap(item)) return;
    item.commentBefore = ` ${remarks[at] ?? ''}`;
    for (const pair of item.items) if (isSeq(pair.value)) pair.value.flow = true;
  });
}

const REASONS: Readonly<Record<SuggestedRelationship['evidence']['from'], string>> = {
  name: 'by name',
  role: 'by a role in its own table',
  data: 'by the values alone, the name says nothing: look twice',
  junction: 'both ends of a junction table',
};

function describeRelationship({ evidence }: SuggestedRelationship): string {
  const { from, values, found, hitShare, rangeShare, isSampled } = evidence;
  const what = from === 'junction' ? 'pairs' : 'values';
  return [
    `${REASONS[from]}; ${formatCount(found)} of ${formatCount(values)} different ${what} exist there (${formatShare(found / Math.max(1, values))})`,
    `${formatShare(hitShare)} of the keys are hit`,
    ...(rangeShare === null ? [] : [`they span ${formatShare(rangeShare)} of the key's range`]),
    ...sampled(isSampled),
  ].join(', ');
}

function describeEpoch({ evidence }: SuggestedEpoch): string {
  const { values, inRange, isNamed, isSampled } = evidence;
  const years = `${formatCount(inRange)} of ${formatCount(values)} values are times between 1990 and 2100 (${formatShare(inRange / Math.max(1, values))})`;
  return [years, isNamed ? 'the name says a time' : 'the name does not say so: look twice', ...sampled(isSampled)].join(', ');
}

const PLACES: Readonly<Record<SuggestedSentinel['evidence']['of'], string>> = {
  key: 'no such key exists',
  time: 'no such time is meant',
  text: 'an empty text in so many rows',
};

function describeSentinel({ evidence }: SuggestedSentinel): string {
  const { rows, withSentinel, of, isSampled } = evidence;
  const share = `${formatCount(withSentinel)} of ${formatCount(rows)} rows (${formatShare(withSentinel / Math.max(1, rows))})`;
  return [share, PLACES[of], ...sampled(isSampled)].join(', ');
}

function sampled(isSampled: boolean): string[] {
  return isSampled ? ['from a sample of the pages'] : [];
}

function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function formatShare(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
