// Whether something in a table's spec keeps a set of columns unique: a column whose values all differ, a reference that is the
// whole key, a pair that occurs once, or a line number within its parent.
import type { TableSpec } from '../../spec/spec.ts';

/** True when no two rows can have the same values in all of the columns. Pure; errs to false. */
export function keepsUnique(table: TableSpec, columns: readonly string[]): boolean {
  const references = Object.entries(table.references).filter(([, { columns: own }]) =>
    own.every((column) => columns.includes(column)),
  );
  const members = new Set([...references.map(([name]) => name), ...columns]);
  return (
    columns.some((column) => isUniqueColumn(table.columns[column])) ||
    // A reference that holds the whole key is given to each parent once at most (the plan sees to it).
    (columns.length > 0 && references.some(([, { columns: own }]) => columns.every((column) => own.includes(column)))) ||
    (table.distinctPairs ?? []).some((pair) => pair.every((member) => members.has(member))) ||
    references.some(([, { within }]) => within?.distinctFor !== undefined && members.has(within.distinctFor)) ||
    columns.some((column) => {
      const spec = table.columns[column];
      return spec?.kind === 'ordinal' && members.has(spec.reference);
    })
  );
}

function isUniqueColumn(spec: TableSpec['columns'][string] | undefined): boolean {
  switch (spec?.kind) {
    case 'sequence':
    case 'uuid':
    case 'id':
    case 'template':
      return true;
    case 'number':
    case 'text':
    case 'time':
    case 'bytes':
      return spec.isUnique === true;
    default:
      return false;
  }
}
