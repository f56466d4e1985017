// The plan as a person reads it before confirming.
import { formatTableKey } from '../core/identifiers.ts';
import { formatCount } from '../core/progress.ts';
import { describeObject } from '../postgres/marker-objects.ts';
import { MARKER_SCHEMA } from '../postgres/marker-tables.ts';
import { describeDefinition } from '../postgres/put-back.ts';
import { listPutBacks, type TeardownPlan, type TeardownTable } from './plan-teardown.ts';

/** One line per thing that would happen. `counted`: exact rows by table key; a table that is not in it shows its estimate. */
export function describePlan(plan: TeardownPlan, counted: ReadonlyMap<string, number>): string[] {
  return [
    ...plan.drop.map((table) => `drop      ${describeTable(table, counted)}`),
    ...plan.objects.map((object) => `drop      ${describeObject(object)}`),
    ...plan.empty.map((table) => `empty     ${describeTable(table, counted)}`),
    ...listPutBacks(plan).map((definition) => `put back  ${describeDefinition(definition)}`),
    ...plan.gone.map((table) => `skip      ${formatTableKey(table)}: gone already`),
    ...plan.kept.map((kept) => `keep      ${kept}: not made by shapecast; it and the schema ${MARKER_SCHEMA} stay`),
    plan.kept.length === 0
      ? `drop      schema ${MARKER_SCHEMA} (the marker, ${formatCount(plan.runs)} ${plan.runs === 1 ? 'run' : 'runs'})`
      : `drop      the marker's tables (${formatCount(plan.runs)} ${plan.runs === 1 ? 'run' : 'runs'})`,
  ];
}

function describeTable(table: TeardownTable, counted: ReadonlyMap<string, number>): string {
  const key = formatTableKey(table);
  const was = formatTableKey(table.recordedAs);
  const name = was === key ? key : `${key} (was ${was})`;
  const rows = counted.get(key);
  if (rows === undefined) return `${name}: about ${formatCount(Math.round(table.estimatedRows))} rows`;
  return `${name}: ${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
}
