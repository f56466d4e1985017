// Columns of numbers on their way out.
import { hashAscii, hashClassOf, hashFloat, hashNull } from '../../postgres/content-hash.ts';
import { MAX_NUMBER_FIELD_BYTES } from '../../postgres/encode-binary.ts';
import { numberColumnEncoder } from '../../postgres/encode-columns.ts';
import { formatDecimal, formatNumberField } from '../../postgres/encode-text.ts';
import type { PlanColumn } from '../../spec/plan.ts';
import { fillNumbers, NumberBlock, type NumberKernel } from '../columns/blocks.ts';
import { numberRouter } from '../leaf-router.ts';
import { appendText, type Field, TEXT_NULL } from './field.ts';

/** The field of a column of numbers. */
export function numberField(column: PlanColumn, kernel: NumberKernel, isBinary: boolean): Field {
  const block = new NumberBlock();
  const { values } = block;
  const { baseType, decimals, shownDecimals } = column;
  return {
    fill: (list) => fillNumbers(kernel, list, values),
    binary: isBinary ? numberColumnEncoder(values, baseType, decimals, shownDecimals) : null,
    maxTextBytes: (count) => count * MAX_NUMBER_FIELD_BYTES,
    encodeText(index, out) {
      const value = values[index] as number;
      const text = Number.isNaN(value)
        ? TEXT_NULL
        : Buffer.from(formatNumberField(baseType, value, decimals, shownDecimals), 'ascii');
      appendText(text, out);
    },
    addHashes: addHashesOf(values, column),
    router: (partitions) => numberRouter(partitions, block),
  };
}

function addHashesOf(values: Float64Array, { baseType, decimals, shownDecimals }: PlanColumn): Field['addHashes'] {
  const hashClass = hashClassOf(baseType);
  if (hashClass !== 'float' && hashClass !== 'text') {
    const factor = hashClass === 'seconds' ? 10 ** (6 - decimals) : 1;
    return (hashes, count, seed) => hashes.addWholes(values, count, seed, factor);
  }
  const scale = 10 ** decimals;
  const isSingle = baseType === 'float4';
  const hashValue = (value: number, seed: number) => {
    if (hashClass === 'float') {
      hashFloat(isSingle ? Math.fround(value / scale) : value / scale, seed);
      return;
    }
    hashAscii(formatDecimal(value, decimals, shownDecimals), seed);
  };
  return (hashes, count, seed) => {
    for (let index = 0; index < count; index += 1) {
      const value = values[index] as number;
      if (Number.isNaN(value)) hashNull(seed);
      else hashValue(value, seed);
      hashes.addLast(index);
    }
  };
}
