// Findings from comparisons: more matches than chance explains, and columns whose masks choose among so few values that nothing can be said.
import type { ComparedColumn, UncheckedColumn, VerificationFinding } from '../../../spec/shadow-verification.ts';
import type { Comparable } from '../../digests/comparable-columns.ts';
import type { Comparison } from './reference.ts';

export interface Survivors {
  readonly findings: readonly VerificationFinding[];
  readonly compared: readonly ComparedColumn[];
  readonly notCompared: readonly UncheckedColumn[];
}

/** Pure. */
export function findSurvivors(columns: readonly Comparable[], comparisons: readonly Comparison[]): Survivors {
  const findings: VerificationFinding[] = [];
  const compared: ComparedColumn[] = [];
  const notCompared: UncheckedColumn[] = [];
  for (const [at, { table, column, path, rule }] of columns.entries()) {
    const found = comparisons[at];
    const place = { stage: 'survivors' as const, table: table.key, column, rule };
    const member = path === null ? '' : ` at ${path}`;
    if (found === undefined || 'why' in found) {
      notCompared.push({ ...place, why: `${found?.why ?? 'it was not reached'}${member}` });
      continue;
    }
    if (found.sourceValues === 0 && found.shadowValues > 0) {
      notCompared.push({ ...place, why: `the source has no value to compare with${member}, and the shadow has some` });
      continue;
    }
    if (found.survivors > found.mostByChance)
      findings.push({
        ...place,
        what: `values of the source${member}, where chance makes at most ${found.mostByChance}`,
        count: found.survivors,
      });
    const isVain = found.mostByChance > 0 && found.mostByChance >= Math.min(found.sourceValues, found.shadowValues);
    if (!isVain) compared.push(found);
    else
      notCompared.push({
        ...place,
        why: `chance explains any number of matches: its mask chooses among too few values${member}`,
      });
  }
  return { findings, compared, notCompared };
}
