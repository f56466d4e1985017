// Text or binary COPY for a table. Binary is cheaper for both servers (a time is a number, nothing is escaped) and for our stream, which jumps
// from field to field. It is taken where the form of every column is the same on all supported servers.
import type { CatalogColumn } from '../postgres/catalog/catalog.ts';
import { isStreamedAsBinary } from './field-writers.ts';
import type { PlannedTable } from './planned-table.ts';
import type { CopyFormat } from './row-cutter.ts';

/** Built-in types whose send and receive functions agree from PostgreSQL 14 to 18. */
// biome-ignore format: a list by family
const STABLE: ReadonlySet<string> = new Set([
  'bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'money', 'oid',
  'text', 'varchar', 'bpchar', 'name', 'char', 'bytea', 'json', 'jsonb', 'uuid', 'bit', 'varbit',
  'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval',
  'inet', 'cidr', 'macaddr', 'macaddr8',
  'point', 'lseg', 'path', 'box', 'polygon', 'line', 'circle',
]);

/** Pure. Enums go by their labels; composite types and arrays of enums hold numbers of types, which another server does not share. */
export function chooseFormat({ columns }: PlannedTable): CopyFormat {
  return columns.every((planned) => isStable(planned.column) && isStreamedAsBinary(planned)) ? 'binary' : 'text';
}

function isStable(column: CatalogColumn): boolean {
  const isBuiltIn = column.typeSchema === 'pg_catalog';
  switch (column.kind) {
    case 'base':
      return isBuiltIn && STABLE.has(column.type);
    case 'enum':
      return true;
    case 'domain':
      return column.elementType === null && (column.baseType === 'enum' || STABLE.has(column.baseType));
    case 'array':
      return isBuiltIn && column.elementType !== null && STABLE.has(column.elementType);
    default:
      return false;
  }
}
