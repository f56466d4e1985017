// How near one-axis marginals of a synthetic database are to production's, at the bins that were fitted and at finer ones.
// Both databases are measured without folding, in bins of level 0, so this runs inside the boundary only and writes nothing.
//
//   npm run bench -- one-axis-fidelity --source URL --target URL [--policy FILE]
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { createTokeniser } from '../sampler/protect/tokens.ts';
import { samplePack } from '../sampler/sample.ts';
import { binningOf } from '../spec/axis.ts';
import type { Marginal, Pack } from '../spec/pack.ts';
import { parseYamlText } from '../spec/parse-document.ts';
import { policySchema } from '../spec/policy.ts';
import { rangeOf } from '../stats/binning.ts';

const { values } = parseArgs({ options: { source: { type: 'string' }, target: { type: 'string' }, policy: { type: 'string' } } });
const policyText = values.policy === undefined ? '{}' : fs.readFileSync(values.policy, 'utf8');
const policy = policySchema.parse(parseYamlText(policyText, 'policy', values.policy ?? ''));
const shared = {
  policy,
  windowDays: null,
  readers: 2,
  statementTimeoutMs: 600_000,
  operator: 'bench',
  now: new Date(),
  tokeniser: createTokeniser({ salt: randomBytes(32), dataset: 'bench' }),
};

/** Ordered axes whose bins can be cut finer. */
const FINE_KINDS = new Set(['number', 'time', 'length', 'degree']);

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The fitted partition: every released cell without the finer cells inside it, ascending; what lies between is `other`. */
function fittedParts(marginal: Marginal): Part[] {
  const axis = marginal.axes[0];
  if (axis === undefined) return [];
  const binning = binningOf(axis);
  const ranges = marginal.cells.map(([level = 0, bin = 0]) => rangeOf(binning, level, bin));
  const edges = [...new Set(ranges.flatMap((range) => [range.from, range.to]))].sort((left, right) => left - right);
  return edges.slice(0, -1).map((from, index) => ({ from, to: edges[index + 1] ?? from }));
}

/** Every part cut into `pieces` equal ones, as far as whole numbers allow. */
function cut(parts: readonly Part[], pieces: number): number[] {
  return parts.flatMap(({ from, to }) => {
    const count = Math.min(pieces, to - from);
    return Array.from({ length: count }, (_, index) => from + Math.round(((to - from) * index) / count));
  });
}

/** Counts of level-0 cells per edge interval; index 0 is below the first edge. */
function countBetween(marginal: Marginal, edges: readonly number[]): number[] {
  const axis = marginal.axes[0];
  const counts = new Array<number>(edges.length + 1).fill(0);
  if (axis === undefined) return counts;
  const binning = binningOf(axis);
  for (const [level = 0, bin = 0, count = 0] of marginal.cells) {
    const { from } = rangeOf(binning, level, bin);
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    counts[low] = (counts[low] ?? 0) + count;
  }
  return counts;
}

function totalVariation(left: readonly number[], right: readonly number[]): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0) || 1;
  const [leftSum, rightSum] = [sum(left), sum(right)];
  return left.reduce((total, count, index) => total + Math.abs(count / leftSum - (right[index] ?? 0) / rightSum), 0) / 2;
}

function keyOf(marginal: Marginal): string {
  const axis = marginal.axes[0];
  if (axis === undefined) return marginal.table;
  return `${marginal.table} ${axis.kind} ${axis.kind === 'degree' ? `${axis.child}(${axis.columns.join(',')})` : axis.column}`;
}

function byKey(pack: Pack): Map<string, Marginal> {
  return new Map(pack.marginals.map((marginal) => [keyOf(marginal), marginal]));
}

/** Axes without an order are compared as they are: categories by rank, since labels differ by design. */
function unorderedVariation(left: Marginal, right: Marginal): number {
  const counts = (marginal: Marginal) => marginal.cells.map((cell) => cell.at(-1) ?? 0);
  if (left.axes[0]?.kind === 'category') {
    const ranked = (marginal: Marginal) => counts(marginal).sort((a, b) => b - a);
    const [first, second] = [ranked(left), ranked(right)];
    const size = Math.max(first.length, second.length);
    const pad = (list: number[]) => [...list, ...new Array<number>(size - list.length).fill(0)];
    return totalVariation(pad(first), pad(second));
  }
  const bins = [...new Set([...left.cells, ...right.cells].map((cell) => cell[1] ?? 0))];
  const at = (marginal: Marginal) => bins.map((bin) => marginal.cells.find((cell) => cell[1] === bin)?.at(-1) ?? 0);
  return totalVariation(at(left), at(right));
}

const { pack: released } = await samplePack({ ...shared, url: values.source ?? '' });
const { pack: production } = await samplePack({ ...shared, url: values.source ?? '', shape: released });
const { pack: synthetic } = await samplePack({ ...shared, url: values.target ?? '', shape: released });
const [real, made] = [byKey(production), byKey(synthetic)];
const rowsOf = new Map(released.structure.tables.map((table) => [table.name, table.rows ?? 0]));

const lines: string[] = ['table | axis | TV fitted | x2 finer | x4 finer'];
const means = new Map<string, number[][]>();
for (const marginal of released.marginals) {
  const kind = marginal.axes[0]?.kind ?? 'presence';
  const [left, right] = [real.get(keyOf(marginal)), made.get(keyOf(marginal))];
  if (left === undefined || right === undefined || marginal.cells.length === 0) continue;
  const parts = fittedParts(marginal);
  const figures = [1, 2, 4].map((pieces) => {
    if (!FINE_KINDS.has(kind)) return unorderedVariation(left, right);
    const edges = [...cut(parts, pieces), parts.at(-1)?.to ?? 0];
    return totalVariation(countBetween(left, edges), countBetween(right, edges));
  });
  lines.push(`${keyOf(marginal)} | ${figures.map((figure) => figure.toFixed(4)).join(' | ')}`);
  means.set(marginal.table, [...(means.get(marginal.table) ?? []), figures]);
}
lines.push('', 'mean over all one-axis marginals | rows | fitted | x2 finer | x4 finer');
for (const [table, figures] of means) {
  const mean = (index: number) => figures.reduce((sum, figure) => sum + (figure[index] ?? 0), 0) / figures.length;
  lines.push(`${table} | ${rowsOf.get(table)} | ${[0, 1, 2].map((index) => mean(index).toFixed(4)).join(' | ')}`);
}
process.stdout.write(`${lines.join('\n')}\n`);
