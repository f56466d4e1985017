// How many rows a table has, and whether it grows with the band: reference data stays as it is, everything else grows.
import type { Pack, PackTable } from '../pack.ts';
import type { TableSpec } from '../spec.ts';
import { because } from './reason.ts';

const MAX_REFERENCE_ROWS = 200;

type Rows = Extract<TableSpec['rows'], { count: number }>;

/** The table's rows. A withheld count lies below k: none where no released table needs a parent there, else the middle. */
export function calibrateRows(pack: Pack, table: PackTable): Rows {
  const count = table.rows ?? (isNeeded(pack, table) ? Math.floor(pack.privacy.k / 2) : 0);
  const reason = fixedReason(pack, table, count);
  return {
    count,
    growth: reason === null ? 'linear' : 'fixed',
    ...because(table.rows === null ? withheldReason(pack, count) : 'counted', reason),
  };
}

function withheldReason(pack: Pack, count: number): string {
  const taken = count === 0 ? 'nothing released points at it, so it stays empty' : 'the middle is taken';
  return `fewer than ${pack.privacy.k}: the count was not released, ${taken}`;
}

function isNeeded(pack: Pack, table: PackTable): boolean {
  const children = pack.structure.tables.filter((other) => other.foreignKeys.some((key) => key.references === table.name));
  return children.some((child) => child.rows !== null || (child !== table && isNeeded(withoutTable(pack, table), child)));
}

/** The pack without one table, so that a circle of withheld tables ends. */
function withoutTable(pack: Pack, table: PackTable): Pack {
  return { ...pack, structure: { ...pack.structure, tables: pack.structure.tables.filter((other) => other !== table) } };
}

function fixedReason(pack: Pack, table: PackTable, count: number): string | null {
  if (table.unit === 'public') return 'public reference data does not grow';
  const isReferenced = pack.structure.tables.some((other) => other.foreignKeys.some((key) => key.references === table.name));
  const isPerson = pack.privacy.subjects.includes(table.name);
  const isSmall =
    isReferenced && !isPerson && !isOwner(pack, table) && table.foreignKeys.length === 0 && count <= MAX_REFERENCE_ROWS;
  if (isSmall) return 'small, referenced and referring to nothing: taken for reference data, which does not grow';
  return hasClosedKey(pack, table, [])
    ? 'its key has no room to grow: made of labels, and of keys of tables that do not grow'
    : null;
}

/** Whether some key is made of labels, and of references to tables that stay as they are. `asking`: the tables above. */
function hasClosedKey(pack: Pack, table: PackTable, asking: readonly string[]): boolean {
  const keys = [table.primaryKey ?? [], ...table.uniques.map(({ columns }) => columns)].filter((columns) => columns.length > 0);
  const isClosed = (name: string) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column?.baseType === 'bool' || column?.kind === 'enum' || column?.baseType === 'enum') return true;
    const references = table.foreignKeys.filter((key) => key.columns.includes(name));
    return references.some(({ references: parent }) => {
      const found = pack.structure.tables.find((other) => other.name === parent);
      if (found === undefined || found === table || asking.includes(parent)) return false;
      return found.unit === 'public' || isSmallParent(found) || hasClosedKey(pack, found, [...asking, table.name]);
    });
  };
  return keys.some((columns) => columns.every(isClosed));
}

function isSmallParent(table: PackTable): boolean {
  return table.foreignKeys.length === 0 && table.rows !== null && table.rows <= MAX_REFERENCE_ROWS;
}

/** Whether keys of other tables number their rows inside a row of this one: tenants, not kinds. */
function isOwner(pack: Pack, table: PackTable): boolean {
  return pack.structure.tables.some((other) => {
    const own = other.foreignKeys.filter((key) => key.references === table.name).flatMap((key) => key.columns);
    const others = other.foreignKeys.filter((key) => key.references !== table.name).flatMap((key) => key.columns);
    const keys = [other.primaryKey ?? [], ...other.uniques.map(({ columns }) => columns)];
    return keys.some(
      (columns) =>
        columns.length > 1 &&
        columns.some((column) => own.includes(column)) &&
        columns.every((column) => own.includes(column) || !others.includes(column)),
    );
  });
}
