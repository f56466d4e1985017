// Who should change places for the sake of a product: the few members that decide it, which a draw among all would hardly ever find. They
// change with members of their own class, whom no marginal tells from them, or with those that are large on the other side.
import type { CountedProduct } from './counted-product.ts';
import type { Members } from './members.ts';
import { PlaceGroups } from './place-groups.ts';
import type { DrawBelow, PopulationAxis, ProductSide } from './population.ts';

const STEPS = 1 << 24;

/** Proposals for one variable of a product. */
export class ProductSwaps {
  readonly product: CountedProduct;
  readonly variable: number;
  private readonly members: Members;
  private readonly own: LargeMembers;
  private readonly other: LargeMembers;
  private readonly groups: PlaceGroups;

  constructor(product: CountedProduct, variable: number, members: Members, axes: readonly PopulationAxis[]) {
    const { first, second } = product.product;
    const [own, other] = first.variable === variable ? [first, second] : [second, first];
    const classes = axes.flatMap((axis) => (axis.kind === 'place' && axis.variable === variable ? [axis.classOf] : []));
    this.product = product;
    this.variable = variable;
    this.members = members;
    this.own = new LargeMembers(own, members);
    this.other = new LargeMembers(other, members);
    this.groups = new PlaceGroups(classes, own.of.length);
  }

  /** Two members that might change their places of the variable; they may be the same. */
  draw(draw: DrawBelow): readonly [number, number] {
    const kind = draw(4);
    const one = kind % 2 === 0 ? this.own.draw(draw) : this.other.draw(draw);
    if (kind === 3) return [one, this.own.draw(draw)];
    const place = this.groups.drawLike((this.members.places[this.variable] as Int32Array)[one] as number, draw);
    return [one, (this.members.at[this.variable] as Int32Array)[place] as number];
  }
}

/** Members by what they count for on one side: twice as much, drawn twice as often. */
class LargeMembers {
  private readonly side: ProductSide;
  private readonly members: Members;
  private readonly sums: Float64Array;

  constructor(side: ProductSide, members: Members) {
    this.side = side;
    this.members = members;
    this.sums = new Float64Array(side.of.length);
    let sum = 0;
    for (let place = 0; place < side.of.length; place += 1) {
      sum += side.of[place] as number;
      this.sums[place] = sum;
    }
  }

  draw(draw: DrawBelow): number {
    const { sums } = this;
    const at = ((draw(STEPS) + 0.5) / STEPS) * (sums[sums.length - 1] as number);
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return (this.members.at[this.side.variable] as Int32Array)[low] as number;
  }
}
