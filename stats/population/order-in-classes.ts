// Inside a class the fit leaves chance: the marginals cannot see it. But who has most posts of the users with many has likely most badges
// of those with many, and a handful of such members decides the size of a join. So members of equal classes are put in the order of the
// variable that theirs goes with best, as strongly as the classes go together (a Gaussian-like mixture of that order and chance).
import type { DrawBelow, PopulationAxis, Tie } from './population.ts';

const STEPS = 1 << 24;

/** Changes places of members of equal classes only, so every count stays. Each variable follows its strongest tie. */
export function orderInClasses(
  places: readonly Int32Array[],
  axes: readonly PopulationAxis[],
  ties: readonly Tie[],
  draw: DrawBelow,
): void {
  for (const variable of places.keys()) {
    // A lag depends on the very place: its members may not move.
    if (axes.some((axis) => axis.kind === 'lag' && (axis.variable === variable || axis.since === variable))) continue;
    const best = ties
      .filter((tie) => tie.variable === variable)
      .reduce<Tie | null>(
        (left, right) => (left === null || Math.abs(right.correlation) > Math.abs(left.correlation) ? right : left),
        null,
      );
    const [own, other] = [places[variable], best === null ? undefined : places[best.with]];
    if (best === null || own === undefined || other === undefined) continue;
    const classes = axes.flatMap((axis) => (axis.kind === 'place' && axis.variable === variable ? [axis.classOf] : []));
    orderVariable(own, other, classes, best.correlation, draw);
  }
}

function orderVariable(
  own: Int32Array,
  other: Int32Array,
  classes: readonly Uint16Array[],
  correlation: number,
  draw: DrawBelow,
): void {
  const noise = Math.sqrt(1 - Math.min(1, correlation * correlation));
  for (const members of membersByClass(own, classes)) {
    if (members.length < 2) continue;
    const free = Int32Array.from(members, (member) => own[member] as number).sort();
    const byOther = Int32Array.from(members).sort((left, right) => (other[left] as number) - (other[right] as number));
    const keys = Float64Array.from(
      byOther,
      (_, rank) => correlation * ((rank + 0.5) / members.length) + (noise * draw(STEPS)) / STEPS,
    );
    const order = Int32Array.from(byOther.keys()).sort(
      (left, right) => (keys[left] as number) - (keys[right] as number) || left - right,
    );
    for (let at = 0; at < order.length; at += 1) own[byOther[order[at] as number] as number] = free[at] as number;
  }
}

/** Members whose places have the same classes on all axes. */
function membersByClass(own: Int32Array, classes: readonly Uint16Array[]): number[][] {
  const groups = new Map<string, number[]>();
  const names = new Map<number, number[]>();
  const single = classes.length === 1 ? classes[0] : undefined;
  for (let member = 0; member < own.length; member += 1) {
    const place = own[member] as number;
    if (single !== undefined) {
      const value = single[place] as number;
      const known = names.get(value);
      if (known === undefined) names.set(value, [member]);
      else known.push(member);
      continue;
    }
    const name = classes.map((each) => each[place]).join(' ');
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [member]);
    else known.push(member);
  }
  return [...groups.values(), ...names.values()];
}
