// Texts that repeat: a text belongs to a value and not to a row, so that ranks of one value have one text, and another value has another.
// Short texts end with a code of their own; long ones are cut from two places of the pool, which hardly ever meet twice.
import type { PlanRepeats, PlanText } from '../../spec/plan.ts';
import { mixBelow, type StreamKey } from '../random/mixer.ts';
import { Permutation } from '../random/permutation.ts';
import type { BytesBlock } from './blocks.ts';
import { copyFromPool, writeCode } from './pool-text.ts';
import { RepeatedHistogram } from './repeats.ts';

/** From here on the halves alone tell texts apart, and no code stands among the words of a full-text index. */
const LONG = 40;

export function repeatedTextWriter(
  plan: PlanText,
  plannedRepeats: PlanRepeats,
  pool: Buffer,
): (row: number, rank: number, block: BytesBlock) => void {
  const lengths = new RepeatedHistogram(plan.lengths, plannedRepeats);
  const { repeats } = lengths;
  const secondKey: StreamKey = [plan.key[0] ^ 0x68e31da4, plan.key[1]];
  const codes = plan.lengths.from.map((_, bin) => codeOf(plan, repeats.countIn(bin), bin));
  return (_row, rank, block) => {
    const value = repeats.valueOf(rank);
    const bin = lengths.binOf(rank);
    const index = value - repeats.firstIn(bin);
    const length = lengths.evenValueOf(rank);
    block.reserve(length);
    const start = mixBelow(plan.key, value, pool.length);
    if (length >= LONG) {
      const half = Math.floor(length / 2);
      copyFromPool(pool, start, half, block);
      copyFromPool(pool, mixBelow(secondKey, value, pool.length), length - half, block);
      return;
    }
    const { digits, order } = codes[bin] as Code;
    const written = Math.min(digits, length);
    copyFromPool(pool, start, length - written, block);
    if (written > 0) writeCode(order.forward(index), written, block);
  };
}

interface Code {
  readonly digits: number;
  readonly order: Permutation;
}

/** The codes of a bin: as many digits as its values need. */
function codeOf(plan: PlanText, count: number, bin: number): Code {
  let digits = 0;
  for (let codes = 1; codes < count; codes *= 36) digits += 1;
  return { digits, order: new Permutation({ size: Math.max(1, count), key: [plan.key[0] ^ 0x5bd1e995, plan.key[1] + bin] }) };
}
