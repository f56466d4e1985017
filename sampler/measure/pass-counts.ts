// All that is counted in one pass. Several readers may feed it in turn: counting is adding, so their order does not matter.

import type { SiblingGroup } from '../protect/sibling-pairs.ts';
import type { RowSink } from './copy-rows.ts';
import { type CodeCount, CodeCounter, type CodeTranslation } from './counters.ts';
import type { CountedCodes } from './fine-cells.ts';
import type { Pass } from './pass.ts';
import { parentsAlone, SiblingCounter } from './sibling-counter.ts';

export interface PassCounts {
  /** Counts a row as the pass's statements send it. */
  readonly addRow: RowSink;
  /** All rows. */
  readonly rows: () => CodeCount;
  /** The counts of a code column. */
  readonly counterOf: (code: number) => CountedCodes;
  /** Of a degree's code: the parents with two children or more. */
  readonly siblingsOf: (code: number) => readonly SiblingGroup[];
}

/** Empty counts. `translations`: of the code columns that are labels, by position. */
export function startCounting(pass: Pass, translations: ReadonlyMap<number, CodeTranslation>): PassCounts {
  const hasBuckets = pass.hasBucket;
  const offset = hasBuckets ? 1 : 0;
  const all = new CodeCounter({ hasBuckets });
  const counters = pass.groups.map(([code]) => ({
    code,
    field: code + offset,
    counter: new CodeCounter({ hasBuckets, translation: translations.get(code) ?? null }),
  }));
  const siblings = pass.marginals
    .filter(({ axis }) => axis.kind === 'degree' && hasBuckets)
    .map(({ code }) => ({ code, field: code + offset, counter: new SiblingCounter() }));
  return {
    addRow(row) {
      const bucket = hasBuckets ? (row[0] ?? 0) : 0;
      all.add(0, bucket);
      for (const { field, counter } of counters) counter.add(row[field] ?? 0, bucket);
      for (const { field, counter } of siblings) counter.add(row[field] ?? 0, bucket);
    },
    rows() {
      const [first] = all.entries();
      return first?.[1] ?? { count: 0, units: 0 };
    },
    counterOf(code) {
      const found = counters.find((entry) => entry.code === code);
      if (found === undefined) throw new RangeError(`code ${code} is not counted on its own`);
      return found.counter;
    },
    siblingsOf(code) {
      const found = siblings.find((entry) => entry.code === code);
      return found === undefined ? parentsAlone(this.counterOf(code)) : found.counter.groups();
    },
  };
}
