// Is the copy shaped like the original? Both are measured by the same sampler, and the two packs are compared marginal by
// marginal. A difference says something only beside the one that sampling alone would make.
import { compareMarginals, nameAxes, placeOf } from './compare/compare-marginals.ts';
import { comparePairs, summarisePairs } from './compare/compare-pairs.ts';
import type { Comparison, MarginalComparison, TableComparison } from './compare/comparison.ts';
import { compareStructures, toDrift } from './compare-structure.ts';
import type { Marginal, Pack, PackTable } from './pack.ts';
import { structureOfPack } from './structure.ts';

export type { Comparison } from './compare/comparison.ts';
export { comparisonSchema } from './compare/comparison.ts';
export { formatComparison } from './compare/format-comparison.ts';

/** Mean total variation of a table's marginals that is allowed above the mean floor. */
const LIMIT = 0.03;
/** Below this many rows a table is shown and not judged: the threshold leaves too few cells, and chance moves them. */
const JUDGED_ROWS = 1000;

/** Every one-axis marginal of the reference against the candidate's. What the reference withheld (no cell) is passed over. */
export function comparePacks(reference: Pack, candidate: Pack): Comparison {
  const found = new Map(candidate.marginals.map((marginal) => [placeOf(marginal), marginal]));
  const wanted = reference.marginals.filter((marginal) => marginal.axes.length === 1 && marginal.cells.length > 0);
  const marginals = wanted.flatMap((marginal): MarginalComparison[] => {
    const other = found.get(placeOf(marginal));
    return other === undefined ? [] : [compareMarginals(marginal, other)];
  });
  const missing = wanted.filter((marginal) => !found.has(placeOf(marginal)));
  const tables = reference.structure.tables.map((table) => summarise(table, candidate, marginals, missing));
  const pairs = comparePairs(reference.pairs, candidate.pairs);
  return {
    format: 'shapecast-comparison',
    version: 1,
    limit: LIMIT,
    marginals,
    tables,
    pairs: [...pairs.compared],
    pairTables: summarisePairs(pairs),
    missing: missing.map((marginal) => `${marginal.table} ${nameAxes(marginal)}`),
    drift: compareStructures(structureOfPack(reference), structureOfPack(candidate)).map(toDrift),
    isOk: tables.every((table) => table.isOk) && missing.length === 0,
  };
}

function summarise(
  table: PackTable,
  candidate: Pack,
  all: readonly MarginalComparison[],
  missing: readonly Marginal[],
): TableComparison {
  const marginals = all.filter((marginal) => marginal.table === table.name);
  const worst = marginals.reduce<MarginalComparison | null>(
    (most, marginal) => (most === null || marginal.totalVariation > most.totalVariation ? marginal : most),
    null,
  );
  // How often values repeat is shown and not judged: a few values more or less make a large distance between two such counts.
  const judged = marginals.filter(({ axis }) => !axis.startsWith('repeat('));
  const meanTotalVariation = mean(judged.map((marginal) => marginal.totalVariation));
  const meanFloor = mean(judged.map((marginal) => marginal.floor));
  const other = candidate.structure.tables.find((each) => each.name === table.name);
  const isJudged = table.rows !== null && table.rows >= JUDGED_ROWS;
  return {
    table: table.name,
    referenceRows: table.rows,
    candidateRows: other?.rows ?? null,
    marginals: marginals.length,
    meanTotalVariation,
    meanFloor,
    worst: worst === null ? null : { axis: worst.axis, totalVariation: worst.totalVariation },
    isJudged,
    isOk:
      other !== undefined &&
      (!isJudged || meanTotalVariation <= LIMIT + meanFloor) &&
      !missing.some((marginal) => marginal.table === table.name),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
