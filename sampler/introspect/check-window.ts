// --window-days that cuts nothing would measure all of the past under the name of a window.
import { ShapecastError } from '../../core/errors.ts';
import type { Policy } from '../../spec/policy.ts';
import type { Source } from './source.ts';

/** Throws POLICY_MISMATCH when a window is wanted and the policy names no time column of a table that is read. */
export function checkWindow(source: Source, policy: Policy, windowDays: number | null): void {
  if (windowDays === null) return;
  const isRead = new Set(source.tables.map(({ key }) => key));
  if (policy.timeColumns.some(({ table }) => isRead.has(table))) return;
  const message =
    policy.timeColumns.length === 0
      ? 'is empty, so --window-days would cut nothing: name {table, column} for each table to cut, or leave --window-days out'
      : 'names only tables that are excluded, so --window-days would cut nothing: name a table that is read, or leave --window-days out';
  throw new ShapecastError('POLICY_MISMATCH', { problems: [{ path: 'timeColumns', message }] });
}
