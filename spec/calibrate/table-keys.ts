// What must stay unique in a table, and what sees to it: one column that is unique by itself, a reference whose parents have one
// child at most, two references (or a reference and a column of few values) whose pairs are distinct, or a number that counts
// the children of one parent. The least distortion is chosen: a key of an order and a line number numbers the lines.
import type { PackColumn, PackTable } from '../pack.ts';
import {
  canBeSequence,
  canBeUnique,
  distinctValues,
  isDomain,
  isFine,
  isNearlyUnique,
  isTextColumn,
  isTimestamp,
  ordinalStart,
} from './column-values.ts';
import type { ColumnSource, PackIndex } from './pack-index.ts';
import type { NamedReference } from './placed-keys.ts';
import { listKeys, type WantedKey } from './wanted-keys.ts';

export interface TableKeys {
  /** Columns, not of a reference, whose values must all differ. */
  readonly uniqueColumns: ReadonlySet<string>;
  /** Columns of which one row at most may be NULL, because the key takes NULLs as equal. */
  readonly withoutNulls: ReadonlySet<string>;
  /** References whose columns hold a whole key: one child per parent at most. */
  readonly oneToOne: ReadonlySet<string>;
  /** Pairs of references or columns. */
  readonly distinctPairs: readonly (readonly [string, string])[];
  /** References inside a group whose rows get different parents for each parent of another reference. */
  readonly distinctFor: ReadonlyMap<string, string>;
  /** Columns that count the children of one parent: that reference, and the first number. */
  readonly ordinals: ReadonlyMap<string, { readonly reference: string; readonly start: number }>;
  /** Keys that nothing keeps: their rows may collide. */
  readonly unkept: readonly (readonly string[])[];
}

const INTEGER_TYPES = new Set(['int2', 'int4', 'int8']);

/** Reads the table's primary key, unique constraints and unique indexes, and decides what keeps each. */
export function resolveKeys(index: PackIndex, table: PackTable, references: readonly NamedReference[]): TableKeys {
  const keeper = new Keeper(index, table, references);
  for (const key of listKeys(table)) keeper.keep(key);
  return keeper;
}

class Keeper implements TableKeys {
  readonly uniqueColumns = new Set<string>();
  readonly withoutNulls = new Set<string>();
  readonly oneToOne = new Set<string>();
  readonly distinctPairs: (readonly [string, string])[] = [];
  readonly distinctFor = new Map<string, string>();
  readonly ordinals = new Map<string, { readonly reference: string; readonly start: number }>();
  readonly unkept: (readonly string[])[] = [];
  private readonly index: PackIndex;
  private readonly table: PackTable;
  private readonly references: readonly NamedReference[];

  constructor(index: PackIndex, table: PackTable, references: readonly NamedReference[]) {
    this.index = index;
    this.table = table;
    this.references = references.filter(({ role }) => role.kind === 'free' || role.kind === 'within');
  }

  keep(key: WantedKey): void {
    const texts = this.freeColumns(key.expressionColumns).filter(isTextColumn);
    if (key.expressionColumns.length > 1) for (const column of texts) this.uniqueColumns.add(column.name);
    if (!this.isKept(key.columns) && !this.keepByOneColumn(key) && !this.keepByReferences(key) && !this.keepByMixture(key)) {
      // One row of each parent at most: generate sees to it, because the condition is known there only.
      const isLeftToGenerate = key.isPartial && this.referencesInside(key.columns).length > 0;
      if (isLeftToGenerate) return;
      // Two of its references may be enough, before a column of its own loses its shape.
      const isPaired = this.keepPair(this.referencesInside(key.columns), false);
      if (!isPaired && !this.keepByForce(key)) this.unkept.push(key.columns);
    }
    if (key.nullsNotDistinct) this.forbidNulls(key.columns);
  }

  /** NULLs that count as equal are forbidden where they would be the ones to collide: in what keeps the key. */
  private forbidNulls(columns: readonly string[]): void {
    const keepers = columns.filter((column) => this.uniqueColumns.has(column));
    const oneToOne = this.references.filter(
      ({ name, key }) => this.oneToOne.has(name) && key.columns.every((column) => columns.includes(column)),
    );
    for (const column of [...keepers, ...oneToOne.flatMap(({ key }) => key.columns)]) this.withoutNulls.add(column);
  }

  private isKept(columns: readonly string[]): boolean {
    const isInside = (name: string) => this.columnsOf(name).every((column) => columns.includes(column));
    return (
      columns.some((column) => this.uniqueColumns.has(column)) ||
      [...this.oneToOne].some(isInside) ||
      this.distinctPairs.some((pair) => pair.every(isInside)) ||
      [...this.distinctFor].some((pair) => pair.every(isInside)) ||
      [...this.ordinals].some(([name, { reference }]) => isInside(name) && isInside(reference))
    );
  }

  private columnsOf(name: string): readonly string[] {
    return this.references.find((reference) => reference.name === name)?.key.columns ?? [name];
  }

  /** A column that is an identifier by nature, or the key's only one. */
  private keepByOneColumn({ columns, expressionColumns, isPartial }: WantedKey): boolean {
    const free = this.freeColumns(columns);
    const natural =
      free.find((column) => column.baseType === 'uuid' && column.kind !== 'array') ??
      free.find((column) => isTimestamp(column) && isFine(this.sourceOf(column)));
    const telling = natural ?? (isPartial ? free.find((column) => isNearlyUnique(this.sourceOf(column))) : undefined);
    const chosen = columns.length === 1 || expressionColumns.length > 0 ? (free.find(isTextColumn) ?? free[0]) : telling;
    if (chosen === undefined || !canBeUnique(chosen)) return false;
    this.uniqueColumns.add(chosen.name);
    return true;
  }

  private keepByReferences({ columns, isPartial }: WantedKey): boolean {
    const inside = this.referencesInside(columns);
    const isCovered = columns.every((column) => inside.some(({ key }) => key.columns.includes(column)));
    const [only] = inside;
    if (only === undefined || isPartial) return false;
    if (isCovered && inside.length === 1) {
      this.oneToOne.add(only.name);
      return true;
    }
    return isCovered && this.keepPair(inside);
  }

  /** Two of the references: one free and one inside a group, or the free pair with the most room. */
  private keepPair(inside: readonly NamedReference[], isNeeded = true): boolean {
    const free = inside.filter((reference) => this.canOwnRuns(reference));
    const within = inside.find(({ role }) => role.kind === 'within');
    if (within !== undefined && free[0] !== undefined && free.length === 1 && (isNeeded || this.isSparse(free[0]))) {
      this.distinctFor.set(within.name, free[0].name);
      return true;
    }
    const pairs = free.flatMap((first, at) => free.slice(at + 1).map((second) => [first, second] as const));
    const roomy = pairs
      .filter(
        (pair) => this.canPair(pair.map(({ name }) => name)) && (isNeeded || this.roomOf(pair) >= 2 * (this.table.rows ?? 0)),
      )
      .sort((left, right) => this.roomOf(right) - this.roomOf(left))[0];
    if (roomy === undefined) return false;
    this.distinctPairs.push([roomy[0].name, roomy[1].name]);
    return true;
  }

  /** A free reference; a tree has a curve for each level, so it cannot stand in a pair. */
  private canOwnRuns({ key, role }: NamedReference): boolean {
    return role.kind === 'free' && key.references !== this.table.name;
  }

  /** Whether rows of one parent are so few that a group has different members for all of them. */
  private isSparse({ key }: NamedReference): boolean {
    return (this.table.rows ?? 0) <= 4 * (this.index.tables.get(key.references)?.rows ?? 0);
  }

  private roomOf(pair: readonly NamedReference[]): number {
    return pair.reduce((room, { key }) => room * Math.max(1, this.index.tables.get(key.references)?.rows ?? 1), 1);
  }

  /** Several pairs of a table must share one member, whose parents own the runs of rows. */
  private canPair(names: readonly string[]): boolean {
    const common = this.distinctPairs.reduce<readonly string[] | null>(
      (shared, pair) => (shared === null ? pair : shared.filter((name) => pair.includes(name))),
      null,
    );
    return common === null || names.some((name) => common.includes(name));
  }

  /** References together with columns of their own: a line number, or a column of few values. */
  private keepByMixture({ columns, isPartial }: WantedKey): boolean {
    const inside = this.referencesInside(columns).filter(({ role }) => role.kind === 'free');
    const free = this.freeColumns(columns);
    if (isPartial) return false;
    for (const { name, key } of inside) {
      for (const column of free.filter(({ baseType }) => INTEGER_TYPES.has(baseType))) {
        const start = ordinalStart(this.sourceOf(column), key);
        if (start === null) continue;
        this.ordinals.set(column.name, { reference: name, start });
        return true;
      }
    }
    const nearlyUnique = free.find((column) => isNearlyUnique(this.sourceOf(column)));
    if (nearlyUnique !== undefined) {
      this.uniqueColumns.add(nearlyUnique.name);
      return true;
    }
    const sides = [
      ...inside.filter((reference) => this.canOwnRuns(reference)).map(({ name }) => name),
      ...free.filter((column) => isDomain(this.sourceOf(column))).map(({ name }) => name),
    ];
    const pairs = sides.flatMap((first, at) => sides.slice(at + 1).map((second) => [first, second] as const));
    const roomy = pairs
      .filter((pair) => this.canPair(pair) && this.roomOfNames(pair) >= (this.table.rows ?? 0))
      .sort((left, right) => this.roomOfNames(right) - this.roomOfNames(left))[0];
    if (roomy === undefined) return false;
    const [first, second] = roomy;
    this.distinctPairs.push([first, second]);
    return true;
  }

  private roomOfNames(names: readonly string[]): number {
    return names.reduce((room, name) => {
      const reference = this.references.find((candidate) => candidate.name === name);
      if (reference !== undefined) return room * Math.max(1, this.index.tables.get(reference.key.references)?.rows ?? 1);
      const column = this.table.columns.find((candidate) => candidate.name === name);
      return room * Math.max(1, column === undefined ? 1 : distinctValues(this.sourceOf(column)));
    }, 1);
  }

  /** Whatever can be made unique, at the cost of its own shape. */
  private keepByForce({ columns }: WantedKey): boolean {
    const free = this.freeColumns(columns);
    const keeper =
      free.find(canBeSequence) ??
      free.find(isTextColumn) ??
      free.find(({ baseType }) => baseType === 'date') ??
      free.find(canBeUnique);
    if (keeper !== undefined) {
      this.uniqueColumns.add(keeper.name);
      return true;
    }
    return false;
  }

  private sourceOf(column: PackColumn): ColumnSource {
    return { index: this.index, table: this.table, column };
  }

  private referencesInside(columns: readonly string[]): NamedReference[] {
    return this.references.filter(({ key }) => key.columns.every((column) => columns.includes(column)));
  }

  private freeColumns(columns: readonly string[]): PackColumn[] {
    const owned = new Set(this.references.flatMap(({ key }) => key.columns));
    return this.table.columns.filter(({ name, generated }) => columns.includes(name) && !owned.has(name) && !generated);
  }
}
