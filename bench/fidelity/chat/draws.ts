// Draws of the simulated chat: a seeded stream of its own (sfc32), so that the data are the same on every run and owe nothing to the
// generator whose output they judge.

/** A stream of draws by its name: the same name, the same draws. */
export class Draws {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  constructor(name: string) {
    for (const character of name) this.a = Math.imul(this.a ^ (character.codePointAt(0) ?? 0), 0x01000193) + 0x9e3779b9;
    this.b = Math.imul(this.a, 0x85ebca6b);
    this.c = Math.imul(this.b, 0xc2b2ae35);
    for (let round = 0; round < 15; round += 1) this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** Whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** At least `min`; the smaller alpha, the heavier the tail. */
  pareto(min: number, alpha: number): number {
    return min / (1 - this.next()) ** (1 / alpha);
  }

  /** A whole number from 0 on. */
  geometric(mean: number): number {
    return Math.floor(Math.log(1 - this.next()) / Math.log(mean / (mean + 1)));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Index by weight. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let at = 0; at < weights.length; at += 1) total += weights[at] ?? 0;
    let left = this.next() * total;
    for (let at = 0; at < weights.length; at += 1) {
      left -= weights[at] ?? 0;
      if (left < 0) return at;
    }
    return weights.length - 1;
  }
}
