// Which pairs of a pass have rows to join, and what of them leaves once the pair's own cells are folded.
import { closedCells, twoDegrees } from '../../../spec/joined-rows.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { releaseJoinedRows } from '../../protect/joined-rows.ts';
import type { RowSink } from '../copy-rows.ts';
import type { Candidate, CutSource } from './candidates.ts';
import { classOf } from './class-of.ts';
import { type JoinedCounts, type JoinedSide, startCountingJoined } from './count-joined.ts';
import type { PairPass } from './pair-pass.ts';
import type { PairSource } from './pair-sources.ts';

export interface JoinedRequest {
  readonly pass: Pick<PairPass, 'hasBucket' | 'k' | 'childK'>;
  readonly sources: readonly CutSource[];
  readonly candidates: readonly Candidate[];
  /** The field of a code by its id. */
  readonly fieldOf: (id: string) => number;
}

export interface StartedJoined {
  readonly addRow: RowSink;
  /** Of candidate number `at`, whose released cells are given; null where nothing leaves. */
  readonly release: (at: number, cells: readonly (readonly number[])[]) => number | null;
}

/** Empty counts of the pairs of degrees among the candidates. */
export function startJoined({ candidates, fieldOf, pass, sources }: JoinedRequest): StartedJoined {
  const axesOf = ({ axes }: Candidate): PairAxis[] => axes.flatMap((at) => sources[at]?.axis ?? []);
  const counts = candidates.map((candidate): JoinedCounts | null => {
    const [first, second] = candidate.axes.flatMap((at) => sources[at]?.source ?? []);
    const axes = twoDegrees(axesOf(candidate));
    if (axes === null || first === undefined || second === undefined) return null;
    const sides = [sideOf(first, axes[0], fieldOf), sideOf(second, axes[1], fieldOf)] as const;
    return startCountingJoined(sides, pass.hasBucket ? 0 : null);
  });
  const counted = counts.filter((each) => each !== null);
  return {
    addRow(row) {
      for (const each of counted) each.addRow(row);
    },
    release(at, cells) {
      const candidate = candidates[at];
      const axes = candidate === undefined ? null : twoDegrees(axesOf(candidate));
      const groups = counts[at]?.groups();
      if (axes === null || groups === undefined || cells.length === 0) return null;
      const closed = closedCells(axes, cells);
      const hidden = [...groups].flatMap(([cell, group]) => (closed.has(cell) ? [] : [group]));
      return releaseJoinedRows(hidden, { k: pass.k, childK: pass.childK ?? 1 });
    },
  };
}

function sideOf({ childMap, code, mostOfOne }: PairSource, axis: PairAxis, fieldOf: (id: string) => number): JoinedSide {
  const [map] = childMap ?? [];
  const owners = map === undefined || mostOfOne === undefined ? null : { map: fieldOf(map.id), most: fieldOf(mostOfOne.id) };
  return { field: fieldOf(code.id), classOf: classOf(axis, null), owners };
}
