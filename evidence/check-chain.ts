// The chain: records count 1, 2, 3, ... and each names the line before it. Nothing is read here, so every tampering is a test.
import { NO_PREVIOUS } from '../spec/evidence.ts';
import type { PlacedRecord } from './read-log.ts';

export interface Fault {
  /** Of the record that is meant; null: no one record. */
  readonly sequence: number | null;
  readonly reason: string;
}

/** The faults of the chain. `unsound`: records whose signature is not right, so that the link to them need not be. */
export function checkChain(records: readonly PlacedRecord[], unsound: ReadonlySet<number | null>): Fault[] {
  const hashes = new Map(records.map(({ record, hash }) => [record.sequence, hash] as const));
  const seen = new Set<number>();
  const faults: Fault[] = [];
  let next = 1;
  for (const placed of records) {
    const { sequence } = placed.record;
    const damaged = judgeStretch(placed, next);
    faults.push(...damaged);
    if (sequence > next && damaged.length === 0) faults.push(...nameGap(next, sequence, hashes));
    if (seen.has(sequence)) faults.push({ sequence, reason: 'it stands twice' });
    else if (sequence < next) faults.push({ sequence, reason: `reordered: it stands after record ${next - 1}` });
    if (!unsound.has(sequence) && !unsound.has(sequence - 1)) faults.push(...judgeLink(placed, hashes.get(sequence - 1)));
    seen.add(sequence);
    next = Math.max(next, sequence + 1);
  }
  return faults;
}

/** What is no record may stand only where a record says that a write was cut off. */
function judgeStretch({ record, stretch, line }: PlacedRecord, next: number): Fault[] {
  if ((stretch?.sha256 ?? null) === (record.torn?.sha256 ?? null)) return [];
  if (stretch === null) return [{ sequence: record.sequence, reason: 'the cut-off write that it tells of is gone' }];
  return [{ sequence: next, reason: `altered: line ${line - stretch.lines} is no record any more` }];
}

function nameGap(next: number, sequence: number, present: ReadonlyMap<number, string>): Fault[] {
  const missing = Array.from({ length: Math.min(sequence - next, 1000) }, (_, index) => next + index);
  return missing
    .filter((each) => !present.has(each))
    .map((each) => ({ sequence: each, reason: `removed: record ${sequence} stands in its place` }));
}

/** A record that is gone is named as gone; the link to it says nothing more. */
function judgeLink({ record }: PlacedRecord, before: string | undefined): Fault[] {
  const expected = record.sequence === 1 ? NO_PREVIOUS : before;
  if (expected === undefined || record.previous === expected) return [];
  return [{ sequence: record.sequence, reason: `its link is not to record ${record.sequence - 1} as that stands there` }];
}
