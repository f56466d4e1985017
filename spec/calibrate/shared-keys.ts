// How each foreign key gets its parent. A column can be computed from one parent only, so of keys that share columns one is made
// freely and the others follow: *through* it where they are implied (the tenant of the order), or *within* the group that the shared columns
// fix (a product of the same tenant). Two columns are the same value when both lead, key by key, to one column of one row.
import type { Pack, PackForeignKey, PackTable } from '../pack.ts';
import { type KeyRole, type NamedReference, type Origin, PlacedKeys, targetOf } from './placed-keys.ts';

export interface SharedKeys {
  readonly references: ReadonlyMap<string, readonly NamedReference[]>;
  /** Columns that two keys share and no table lists: they get one value. By table. */
  readonly constants: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Every key of the pack with its role. Pure; the same pack gives the same roles. */
export function resolveSharedKeys(pack: Pack): SharedKeys {
  const state = new Resolution(pack);
  for (const table of pack.structure.tables) state.placeFree(table);
  for (const table of pack.structure.tables) state.placeSharing(table);
  for (const table of pack.structure.tables) state.placeRest(table);
  for (const table of pack.structure.tables) state.breakCircles(table);
  return { references: state.keys.placed, constants: state.keys.constants };
}

class Resolution {
  readonly keys = new PlacedKeys();
  private readonly tables: ReadonlyMap<string, PackTable>;
  private readonly waiting = new Map<string, PackForeignKey[]>();

  constructor(pack: Pack) {
    this.tables = new Map(pack.structure.tables.map((table) => [table.name, table]));
    for (const table of pack.structure.tables) this.keys.placed.set(table.name, []);
  }

  /** Keys that own their columns alone, the most telling first; what overlaps waits. */
  placeFree(table: PackTable): void {
    const waiting: PackForeignKey[] = [];
    const memberships = table.foreignKeys.filter((key) => this.isMembership(table, key));
    const circular = table.foreignKeys.filter((key) => this.isCircular(table, key) || isBesideOwner(table, key));
    for (const key of orderKeys(table, [...memberships, ...circular])) {
      const isDeferred = memberships.includes(key) || circular.includes(key) || memberships.some((other) => follows(key, other));
      if (!this.tables.has(key.references)) this.drop(table, key, 'its table is not in the pack');
      else if (isDeferred || key.columns.some((column) => this.keys.ownerOf(table.name, column) !== null)) waiting.push(key);
      else this.keys.place(table, key, { kind: 'free' });
    }
    this.waiting.set(table.name, waiting);
  }

  /** Keys that share some of their columns and bring others of their own. */
  placeSharing(table: PackTable): void {
    const left: PackForeignKey[] = [];
    for (const key of this.waiting.get(table.name) ?? []) {
      const shared = key.columns.filter((column) => this.keys.ownerOf(table.name, column) !== null);
      const role = shared.length > 0 && shared.length < key.columns.length ? this.findGroup(table, key, shared) : null;
      if (role === null) left.push(key);
      else this.keys.place(table, key, role);
    }
    this.waiting.set(table.name, left);
  }

  /** What is left either follows from others, is free after all, or cannot be made. */
  placeRest(table: PackTable): void {
    for (const key of this.waiting.get(table.name) ?? []) {
      const shared = key.columns.filter((column) => this.keys.ownerOf(table.name, column) !== null);
      if (shared.length === 0) this.keys.place(table, key, { kind: 'free' });
      else if (shared.length === key.columns.length) this.placeImplied(table, key);
      else this.placeBesideConstants(table, key, shared);
    }
  }

  /** A column that is copied, key by key, from itself gets one value: (tenant, parent) pointing at (tenant, id) of the same table. */
  breakCircles(table: PackTable): void {
    for (const { name } of table.columns) {
      const end = this.keys.ownerOf(table.name, name) === null ? null : this.keys.originOf(table.name, name);
      if (end !== null && this.keys.ownerOf(this.keys.tableOf(end), end.column) !== null)
        this.keys.makeConstant(table.name, name);
    }
  }

  private placeImplied(table: PackTable, key: PackForeignKey): void {
    const steps = this.findWay(table, key);
    if (steps !== null) this.keys.place(table, key, { kind: 'through', steps });
    else this.drop(table, key, 'other keys give all of its columns, and no way along them leads to its table');
  }

  /** Shared columns that no table lists: with one value for all rows both keys hold. */
  private placeBesideConstants(table: PackTable, key: PackForeignKey, shared: readonly string[]): void {
    const group = this.findGroup(table, key, shared);
    if (group !== null) {
      this.keys.place(table, key, group);
      return;
    }
    const ends = shared.flatMap((column) => [
      this.keys.originOf(table.name, column),
      this.keys.originOf(key.references, key.referencedColumns[key.columns.indexOf(column)] ?? ''),
    ]);
    if (ends.some((end) => this.isKeyAlone(end))) {
      this.drop(table, key, 'it shares a column with another key, and the two cannot hold together');
      return;
    }
    for (const end of ends) this.keys.makeConstant(this.keys.tableOf(end), end.column);
    this.keys.place(table, key, { kind: 'free' });
  }

  private isKeyAlone(end: Origin): boolean {
    const table = this.tables.get(this.keys.tableOf(end));
    const keys = [table?.primaryKey ?? [], ...(table?.uniques ?? []).map(({ columns }) => columns)];
    return keys.some((columns) => columns.length === 1 && columns[0] === end.column);
  }

  /** The group whose members share these columns: a free reference of the parent's table, and the way from here to the same row. */
  private findGroup(table: PackTable, key: PackForeignKey, shared: readonly string[]): KeyRole | null {
    const value = this.keys.originOf(table.name, shared[0] ?? '');
    for (const by of this.keys.freeReferences(key.references)) {
      const isGrouped = shared.every((column) => by.key.columns.includes(targetOf(key, column)));
      if (!isGrouped) continue;
      for (const steps of this.keys.waysTo(table.name, by.key.references, value)) {
        const isSame = shared.every((column) => {
          const groupColumn = targetOf(by.key, targetOf(key, column));
          return this.keys.isSame(this.keys.originOf(table.name, column), this.keys.originAlong(table.name, steps, groupColumn));
        });
        if (isSame) return { kind: 'within', reference: by.name, given: steps };
      }
    }
    return this.impliedGroup(table, key, shared);
  }

  /**
   * The parent's table has the shared column without a key of its own, but here the column comes from a table that lists its values:
   * the parent's column is taken to point there too.
   */
  private impliedGroup(table: PackTable, key: PackForeignKey, shared: readonly string[]): KeyRole | null {
    const [column] = shared;
    if (column === undefined || shared.length !== 1) return null;
    const target = targetOf(key, column);
    const from = this.keys.originOf(table.name, column);
    const [last] = from.steps.slice(-1);
    // A column of one value keeps it: no key would ever own it.
    if (this.keys.constants.get(key.references)?.has(target) === true) return null;
    if (last === undefined || this.keys.ownerOf(key.references, target) !== null || !this.isKeyAlone(from)) return null;
    const parent = this.tables.get(key.references);
    if (parent === undefined || this.keys.tableOf(from) === key.references) return null;
    this.keys.place(
      parent,
      { columns: [target], references: this.keys.tableOf(from), referencedColumns: [from.column], virtual: true },
      { kind: 'free' },
    );
    return this.findGroup(table, key, shared);
  }

  /** References from the row that lead to the key's parent: all of its columns are then the parent's already. */
  private findWay(table: PackTable, key: PackForeignKey): readonly string[] | null {
    const value = this.keys.originOf(table.name, key.columns[0] ?? '');
    for (const steps of this.keys.waysTo(table.name, key.references, value)) {
      const isSame = key.columns.every((column) =>
        this.keys.isSame(this.keys.originOf(table.name, column), this.keys.originAlong(table.name, steps, targetOf(key, column))),
      );
      if (isSame) return steps;
    }
    return null;
  }

  /** A key to the pairs of a junction: all columns that it points at are keys there. */
  private isMembership(table: PackTable, key: PackForeignKey): boolean {
    if (key.columns.length < 2 || key.references === table.name) return false;
    const parent = this.tables.get(key.references);
    const isKeyThere = (column: string) =>
      parent?.foreignKeys.some((other) => other.columns.length === 1 && other.columns[0] === column) === true;
    const isKeyHere = table.foreignKeys.some((other) => other.columns.length === 1 && other.columns[0] === key.columns[0]);
    return isKeyHere && key.referencedColumns.every(isKeyThere);
  }

  /**
   * A key over several columns that leads back to its own table by such keys, beside a shorter one over some of the columns: the shorter ones
   * are made first, or the shared column would be copied from itself.
   */
  private isCircular(table: PackTable, key: PackForeignKey): boolean {
    const isShorter = (other: PackForeignKey) =>
      other.columns.length < key.columns.length && other.columns.every((column) => key.columns.includes(column));
    if (key.columns.length < 2 || !table.foreignKeys.some(isShorter)) return false;
    const seen = new Set<string>();
    let open = [key.references];
    while (open.length > 0) {
      if (open.includes(table.name)) return true;
      for (const name of open) seen.add(name);
      const next = open.flatMap((name) => (this.tables.get(name)?.foreignKeys ?? []).filter(({ columns }) => columns.length > 1));
      open = [...new Set(next.map(({ references }) => references))].filter((name) => !seen.has(name));
    }
    return false;
  }

  private drop(table: PackTable, key: PackForeignKey, reason: string): void {
    this.keys.place(table, key, { kind: 'dropped', reason });
  }
}

/** A key whose columns a membership gives, apart from the membership's first column, which stays what it is. */
function follows(key: PackForeignKey, membership: PackForeignKey): boolean {
  return key !== membership && key.columns.every((column) => membership.columns.slice(1).includes(column));
}

/**
 * A key over several columns that are not all in the primary key, beside a shorter one that is: the row belongs to the shorter one's
 * parent (a project of a tenant), and the longer key chooses inside it (its owner, a user of the tenant).
 */
function isBesideOwner(table: PackTable, key: PackForeignKey): boolean {
  const isInside = (columns: readonly string[]) => columns.every((column) => table.primaryKey?.includes(column) === true);
  if (key.columns.length < 2 || isInside(key.columns)) return false;
  return table.foreignKeys.some(
    (other) =>
      other.columns.length < key.columns.length &&
      other.columns.every((column) => key.columns.includes(column)) &&
      isInside(other.columns),
  );
}

/** Declared keys before virtual ones, long ones before short ones, those inside the primary key first: the most telling parent. */
function orderKeys(table: PackTable, last: readonly PackForeignKey[]): PackForeignKey[] {
  const isNullable = (key: PackForeignKey) =>
    key.columns.some((name) => table.columns.some((column) => column.name === name && column.nullable));
  const isInside = (key: PackForeignKey) => key.columns.every((column) => table.primaryKey?.includes(column) === true);
  const rank = (key: PackForeignKey) => [
    Number(last.includes(key)),
    Number(key.virtual),
    -key.columns.length,
    // A key that may be NULL would take its columns along into NULL.
    Number(isNullable(key)),
    Number(!isInside(key)),
  ];
  return [...table.foreignKeys].sort((left, right) => {
    const [one, other] = [rank(left), rank(right)];
    const at = one.findIndex((value, index) => value !== other[index]);
    return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
  });
}
