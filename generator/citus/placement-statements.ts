// The statements that place tables on a Citus cluster, each with its reason, in the order in which Citus takes them: keys that it cannot keep go
// first (Citus docs, "Limitations" and "create_distributed_table"), then the tables that are whole everywhere, then those that are cut.
import { formatTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { CatalogForeignKey } from '../../postgres/catalog/catalog.ts';
import { leadsTo, type PlacedTable, type Placement } from './choose-placements.ts';

export interface PlacementStatement {
  /** Of the table that it is about. */
  readonly table: string;
  readonly sql: string;
  readonly because: string;
}

/** All statements for the tables, which come parents first. Pure. */
export function placementStatements(placed: readonly PlacedTable[]): PlacementStatement[] {
  const placementOf = new Map(placed.map(({ name, placement }) => [name, placement]));
  const dropped = placed.flatMap((table) =>
    table.catalog.foreignKeys.flatMap((key): PlacementStatement[] => {
      const because = whyNot(table.placement, key, placementOf.get(formatTableKey(key.references)) ?? { kind: 'local' });
      if (because === null) return [];
      const sql = `alter table ${quoteQualified(table.catalog)} drop constraint if exists ${quoteIdentifier(key.name)}`;
      return [{ table: table.name, sql, because: `${describeKey(key)} cannot be kept: ${because}` }];
    }),
  );
  const whole = placed.filter(({ placement }) => placement.kind === 'reference');
  const cut = placed.filter(({ placement }) => placement.kind === 'distributed');
  return [...dropped, ...[...whole, ...cut].map((table) => placeStatement(table, placed))];
}

/** Why Citus does not take a foreign key between tables that are placed so; null when it does. */
function whyNot(from: Placement, key: CatalogForeignKey, to: Placement): string | null {
  if (to.kind !== 'distributed') {
    return to.kind === 'local' && from.kind === 'distributed' ? 'a distributed table cannot refer to a local one' : null;
  }
  if (from.kind !== 'distributed') return `a ${from.kind} table cannot refer to a distributed one`;
  if (from.group !== to.group) return 'the two tables do not lie beside each other';
  return leadsTo(key, from.by, to) ? null : 'it does not lead from one distribution column to the other';
}

function placeStatement({ name, catalog, placement, because }: PlacedTable, placed: readonly PlacedTable[]): PlacementStatement {
  const table = quoteLiteral(quoteQualified(catalog));
  if (placement.kind !== 'distributed') return { table: name, sql: `select create_reference_table(${table})`, because };
  const { group } = placement;
  const first = placed.find((other) => other.name === group);
  const beside = first === undefined || first.name === name ? 'none' : quoteQualified(first.catalog);
  const sql = `select create_distributed_table(${table}, ${quoteLiteral(placement.by)}, colocate_with => ${quoteLiteral(beside)})`;
  return { table: name, sql, because };
}

function describeKey({ name, columns, references }: CatalogForeignKey): string {
  return `the foreign key ${name} (${columns.join(', ')}) to ${formatTableKey(references)}`;
}

/** With standard_conforming_strings, which every connection of ours has, only the quote itself is special. */
function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
