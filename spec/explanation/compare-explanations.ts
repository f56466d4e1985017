// Two explanations of one workload, query by query: whether the tree is the same, how far apart rows and times are, and where trees part.
import { quotient } from '../../stats/quotients.ts';
import type { DifferenceLine, ExplainedQuery, Explanation, QueryChange } from '../explanation.ts';

/** Every query of either, in the order of the baseline, added ones last. */
export function compareExplanations(baseline: Pick<Explanation, 'queries'>, now: Pick<Explanation, 'queries'>): QueryChange[] {
  const keyOf = ({ name, binding }: ExplainedQuery) => JSON.stringify([name, binding]);
  const current = new Map(now.queries.map((query) => [keyOf(query), query]));
  const known = new Set(baseline.queries.map(keyOf));
  return [
    ...baseline.queries.map((query) => compareQuery(query, current.get(keyOf(query)) ?? null)),
    ...now.queries.filter((query) => !known.has(keyOf(query))).map((query) => changeOf(query, 'added')),
  ];
}

/** A change that fails: another plan, or none any more. Rows and times are told, not judged. */
export function isRegression({ state }: QueryChange): boolean {
  return state === 'changed' || state === 'lost';
}

function compareQuery(before: ExplainedQuery, after: ExplainedQuery | null): QueryChange {
  if (after === null) return changeOf(before, 'removed');
  if (before.state === 'failed' && after.state === 'failed') return changeOf(before, 'same');
  if (before.state === 'failed') return changeOf(before, 'added');
  if (after.state === 'failed') return changeOf(before, 'lost');
  const [then, now] = [before.figures, after.figures];
  const latencyRatio = then === null || now === null || then.p50Ms === 0 ? null : now.p50Ms / then.p50Ms;
  if (before.fingerprint !== after.fingerprint)
    return { ...changeOf(before, 'changed'), latencyRatio, difference: differenceOf(before, after) };
  return { ...changeOf(before, 'same'), latencyRatio, rowsQuotient: rowsApart(before, after) };
}

function changeOf({ name, binding }: ExplainedQuery, state: QueryChange['state']): QueryChange {
  return { name, binding, state, rowsQuotient: null, latencyRatio: null, difference: [] };
}

function rowsApart(before: ExplainedQuery, after: ExplainedQuery): number | null {
  const quotients = before.nodes.map((node, at) => {
    const [one, two] = [node.actualRows, after.nodes[at]?.actualRows ?? null];
    return one === null || two === null ? null : quotient(one, two);
  });
  return quotients.includes(null) || quotients.length === 0 ? null : Math.max(...quotients.map((each) => each ?? 1));
}

type Node = ExplainedQuery['nodes'][number];

function isSame(one: Node | undefined, two: Node | undefined): boolean {
  return one?.label === two?.label && one?.depth === two?.depth;
}

/** Both lists of nodes as one: those of their longest common subsequence stand for both (Hunt and McIlroy 1976). */
function differenceOf(before: ExplainedQuery, after: ExplainedQuery): DifferenceLine[] {
  const [left, right] = [before.nodes, after.nodes];
  const common = commonLengths(left, right);
  const width = right.length + 1;
  const lines: DifferenceLine[] = [];
  let [one, two] = [0, 0];
  while (one < left.length || two < right.length) {
    const [old, fresh] = [left[one], right[two]];
    const isBoth = old !== undefined && fresh !== undefined && isSame(old, fresh);
    const isOld = fresh === undefined || (common[(one + 1) * width + two] ?? 0) >= (common[one * width + two + 1] ?? 0);
    const side = isBoth ? 'both' : old !== undefined && isOld ? 'baseline' : 'now';
    const { depth = 0, label = '' } = (side === 'now' ? fresh : old) ?? {};
    lines.push({ side, depth, label });
    if (side !== 'now') one += 1;
    if (side !== 'baseline') two += 1;
  }
  return lines;
}

/** For each pair of places the length of the longest common subsequence from there on, row by row. */
function commonLengths(left: readonly Node[], right: readonly Node[]): Int32Array {
  const width = right.length + 1;
  const lengths = new Int32Array((left.length + 1) * width);
  for (let one = left.length - 1; one >= 0; one -= 1) {
    for (let two = right.length - 1; two >= 0; two -= 1) {
      const skipped = Math.max(lengths[(one + 1) * width + two] ?? 0, lengths[one * width + two + 1] ?? 0);
      lengths[one * width + two] = isSame(left[one], right[two]) ? 1 + (lengths[(one + 1) * width + two + 1] ?? 0) : skipped;
    }
  }
  return lengths;
}
