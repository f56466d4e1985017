// A table keeps its oid when it is renamed or moved to another schema, so the marker finds it again. But a dump carries the
// marker's rows into databases where the same oid is somebody else's table: each row therefore says where its oid holds.

/** SQL: what no dump carries along. The oids of the database, of the marker's schema and of one of its tables; NULL without the marker. */
export const MARKER_HOME = `(
  select concat_ws('/', d.oid, n.oid, c.oid)
  from pg_database d
  cross join pg_namespace n
  join pg_class c on c.relnamespace = n.oid
  where d.datname = current_database()
    and n.nspname = 'shapecast'
    and c.relname = 'definitions')`;

/** SQL expressions of one row of the marker: the name of a table when it was recorded, its oid, and where the oid holds. */
interface Recorded {
  readonly schema: string;
  readonly name: string;
  readonly oid: string;
  readonly home: string;
}

/**
 * SQL for LATERAL: where the recorded table is now (oid, schema, name, spelled as the server does), no row when it is gone. By
 * oid, whatever its name has become; by name where no table has the oid, or where the oid does not hold.
 */
export function locateTable({ schema, name, oid, home }: Recorded): string {
  return `(
    select c.oid, n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as spelled
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = coalesce(
      (select o.oid from pg_class o where o.oid = ${oid} and o.relkind in ('r', 'p') and ${home} = ${MARKER_HOME}),
      (select o.oid from pg_class o join pg_namespace m on m.oid = o.relnamespace
       where m.nspname = ${schema} and o.relname = ${name} and o.relkind in ('r', 'p'))))`;
}
