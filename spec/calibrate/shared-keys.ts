// How each foreign key gets its parent. A column can be computed from one parent only, so of keys that share columns one is made
// freely and the others follow: *through* it where they are implied (the tenant of the order), or *within* the group that the shared columns
// fix (a product of the same tenant). Two columns are the same value when both lead, key by key, to one column of one row.
import type { Pack, PackForeignKey, PackTable } from '../pack.ts';

export type KeyRole =
  | { readonly kind: 'free' }
  | { readonly kind: 'within'; readonly reference: string; readonly given: readonly string[] }
  | { readonly kind: 'through'; readonly steps: readonly string[] }
  /** Nothing makes it; `reason` completes "... is left out: ". */
  | { readonly kind: 'dropped'; readonly reason: string };

/** A foreign key under the name that the spec gives it. */
export interface NamedReference {
  readonly name: string;
  readonly key: PackForeignKey;
  readonly role: KeyRole;
}

export interface SharedKeys {
  readonly references: ReadonlyMap<string, readonly NamedReference[]>;
  /** Columns that two keys share and no table lists: they get one value. By table. */
  readonly constants: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Longest way that is looked for when a key is implied by others. */
const MAX_STEPS = 3;

/** Every key of the pack with its role. Pure; the same pack gives the same roles. */
export function resolveSharedKeys(pack: Pack): SharedKeys {
  const state = new Resolution(pack);
  for (const table of pack.structure.tables) state.placeFree(table);
  for (const table of pack.structure.tables) state.placeSharing(table);
  for (const table of pack.structure.tables) state.placeRest(table);
  for (const table of pack.structure.tables) state.breakCircles(table);
  return { references: state.placed, constants: state.constants };
}

/** Where a value comes from: a column of a row, the row reached from another by following references. */
interface Origin {
  readonly table: string;
  readonly steps: readonly string[];
  readonly column: string;
}

class Resolution {
  readonly placed = new Map<string, NamedReference[]>();
  readonly constants = new Map<string, Set<string>>();
  private readonly tables: ReadonlyMap<string, PackTable>;
  private readonly waiting = new Map<string, PackForeignKey[]>();

  constructor(pack: Pack) {
    this.tables = new Map(pack.structure.tables.map((table) => [table.name, table]));
    for (const table of pack.structure.tables) this.placed.set(table.name, []);
  }

  /** Keys that own their columns alone, the most telling first; what overlaps waits. */
  placeFree(table: PackTable): void {
    const waiting: PackForeignKey[] = [];
    const memberships = table.foreignKeys.filter((key) => this.isMembership(table, key));
    const circular = table.foreignKeys.filter((key) => this.isCircular(table, key) || isBesideOwner(table, key));
    for (const key of orderKeys(table, [...memberships, ...circular])) {
      const isDeferred = memberships.includes(key) || circular.includes(key) || memberships.some((other) => follows(key, other));
      if (!this.tables.has(key.references)) this.drop(table, key, 'its table is not in the pack');
      else if (isDeferred || key.columns.some((column) => this.ownerOf(table.name, column) !== null)) waiting.push(key);
      else this.place(table, key, { kind: 'free' });
    }
    this.waiting.set(table.name, waiting);
  }

  /** Keys that share some of their columns and bring others of their own. */
  placeSharing(table: PackTable): void {
    const left: PackForeignKey[] = [];
    for (const key of this.waiting.get(table.name) ?? []) {
      const shared = key.columns.filter((column) => this.ownerOf(table.name, column) !== null);
      const role = shared.length > 0 && shared.length < key.columns.length ? this.findGroup(table, key, shared) : null;
      if (role === null) left.push(key);
      else this.place(table, key, role);
    }
    this.waiting.set(table.name, left);
  }

  /** What is left either follows from others, is free after all, or cannot be made. */
  placeRest(table: PackTable): void {
    for (const key of this.waiting.get(table.name) ?? []) {
      const shared = key.columns.filter((column) => this.ownerOf(table.name, column) !== null);
      if (shared.length === 0) this.place(table, key, { kind: 'free' });
      else if (shared.length === key.columns.length) this.placeImplied(table, key);
      else this.placeBesideConstants(table, key, shared);
    }
  }

  /** A column that is copied, key by key, from itself gets one value: (tenant, parent) pointing at (tenant, id) of the same table. */
  breakCircles(table: PackTable): void {
    for (const { name } of table.columns) {
      const end = this.ownerOf(table.name, name) === null ? null : this.originOf(table.name, name);
      if (end !== null && this.ownerOf(this.tableOf(end), end.column) !== null) this.makeConstant(table.name, name);
    }
  }

  private placeImplied(table: PackTable, key: PackForeignKey): void {
    const steps = this.findWay(table, key);
    if (steps !== null) this.place(table, key, { kind: 'through', steps });
    else this.drop(table, key, 'other keys give all of its columns, and no way along them leads to its table');
  }

  /** Shared columns that no table lists: with one value for all rows both keys hold. */
  private placeBesideConstants(table: PackTable, key: PackForeignKey, shared: readonly string[]): void {
    const group = this.findGroup(table, key, shared);
    if (group !== null) {
      this.place(table, key, group);
      return;
    }
    const ends = shared.flatMap((column) => [
      this.originOf(table.name, column),
      this.originOf(key.references, key.referencedColumns[key.columns.indexOf(column)] ?? ''),
    ]);
    if (ends.some((end) => this.isKeyAlone(end))) {
      this.drop(table, key, 'it shares a column with another key, and the two cannot hold together');
      return;
    }
    for (const end of ends) this.makeConstant(this.tableOf(end), end.column);
    this.place(table, key, { kind: 'free' });
  }

  private isKeyAlone(end: Origin): boolean {
    const table = this.tables.get(this.tableOf(end));
    const keys = [table?.primaryKey ?? [], ...(table?.uniques ?? []).map(({ columns }) => columns)];
    return keys.some((columns) => columns.length === 1 && columns[0] === end.column);
  }

  private makeConstant(table: string, column: string): void {
    const columns = this.constants.get(table) ?? new Set();
    columns.add(column);
    this.constants.set(table, columns);
  }

  /** The group whose members share these columns: a free reference of the parent's table, and the way from here to the same row. */
  private findGroup(table: PackTable, key: PackForeignKey, shared: readonly string[]): KeyRole | null {
    const value = this.originOf(table.name, shared[0] ?? '');
    for (const by of this.freeReferences(key.references)) {
      const isGrouped = shared.every((column) => by.key.columns.includes(targetOf(key, column)));
      if (!isGrouped) continue;
      for (const steps of this.waysTo(table.name, by.key.references, value)) {
        const isSame = shared.every((column) => {
          const groupColumn = targetOf(by.key, targetOf(key, column));
          return this.isSame(this.originOf(table.name, column), this.originAlong(table.name, steps, groupColumn));
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
    const from = this.originOf(table.name, column);
    const [last] = from.steps.slice(-1);
    // A column of one value keeps it: no key would ever own it.
    if (this.constants.get(key.references)?.has(target) === true) return null;
    if (last === undefined || this.ownerOf(key.references, target) !== null || !this.isKeyAlone(from)) return null;
    const parent = this.tables.get(key.references);
    if (parent === undefined || this.tableOf(from) === key.references) return null;
    this.place(
      parent,
      { columns: [target], references: this.tableOf(from), referencedColumns: [from.column], virtual: true },
      { kind: 'free' },
    );
    return this.findGroup(table, key, shared);
  }

  /** References from the row that lead to the key's parent: all of its columns are then the parent's already. */
  private findWay(table: PackTable, key: PackForeignKey): readonly string[] | null {
    const value = this.originOf(table.name, key.columns[0] ?? '');
    for (const steps of this.waysTo(table.name, key.references, value)) {
      const isSame = key.columns.every((column) =>
        this.isSame(this.originOf(table.name, column), this.originAlong(table.name, steps, targetOf(key, column))),
      );
      if (isSame) return steps;
    }
    return null;
  }

  /**
   * Ways along placed references to a table, the shortest first, of those that may be the way of this value: with `through` references
   * replaced, their steps are the first ones of its own. Of several that are the same then, the first one is kept, so that a table with
   * hundreds of keys has as few ways to look at as any other.
   */
  private waysTo(from: string, to: string, value: Origin): string[][] {
    const along = this.simplify(value);
    const seen = new Set<string>();
    const found: string[][] = [];
    let open: { table: string; steps: string[]; done: number }[] = [{ table: from, steps: [], done: 0 }];
    for (let length = 1; length <= MAX_STEPS; length += 1) {
      const next: typeof open = [];
      for (const { table, steps, done } of open) {
        for (const reference of this.placed.get(table) ?? []) {
          const own = simpleSteps(reference);
          const reached = { table: reference.key.references, steps: [...steps, reference.name], done: done + own.length };
          const state = JSON.stringify([reached.table, reached.done]);
          if (seen.has(state) || own.some((step, at) => step !== along[done + at])) continue;
          seen.add(state);
          next.push(reached);
          if (reached.table === to) found.push(reached.steps);
        }
      }
      open = next;
    }
    return found;
  }

  private originOf(table: string, column: string): Origin {
    return this.trace({ table, steps: [], column }, table);
  }

  private originAlong(table: string, steps: readonly string[], column: string): Origin {
    return this.trace({ table, steps, column }, this.tableAfter(table, steps));
  }

  /** Follows the owner of the column, and its owner's column, to where the value is made. A circle ends the search. */
  private trace(start: Origin, startTable: string): Origin {
    let at = start;
    let table = startTable;
    for (let hop = 0; hop < 12; hop += 1) {
      const owner = this.ownerOf(table, at.column);
      if (owner === null) return at;
      at = { table: start.table, steps: [...at.steps, owner.name], column: targetOf(owner.key, at.column) };
      table = owner.key.references;
    }
    return at;
  }

  private isSame(left: Origin, right: Origin): boolean {
    return left.column === right.column && this.simplify(left).join('\n') === this.simplify(right).join('\n');
  }

  /** The way with each `through` reference replaced by the steps that it stands for. */
  private simplify({ table, steps }: Origin): string[] {
    let at = table;
    return steps.flatMap((step) => {
      const reference = this.placed.get(at)?.find(({ name }) => name === step);
      at = reference?.key.references ?? at;
      return reference === undefined ? [step] : simpleSteps(reference);
    });
  }

  private tableOf(origin: Origin): string {
    return this.tableAfter(origin.table, origin.steps);
  }

  private tableAfter(table: string, steps: readonly string[]): string {
    return steps.reduce((at, step) => this.placed.get(at)?.find(({ name }) => name === step)?.key.references ?? at, table);
  }

  private freeReferences(table: string): NamedReference[] {
    return (this.placed.get(table) ?? []).filter(({ role }) => role.kind === 'free');
  }

  /** The reference that gives the column: the first one placed that is not itself implied. */
  private ownerOf(table: string, column: string): NamedReference | null {
    if (this.constants.get(table)?.has(column) === true) return null;
    const isOwner = ({ role, key }: NamedReference) =>
      (role.kind === 'free' || role.kind === 'within') && key.columns.includes(column);
    return this.placed.get(table)?.find(isOwner) ?? null;
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

  private place(table: PackTable, key: PackForeignKey, role: KeyRole): void {
    const placed = this.placed.get(table.name) ?? [];
    placed.push({ name: freeName(table, key, placed), key, role });
  }

  private drop(table: PackTable, key: PackForeignKey, reason: string): void {
    this.place(table, key, { kind: 'dropped', reason });
  }
}

/** The steps that a reference stands for. */
function simpleSteps({ name, role }: NamedReference): readonly string[] {
  return role.kind === 'through' ? role.steps : [name];
}

function targetOf(key: PackForeignKey, column: string): string {
  return key.referencedColumns[key.columns.indexOf(column)] ?? '';
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

function freeName(table: PackTable, key: PackForeignKey, placed: readonly NamedReference[]): string {
  const wanted = key.columns.join('_');
  const taken = new Set(placed.map(({ name }) => name));
  // A pair may name a reference or a column: a reference over several columns must not be mistaken for one.
  if (key.columns.length > 1) for (const column of table.columns) taken.add(column.name);
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
}
