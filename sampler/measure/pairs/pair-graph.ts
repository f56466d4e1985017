// What the chosen pairs of a table say about a pair that is not chosen: axes are nodes, chosen pairs are edges, and the dependence of
// two axes is taken to come along the strongest way between them (each step independent of the ones before, as in a Markov chain).
// A population that meets the chosen pairs and nothing else comes out close to that, and costs seconds a table where this costs none.
import type { PairMarginal } from '../../../spec/pack.ts';
import { NULL_CLASS, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import { spreadCells } from './pair-matrix.ts';

interface Edge {
  readonly to: string;
  /** Rows by class here and class there. */
  readonly matrix: readonly (readonly number[])[];
  /** Counted over the parents: a row without a parent has none of either axis. */
  readonly isOfParent: boolean;
  /** Minus the logarithm of the correlation that two normal axes of as much information have: those multiply along a way. */
  readonly length: number;
}

export class PairGraph {
  private readonly edges = new Map<string, Edge[]>();

  /** A chosen pair of the table, or with `via` of the parent that it leads to. */
  add({ axes: [first, second], cells, information }: PairMarginal, via: Via | null): void {
    if (first === undefined || second === undefined || information === 0) return;
    const [one, two] = via === null ? [first, second] : [throughKey(first, via), throughKey(second, via)];
    if (one === null || two === null || isOfChildren(one) || isOfChildren(two)) return;
    const matrix = spreadCells(first, second, cells);
    const length = -Math.log(1 - 2 ** ((-2 * information) / 1000)) / 2;
    this.connect(one, { to: nodeOf(two), matrix, isOfParent: via !== null, length });
    this.connect(two, { to: nodeOf(one), matrix: turn(matrix), isOfParent: via !== null, length });
  }

  /** Shares of the classes of `second` for each class of `first`, of sum 1 each or 0 (unknown); null where no way leads. */
  predict(first: PairAxis, second: PairAxis): number[][] | null {
    const way = this.strongestWay(nodeOf(first), nodeOf(second));
    if (way === null) return null;
    return way.map(shares).reduce<number[][] | null>((before, step) => (before === null ? step : multiply(before, step)), null);
  }

  private connect(from: PairAxis, edge: Edge): void {
    const node = nodeOf(from);
    this.edges.set(node, [...(this.edges.get(node) ?? []), edge]);
  }

  /** Dijkstra. */
  private strongestWay(from: string, to: string): Edge[] | null {
    const lengths = new Map([[from, 0]]);
    const ways = new Map<string, Edge[]>([[from, []]]);
    const open = new Set([from]);
    for (let node = nearest(open, lengths); node !== null && node !== to; node = nearest(open, lengths)) {
      open.delete(node);
      for (const edge of this.edges.get(node) ?? []) {
        const length = (lengths.get(node) ?? 0) + edge.length;
        if (length >= (lengths.get(edge.to) ?? Number.POSITIVE_INFINITY)) continue;
        lengths.set(edge.to, length);
        ways.set(edge.to, [...(ways.get(node) ?? []), edge]);
        open.add(edge.to);
      }
    }
    const way = ways.get(to);
    return way === undefined || way.length === 0 ? null : way;
  }
}

/** The parent's own axis as a row with such a parent has it; null for axes that lead further or are of no single row. */
function throughKey(axis: PairAxis, via: Via): PairAxis | null {
  switch (axis.kind) {
    case 'lag':
    case 'sameParent':
    case 'sameAsPrevious':
      return null;
    default:
      return axis.via !== undefined || isOfChildren(axis) ? null : { ...axis, via };
  }
}

function isOfChildren(axis: PairAxis): boolean {
  return 'ofChild' in axis && axis.ofChild !== undefined;
}

function nodeOf(axis: PairAxis): string {
  return JSON.stringify(Object.entries(axis).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function nearest(open: ReadonlySet<string>, lengths: ReadonlyMap<string, number>): string | null {
  let found: string | null = null;
  for (const node of open) {
    if (found === null || (lengths.get(node) ?? 0) < (lengths.get(found) ?? 0)) found = node;
  }
  return found;
}

/** Each line divided by its sum; a line that nobody counted is that of all rows. */
function shares({ isOfParent, matrix }: Edge): number[][] {
  const all = normalise((matrix[0] ?? []).map((_, at) => matrix.reduce((sum, line) => sum + (line[at] ?? 0), 0)));
  return matrix.map((line, value) => {
    if (line.some((count) => count > 0)) return normalise(line);
    return isOfParent && value === NULL_CLASS ? line.map((_, at) => (at === NULL_CLASS ? 1 : 0)) : all;
  });
}

function normalise(line: readonly number[]): number[] {
  const sum = line.reduce((left, right) => left + right, 0);
  return line.map((count) => (sum > 0 ? count / sum : 0));
}

function multiply(left: readonly (readonly number[])[], right: readonly (readonly number[])[]): number[][] {
  return left.map((line) => {
    const product = new Array<number>(right[0]?.length ?? 0).fill(0);
    for (const [middle, share] of line.entries()) {
      if (share === 0) continue;
      const row = right[middle] ?? [];
      for (let at = 0; at < product.length; at += 1) product[at] = (product[at] ?? 0) + share * (row[at] ?? 0);
    }
    return product;
  });
}

function turn(matrix: readonly (readonly number[])[]): number[][] {
  return (matrix[0] ?? []).map((_, at) => matrix.map((line) => line[at] ?? 0));
}
