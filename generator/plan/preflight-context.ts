// What the checks of sizes and types share.
import type { Problem } from '../../core/errors.ts';
import type { PlanTable } from '../../spec/plan.ts';
import type { SizeRequest } from './largest-fit.ts';
import type { Problems } from './problems.ts';

/** What every check reads, and where it puts what it finds. */
export interface PreflightContext extends SizeRequest {
  readonly tables: readonly PlanTable[];
  /** Labels by the enum's key. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly problems: Problems;
  readonly warnings: Problem[];
}
