// How many rows a table has, and whether it grows with the band: reference data stays as it is, everything else grows.
import type { Pack, PackTable } from '../pack.ts';
import type { TableSpec } from '../spec.ts';
import { because } from './reason.ts';

const MAX_REFERENCE_ROWS = 200;

type Rows = Extract<TableSpec['rows'], { count: number }>;

/** The table's rows; a suppressed count lies below k, so its middle is taken. */
export function calibrateRows(pack: Pack, table: PackTable): Rows {
  const count = table.rows ?? Math.floor(pack.privacy.k / 2);
  const reason = fixedReason(pack, table, count);
  return {
    count,
    growth: reason === null ? 'linear' : 'fixed',
    ...because(
      table.rows === null ? `fewer than ${pack.privacy.k}: the count was not released, the middle is taken` : 'counted',
      reason,
    ),
  };
}

function fixedReason(pack: Pack, table: PackTable, count: number): string | null {
  if (table.unit === 'public') return 'public reference data does not grow';
  const isReferenced = pack.structure.tables.some((other) => other.foreignKeys.some((key) => key.references === table.name));
  const isSmall = isReferenced && table.foreignKeys.length === 0 && count <= MAX_REFERENCE_ROWS;
  return isSmall ? 'small, referenced and referring to nothing: taken for reference data, which does not grow' : null;
}
