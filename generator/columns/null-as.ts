// The value that is written instead of NULL. It is put in last, when a row is encoded: parents, delays and orders still see NULL.
import type { PlanColumn } from '../../spec/plan.ts';
import { type ColumnKernel, fillNumbers } from './blocks.ts';

/** The kernel with its NULLs replaced. */
export function withNullAs(kernel: ColumnKernel, { decimals, nullAs }: PlanColumn): ColumnKernel {
  if (nullAs === null) return kernel;
  if (kernel.kind === 'number') {
    const instead = Number(nullAs) * 10 ** decimals;
    return {
      kind: 'number',
      at(row) {
        const value = kernel.at(row);
        return Number.isNaN(value) ? instead : value;
      },
      fill(list, values) {
        fillNumbers(kernel, list, values);
        for (let index = 0; index < list.count; index += 1) if (Number.isNaN(values[index])) values[index] = instead;
      },
    };
  }
  const bytes = Buffer.from(nullAs, 'utf8');
  return {
    kind: 'bytes',
    append(row, block) {
      if (!kernel.append(row, block)) block.push(bytes);
      return true;
    },
  };
}
