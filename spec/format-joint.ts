// The joint shape in lines: one for a table, with the worst marginal, and one for each reference.
import { formatCount } from '../core/progress.ts';
import { type Joint, nameMarginal, type ReferenceMode } from './joint.ts';

/** `posts: 91,976 profiles, 74 of 77 marginals, mean distance 0.004, worst 0.040 (score x kind); 3 not used (a tree)`, with joins if there are any. */
export function jointLine(table: string, { marginals, profiles }: Joint): string {
  const used = marginals.flatMap(({ after, axes }) => (after === null ? [] : [{ after, axes }]));
  const counts = `${formatCount(profiles)} profiles, ${used.length} of ${marginals.length} marginals`;
  const worst = used.reduce<(typeof used)[number] | null>(
    (most, each) => (most === null || each.after > most.after ? each : most),
    null,
  );
  if (worst === null) return `${table}: ${counts}${unusedNote(marginals)}`;
  const mean = used.reduce((sum, { after }) => sum + after, 0) / used.length;
  const distances = `mean distance ${mean.toFixed(3)}, worst ${worst.after.toFixed(3)} (${nameMarginal(worst.axes)})`;
  return `${table}: ${counts}, ${distances}${joinsNote(marginals)}${unusedNote(marginals)}`;
}

/** `, rows of 6 joins within 1.02 (degree(posts.owner) x degree(badges.user))`: the worst quotient of planned and wanted rows. */
function joinsNote(marginals: Joint['marginals']): string {
  const joins = marginals.flatMap(({ axes, joined }) => {
    if (joined === undefined) return [];
    const [wanted, after] = [Math.max(1, joined.wanted), Math.max(1, joined.after)];
    return [{ axes, quotient: Math.max(wanted / after, after / wanted) }];
  });
  const [first, ...others] = joins;
  if (first === undefined) return '';
  const worst = others.reduce((most, each) => (each.quotient > most.quotient ? each : most), first);
  return `, rows of ${joins.length} joins within ${worst.quotient.toFixed(2)} (${nameMarginal(worst.axes)})`;
}

function unusedNote(marginals: Joint['marginals']): string {
  const reasons = new Map<string, number>();
  for (const { unused } of marginals) if (unused !== null) reasons.set(unused, (reasons.get(unused) ?? 0) + 1);
  if (reasons.size === 0) return '';
  const sum = [...reasons.values()].reduce((left, right) => left + right, 0);
  return `; ${sum} not used (${[...reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ')})`;
}

/** `posts (owner) -> users: profiles; children follow the parents' profiles (12 marginals)` */
export function modeLine(
  table: string,
  reference: { readonly columns: readonly string[]; readonly table: string; readonly mode: ReferenceMode },
): string {
  const { by, kind, reason } = reference.mode;
  const count = by.length === 0 ? '' : ` (${by.length} ${by.length === 1 ? 'marginal' : 'marginals'})`;
  return `${table} (${reference.columns.join(', ')}) -> ${reference.table}: ${kind}; ${reason}${count}`;
}
