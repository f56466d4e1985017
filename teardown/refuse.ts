// Every reason for which teardown refuses, in one place. Outside this file there are only two more: refuseUnsafeTarget
// (NODE_ENV, host) and MARKER_FOREIGN (the schema is not ours), which all commands share.
// --force lifts the first two, which an interrupted or emergency clean-up has to pass; nothing lifts the others, because
// what they guard is not ours.
import { type Problem, ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import { formatCount } from '../core/progress.ts';
import type { TeardownPlan } from './plan-teardown.ts';

export interface RefusalInput {
  readonly plan: TeardownPlan;
  /** Rows that are there, and rows that the chunk ledger says we wrote, by the recorded name; tables without chunks are not in `written`. */
  readonly counted: ReadonlyMap<string, number>;
  readonly written: ReadonlyMap<string, number>;
}

/** Throws for the first reason that holds. */
export function refuseTeardown(input: RefusalInput, options: { readonly force: boolean }): void {
  if (!options.force) {
    refuseRunning(input.plan);
    refuseAddedRows(input);
  }
  refuseReplaced(input.plan);
  refuseDependents(input.plan);
}

/** A run is marked running: it is writing now, or it was killed. */
function refuseRunning(plan: TeardownPlan): void {
  if (plan.running.length > 0) throw new ShapecastError('TEARDOWN_RUNNING', { runs: plan.running });
}

/** A table holds more rows than the chunk ledger says we wrote, whoever made the table: somebody works in it. */
function refuseAddedRows({ plan, counted, written }: RefusalInput): void {
  const tables = [...plan.empty, ...plan.drop].flatMap((table) => {
    const key = formatTableKey(table);
    const surplus = (counted.get(key) ?? 0) - (written.get(formatTableKey(table.recordedAs)) ?? 0);
    return surplus > 0 ? [`${key} (${formatCount(surplus)})`] : [];
  });
  if (tables.length > 0) throw new ShapecastError('TEARDOWN_ROWS_ADDED', { tables });
}

/** A table bears a listed name but is another table now. */
function refuseReplaced(plan: TeardownPlan): void {
  if (plan.replaced.length > 0) throw new ShapecastError('TEARDOWN_REPLACED', { tables: plan.replaced.map(formatTableKey) });
}

/** Something of the user's rests on a table to drop, or a row of theirs refers to a table to empty. */
function refuseDependents(plan: TeardownPlan): void {
  const onDropped: Problem[] = plan.dependents.map((dependent) => ({ path: dependent, message: 'rests on a table to drop' }));
  const onEmptied: Problem[] = plan.outsideReferences
    .filter((key) => key.isUsed)
    .map((key) => ({
      path: `constraint ${key.constraint} on table ${formatTableKey(key.from)}`,
      message: `its rows refer to ${formatTableKey(key.to)}, which is to be emptied`,
    }));
  const problems = [...onDropped, ...onEmptied];
  if (problems.length > 0) throw new ShapecastError('TEARDOWN_DEPENDENT', { problems });
}
