// JSON columns: how many keys and how many bytes of text. What the keys are called and what they hold stays in production.
import type { ColumnSpec } from '../spec.ts';
import { binsOf, type Fitted, fitOrBins } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findKeyCounts, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';

const ASSUMED_KEYS: Fitted = {
  distribution: { family: 'uniform', min: 1, max: 5 },
  because: 'no number of keys was released: assumed',
};
const ASSUMED_BYTES: Fitted = {
  distribution: { family: 'uniform', min: 20, max: 200 },
  because: 'no size was released: assumed',
};

/** Objects of the measured sizes. */
export function calibrateJson(source: ColumnSource): ColumnSpec {
  const [keyCounts, sizes] = [findKeyCounts(source), findMarginal(source, 'length')];
  const keys = (keyCounts === null ? null : fitOrBins(binsOf(keyCounts), 0)) ?? ASSUMED_KEYS;
  const bytes = (sizes === null ? null : fitOrBins(binsOf(sizes), 0)) ?? ASSUMED_BYTES;
  return {
    kind: 'json',
    keys: keys.distribution,
    bytes: bytes.distribution,
    nullFraction: nullFractionOf(source),
    ...because(`keys: ${keys.because}`, `bytes: ${bytes.because}`, describeOther(sizes)),
  };
}
