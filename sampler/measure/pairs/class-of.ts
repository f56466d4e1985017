// From the code of a row to its class on a coarse axis: codes rise with their values, so a class is the number of cuts passed.

import { FIRST_CLASS, NULL_CLASS, OTHER_CLASS, type PairAxis } from '../../../spec/pair-axis.ts';
import { binOf, MAGNITUDE_SUB_BITS } from '../../../stats/binning.ts';
import { OTHER_CODE } from '../codes.ts';
import { NULL_CODE } from '../copy-rows.ts';
import type { CodeTranslation } from '../counters.ts';

export type ClassOf = (code: number) => number;

/** `translation`: of a category whose codes are hashes, from code to position of the label. */
export function classOf(axis: PairAxis, translation: CodeTranslation | null): ClassOf {
  switch (axis.kind) {
    case 'presence':
      return (code) => (code === NULL_CODE ? NULL_CLASS : FIRST_CLASS);
    case 'category':
      return labelClass(axis.labels, translation);
    case 'heap':
      return (code) => (code === NULL_CODE ? NULL_CLASS : FIRST_CLASS + Math.min(axis.ranges, Math.max(1, code)) - 1);
    case 'sameParent':
    case 'sameAsPrevious':
      return (code) => (code === NULL_CODE ? NULL_CLASS : FIRST_CLASS + code);
    case 'number':
      return cutClass(axis.cuts.map((cut) => binOf({ kind: 'magnitude', subBits: MAGNITUDE_SUB_BITS }, 0, cut)));
    default:
      return cutClass(axis.cuts);
  }
}

function labelClass(labels: readonly number[], translation: CodeTranslation | null): ClassOf {
  const classes = new Map(labels.map((label, at) => [label, FIRST_CLASS + at]));
  return (code) => {
    if (code === NULL_CODE) return NULL_CLASS;
    const label = translation === null ? code : translation.get(code);
    return (label === undefined ? undefined : classes.get(label)) ?? OTHER_CLASS;
  };
}

function cutClass(cuts: readonly number[]): ClassOf {
  const sorted = Int32Array.from(cuts, (cut) => Math.min(cut, OTHER_CODE));
  return (code) => {
    if (code === NULL_CODE) return NULL_CLASS;
    if (code === OTHER_CODE) return OTHER_CLASS;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= code) low = middle + 1;
      else high = middle;
    }
    return FIRST_CLASS + low;
  };
}
