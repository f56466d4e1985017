// How many rows two kinds of children join, as a product that the fit of their parents meets: degrees by place, and the wanted sum, which
// lies between the smallest and the largest that these degrees can have.
import { type OwnDegree, twoDegrees } from '../../../spec/joined-rows.ts';
import type { PlanCurve } from '../../../spec/plan.ts';
import { chanceOf } from '../../../stats/population/counted-product.ts';
import type { Population, PopulationProduct, ProductSide } from '../../../stats/population/population.ts';
import type { PopulationDraft } from './population-draft.ts';
import type { Read } from './read-marginals.ts';
import type { ShapeResidual } from './table-shape.ts';

/** A product with the place of its marginal in the spec. */
export interface JoinedProduct {
  readonly marginal: number;
  readonly product: PopulationProduct;
  /** Rows of parents that one member stands for. */
  readonly rows: number;
}

/** Those that the population can meet, in the order of the spec. */
export function joinedProducts(marginals: readonly Read[], draft: PopulationDraft, size: number, rows: number): JoinedProduct[] {
  return marginals.flatMap(({ axes, joinedTimesChance }, marginal): JoinedProduct[] => {
    const degrees = joinedTimesChance === null ? null : twoDegrees(axes);
    if (degrees === null || joinedTimesChance === null) return [];
    const [first, second] = degrees.map((axis) => sideOf(axis, draft, size, rows));
    if (first === null || first === undefined || second === null || second === undefined) return [];
    if (first.variable === second.variable) return [];
    const chance = chanceOf({ first, second });
    if (!(chance > 0)) return [];
    const { least, most } = boundsOf(first, second);
    const wanted = Math.min(most, Math.max(least, joinedTimesChance * chance));
    return [{ marginal, product: { first, second, wanted }, rows: rows / size }];
  });
}

function sideOf({ child, columns }: OwnDegree, draft: PopulationDraft, size: number, rows: number): ProductSide | null {
  const found = draft.childReference(child, columns);
  if (found === null) return null;
  const tree = draft.tree(found.child, found.reference);
  if (tree !== null) return { variable: tree.variable, of: tree.degrees };
  const variable = draft.degreeVariable(found.child, found.reference);
  const curve = draft.curve(found.child, found.reference);
  return variable === null || curve === null ? null : { variable, ...degreesOfPlaces(curve, size, rows) };
}

/** Mean and standard deviation of the degrees of each place's parents: run by run of equal degrees, because there may be very many parents. */
export function degreesOfPlaces({ count, degree }: PlanCurve, size: number, rows: number): Pick<ProductSide, 'of' | 'spread'> {
  const of = new Float64Array(size);
  const spread = new Float64Array(size);
  let run = 0;
  let left = count[0] ?? 0;
  for (let place = 0; place < size; place += 1) {
    const parents = Math.floor(((place + 1) * rows) / size) - Math.floor((place * rows) / size);
    let [sum, squares] = [0, 0];
    for (let open = parents; open > 0 && run < count.length; ) {
      const taken = Math.min(open, left);
      const each = degree[run] ?? 0;
      sum += taken * each;
      squares += taken * each * each;
      open -= taken;
      left -= taken;
      if (left > 0) continue;
      run += 1;
      left = count[run] ?? 0;
    }
    of[place] = sum / parents;
    spread[place] = Math.sqrt(Math.max(0, squares / parents - (sum / parents) ** 2));
  }
  return size === rows ? { of } : { of, spread };
}

/** The sum is largest where both have the same order, smallest where they have opposite ones. */
function boundsOf(first: ProductSide, second: ProductSide): { readonly least: number; readonly most: number } {
  const size = first.of.length;
  let [least, most] = [0, 0];
  const [ones, twos] = [Float64Array.from(first.of).sort(), Float64Array.from(second.of).sort()];
  for (let at = 0; at < size; at += 1) {
    most += (ones[at] as number) * (twos[at] as number);
    least += (ones[at] as number) * (twos[size - 1 - at] as number);
  }
  for (let at = 0; at < size; at += 1) most += (first.spread?.[at] ?? 0) * (second.spread?.[at] ?? 0);
  return { least, most };
}

/** The residuals with what became of the products, in whole rows. */
export function withJoined(
  residuals: readonly ShapeResidual[],
  joined: readonly JoinedProduct[],
  sums: Population['sums'],
): ShapeResidual[] {
  return residuals.map((residual, marginal) => {
    const at = joined.findIndex((each) => each.marginal === marginal);
    const [found, sum] = [joined[at], sums[at]];
    if (found === undefined || sum === undefined) return residual;
    const rowsOf = (value: number) => Math.round(value * found.rows);
    return {
      ...residual,
      joined: { wanted: rowsOf(found.product.wanted), before: rowsOf(sum.before), after: rowsOf(sum.after) },
    };
  });
}
