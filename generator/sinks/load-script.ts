// load.sql: how psql takes the files in, from inside their folder. Parents come before their children as far as there is such an order.
import { quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { ManifestFile } from '../../spec/file-manifest.ts';
import type { Plan, PlanTable } from '../../spec/plan.ts';
import { parentsFirst } from '../parents-first.ts';

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
