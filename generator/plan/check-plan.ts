// Faults that show only when all tables are resolved: memberships that somebody cannot have, and keys made from themselves.
import type { PlanTable } from '../../spec/plan.ts';
import type { Problems } from './problems.ts';

/** Every group needs a member, two where another must differ; the way to the group must not itself be a membership. */
export function checkMemberships(tables: readonly PlanTable[], problems: Problems): void {
  for (const table of tables) {
    for (const reference of table.references) {
      const { membership } = reference;
      if (membership === null || table.rows === 0) continue;
      const path = `tables.${table.name}.references.${reference.name}.memberOf`;
      const smallest = tables[membership.table]?.references[membership.group]?.curve?.degree[0] ?? 0;
      const needed = membership.except === null ? 1 : 2;
      if (smallest < needed)
        problems.add(
          path,
          `some group has ${smallest} members and ${needed} are needed: raise the smallest fan-out of the junction`,
        );
      if (leadsThroughMembership(tables, table, membership.given))
        problems.add(`${path}.given`, 'must not lead through a membership: name references that have a fanOut');
    }
  }
}

function leadsThroughMembership(tables: readonly PlanTable[], table: PlanTable, steps: readonly number[]): boolean {
  let at: PlanTable | undefined = table;
  for (const step of steps) {
    const reference: PlanTable['references'][number] | undefined = at?.references[step];
    if (reference === undefined || reference.membership !== null) return true;
    at = tables[reference.table];
  }
  return false;
}

/** A key that is copied from a parent whose key is copied from ... itself has no beginning. */
export function checkKeyCircles(tables: readonly PlanTable[], problems: Problems): void {
  for (const table of tables) {
    for (const column of table.columns) {
      const fault = followKey(tables, table, column.name, problems);
      if (fault !== null) problems.add(`tables.${table.name}.columns.${column.name}`, fault);
    }
  }
}

function followKey(tables: readonly PlanTable[], start: PlanTable, startColumn: string, problems: Problems): string | null {
  let table: PlanTable | undefined = start;
  let name = startColumn;
  for (let step = 0; step <= tables.length + 1; step += 1) {
    const column: PlanTable['columns'][number] | undefined = table?.columns.find((candidate) => candidate.name === name);
    // What is wrong with the parent's column is said there.
    if (column === undefined && problems.has(`tables.${table?.name}.columns.${name}`)) return null;
    if (column === undefined)
      return `is copied from ${table?.name ?? 'a table'}.${name}, which the spec does not make: add that column to the spec`;
    if (column.builder.kind !== 'reference') return null;
    const reference: PlanTable['references'][number] | undefined = table?.references[column.builder.reference];
    name = reference?.to[column.builder.position] ?? '';
    table = reference === undefined ? undefined : tables[reference.table];
  }
  return 'is copied from itself through a circle of keys: give it a kind of its own in the spec (sequence, constant), and the keys follow it';
}
