// Columns that keep a key together with others: line numbers, and values that stand as parents in distinct pairs.
import type { PlanDomain, PlanPairs } from '../../spec/plan.ts';
import { CurveLookup } from '../keys/curve-lookup.ts';
import { type PairPositions, PairsLookup } from '../keys/pairs-lookup.ts';
import type { CurveSource } from '../keys/parent-source.ts';
import type { BytesKernel, ColumnKernel, NumberKernel } from './blocks.ts';

/** start, start + 1, ... among the rows of one parent. */
export function ordinalKernel(start: number, siblings: CurveSource): NumberKernel {
  return { kind: 'number', at: (row) => start + siblings.ordinalOf(row) };
}

/** The value of the row's rank: by runs of rows where the domain owns them (`pairs` null), else as the pairs say. */
export function domainKernel(domain: PlanDomain, pairs: PlanPairs | null, positions: PairPositions | null): ColumnKernel {
  const curve = pairs === null ? new CurveLookup(domain.curve) : null;
  const lookup = pairs === null ? null : new PairsLookup(pairs);
  const rankOf = (row: number) =>
    curve === null ? (lookup?.otherRank(positions === null ? row : positions.childOf(row)) ?? 0) : curve.rankOfChild(row);
  return typeof domain.values[0] === 'number' ? numberDomain(domain.values, rankOf) : textDomain(domain.values, rankOf);
}

function numberDomain(values: PlanDomain['values'], rankOf: (row: number) => number): NumberKernel {
  const numbers = Float64Array.from(values, Number);
  return { kind: 'number', at: (row) => numbers[rankOf(row)] as number };
}

function textDomain(values: PlanDomain['values'], rankOf: (row: number) => number): BytesKernel {
  const texts = values.map((value) => Buffer.from(String(value), 'utf8'));
  return {
    kind: 'bytes',
    append(row, block) {
      block.push(texts[rankOf(row)] as Buffer);
      return true;
    },
  };
}
