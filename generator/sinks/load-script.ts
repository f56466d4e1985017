// load.sql: how psql takes the files in, from inside their folder. Parents come before their children as far as there is such an order.
import { quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { ManifestFile } from '../../spec/file-manifest.ts';
import type { Plan, PlanTable } from '../../spec/plan.ts';

/** The text of the script; `files` are all of the plan's. */
export function loadScript(plan: Plan, files: readonly ManifestFile[]): string {
  const { order, circles } = parentsFirst(plan);
  const lines = order.flatMap((table) => files.filter((file) => file.table === table.name).map((file) => copyLine(table, file)));
  return [
    '-- Loads the files of this folder: psql -1 -v ON_ERROR_STOP=1 -f load.sql DATABASE, run inside the folder.',
    '-- Quickest into tables without indexes and foreign keys, which are then made after it.',
    ...(circles.length === 0
      ? []
      : [
          `-- Foreign keys of ${circles.join(', ')} reach rows that come later: drop them first, or run this with`,
          '-- session_replication_role = replica.',
        ]),
    ...lines,
    '',
  ].join('\n');
}

function copyLine(table: PlanTable, { file, format }: ManifestFile): string {
  const columns = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const options = format === 'csv' ? 'format csv, header' : `format ${format}`;
  // psql ends a meta-command with its line.
  const target = `${quoteQualified({ schema: table.schema, name: table.relation })} (${columns})`.replaceAll('\n', ' ');
  return `\\copy ${target} from '${file}' with (${options})`;
}

/** Tables after those that they refer to; the names of those that a circle (or their own key) leaves without such a place. */
export function parentsFirst(plan: Plan): { readonly order: readonly PlanTable[]; readonly circles: readonly string[] } {
  const order: PlanTable[] = [];
  const circles = new Set(plan.tables.filter(refersToItself(plan)).map(({ name }) => name));
  const left = new Set(plan.tables);
  while (left.size > 0) {
    const isReady = (table: PlanTable) => parentsOf(plan, table).every((parent) => parent === table || !left.has(parent));
    const ready = [...left].filter(isReady);
    const next = ready.length > 0 ? ready : [...left].slice(0, 1);
    if (ready.length === 0) for (const { name } of next) circles.add(name);
    for (const table of next) left.delete(table);
    order.push(...next);
  }
  return { order, circles: [...circles] };
}

function parentsOf(plan: Plan, table: PlanTable): PlanTable[] {
  return table.references.filter(({ isVirtual }) => !isVirtual).flatMap((reference) => plan.tables[reference.table] ?? []);
}

function refersToItself(plan: Plan): (table: PlanTable) => boolean {
  return (table) => parentsOf(plan, table).includes(table);
}
