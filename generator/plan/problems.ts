// A plan is refused with all its faults at once: each step adds what it finds and goes on.
import { type Problem, ShapecastError } from '../../core/errors.ts';

/** Collects faults while a plan is resolved. */
export class Problems {
  private readonly found: Problem[] = [];

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  /** What was found so far, in order. */
  all(): readonly Problem[] {
    return this.found;
  }

  /** Whether anything was found at the path or below it. */
  has(path: string): boolean {
    return this.found.some((problem) => problem.path === path || problem.path.startsWith(`${path}.`));
  }

  /** Throws PLAN_IMPOSSIBLE when anything was found. */
  refuse(): void {
    if (this.found.length > 0) throw new ShapecastError('PLAN_IMPOSSIBLE', { problems: this.found });
  }
}
