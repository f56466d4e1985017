// What must stay unique in a table, and what sees to it: one column that is unique by itself, a reference whose parents have one
// child at most, two references (or a reference and a column of few values) whose pairs are distinct, or a number that counts
// the children of one parent. The least distortion is chosen: a key of an order and a line number numbers the lines.
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { binningOf } from '../axis.ts';
import type { PackColumn, PackTable } from '../pack.ts';
import { findDegrees, findMarginal, type PackIndex } from './pack-index.ts';
import type { NamedReference } from './shared-keys.ts';

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

/** A key of the table: unique over these columns. `isPartial`: over some rows only. */
interface WantedKey {
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly isPartial: boolean;
  /** What its expressions read; which of them shows in the end nobody knows, so each is made unique. */
  readonly expressionColumns: readonly string[];
}

const SEQUENCE_TYPES = new Set(['int2', 'int4', 'int8', 'numeric']);
const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);
const INTEGER_TYPES = new Set(['int2', 'int4', 'int8']);
/** Values of a column that may stand as one side of a pair. */
const MAX_DOMAIN = 20_000;
/** Of TIME_RESOLUTIONS: days and minutes. */
const COARSE_RESOLUTIONS = 1;
/** Share of the rows that have values of their own. */
const NEARLY_UNIQUE = 0.9;
/** A number is taken for a line number when at most this share of the rows would have to change. */
const ORDINAL_VARIATION = 0.15;

/** Whether values of the column can be numbered. */
export function canBeSequence({ baseType, scale = 0, kind }: PackColumn): boolean {
  return SEQUENCE_TYPES.has(baseType) && scale === 0 && kind !== 'array';
}

export function isTextColumn({ baseType, kind }: PackColumn): boolean {
  return TEXT_TYPES.has(baseType) && kind !== 'array';
}

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
      free.find((column) => isTimestamp(column) && this.isFine(column));
    const telling = natural ?? (isPartial ? free.find((column) => this.isNearlyUnique(column)) : undefined);
    const chosen = columns.length === 1 || expressionColumns.length > 0 ? (free.find(isTextColumn) ?? free[0]) : telling;
    if (chosen === undefined || !canBeUnique(chosen)) return false;
    this.uniqueColumns.add(chosen.name);
    return true;
  }

  /** Whether the times are finer than minutes: on a grid of minutes or days many rows share one. */
  private isFine(column: PackColumn): boolean {
    const resolution = findMarginal({ index: this.index, table: this.table, column }, 'resolution');
    if (resolution === null || resolution.total === 0) return true;
    const coarse = resolution.cells.reduce((sum, [, bin = 0, count = 0]) => sum + (bin <= COARSE_RESOLUTIONS ? count : 0), 0);
    return coarse * 2 < resolution.total;
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
        const start = this.ordinalStart(column, key);
        if (start === null) continue;
        this.ordinals.set(column.name, { reference: name, start });
        return true;
      }
    }
    const nearlyUnique = free.find((column) => this.isNearlyUnique(column));
    if (nearlyUnique !== undefined) {
      this.uniqueColumns.add(nearlyUnique.name);
      return true;
    }
    const sides = [
      ...inside.filter((reference) => this.canOwnRuns(reference)).map(({ name }) => name),
      ...free.filter((column) => this.isDomain(column)).map(({ name }) => name),
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
      return room * Math.max(1, column === undefined ? 1 : this.distinctValues(column));
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

  private referencesInside(columns: readonly string[]): NamedReference[] {
    return this.references.filter(({ key }) => key.columns.every((column) => columns.includes(column)));
  }

  private freeColumns(columns: readonly string[]): PackColumn[] {
    const owned = new Set(this.references.flatMap(({ key }) => key.columns));
    return this.table.columns.filter(({ name, generated }) => columns.includes(name) && !owned.has(name) && !generated);
  }

  /** The first number where the column looks like 1, 2, 3, ... among the children of one parent; 1 for one that was not measured. */
  private ordinalStart(column: PackColumn, key: NamedReference['key']): number | null {
    if (column.identity !== 'none' || column.hasDefault) return null;
    const numbers = findMarginal({ index: this.index, table: this.table, column }, 'number');
    if (numbers === null || numbers.cells.length === 0) return numbers === null ? 1 : null;
    const found = binsOfCells(numbers);
    const start = Math.min(...found.map(({ from }) => from));
    if (start !== 0 && start !== 1) return null;
    const degrees = findDegrees(this.index, this.table, key);
    const isKnown = degrees !== null && degrees.other * 5 <= degrees.total && degrees.cells.length > 0;
    return (isKnown ? followsDegrees(found, binsOfCells(degrees), start) : this.falls(found, key)) ? start : null;
  }

  /** With the degrees withheld: no number occurs more often than the one before, and the first one at most once for each parent. */
  private falls(found: readonly BinnedCount[], key: NamedReference['key']): boolean {
    const parents = this.index.tables.get(key.references)?.rows ?? 0;
    const [head] = found;
    // Wide bins hold what was folded into them as well, so only single numbers are compared with the one before.
    const single = found.filter(({ from, to }) => to - from === 1);
    const isFalling = single.every(({ count }, at) => at === 0 || count <= (single[at - 1]?.count ?? 0) * 1.1 + 1);
    return head !== undefined && head === single[0] && head.count <= parents * 1.05 && isFalling;
  }

  /** A serial number, a number that hardly repeats, or a text that is no category: unique with little loss of shape. */
  private isNearlyUnique(column: PackColumn): boolean {
    if (canBeSequence(column))
      return (
        column.identity !== 'none' || column.hasDefault || this.distinctValues(column) >= NEARLY_UNIQUE * (this.table.rows ?? 0)
      );
    if (!isTextColumn(column)) return false;
    const category = findMarginal({ index: this.index, table: this.table, column }, 'category');
    return category === null || category.other * 2 > category.total;
  }

  private isDomain(column: PackColumn): boolean {
    const values = this.distinctValues(column);
    return values >= 2 && values <= MAX_DOMAIN;
  }

  /** Different values that the released bins have room for; 0 where that is not known. */
  private distinctValues(column: PackColumn): number {
    const source = { index: this.index, table: this.table, column };
    const category = findMarginal(source, 'category');
    const [axis] = category?.axes ?? [];
    if (axis?.kind === 'category' && category?.other === 0) return axis.labels.length;
    if (column.kind === 'enum')
      return this.index.pack.structure.enums.find(({ name }) => name === (column.enumType ?? column.type))?.labels.length ?? 0;
    if (column.baseType === 'date') return daysOf(findMarginal(source, 'time'));
    if (isTimestamp(column) && !this.isFine(column)) return 24 * daysOf(findMarginal(source, 'time'));
    const numbers = findMarginal(source, 'number');
    if (numbers === null || !canBeSequence(column)) return 0;
    return binsOfCells(numbers).reduce((sum, { from, to, count }) => sum + Math.min(to - from, count), 0);
  }
}

/** The n-th child exists once for each parent with n children or more. */
function followsDegrees(found: readonly BinnedCount[], parents: readonly BinnedCount[], start: number): boolean {
  const rows = found.reduce((sum, { count }) => sum + count, 0);
  const expected = (from: number, to: number) =>
    parents.reduce(
      (sum, bin) => sum + bin.count * Math.max(0, Math.min(to - start, (bin.from + bin.to - 1) / 2) - (from - start)),
      0,
    );
  const variation =
    found.reduce((sum, { from, to, count }) => sum + Math.abs(count - expected(from, to)), 0) / (2 * Math.max(1, rows));
  return variation <= ORDINAL_VARIATION;
}

function binsOfCells(marginal: NonNullable<ReturnType<typeof findMarginal>>) {
  const [axis] = marginal.axes;
  return axis === undefined ? [] : flattenCells(binningOf(axis), marginal.cells).filter(({ count }) => count > 0);
}

function daysOf(marginal: ReturnType<typeof findMarginal>): number {
  if (marginal === null) return 0;
  return binsOfCells(marginal).reduce((sum, { from, to }) => sum + Math.max(1, Math.round((to - from) / 24)), 0);
}

function isTimestamp({ baseType, kind }: PackColumn): boolean {
  return (baseType === 'timestamp' || baseType === 'timestamptz') && kind !== 'array';
}

/** Types of which as many different values as there are rows can be made. */
function canBeUnique(column: PackColumn): boolean {
  if (column.kind === 'array' || column.kind === 'composite' || column.kind === 'range') return false;
  const others = ['uuid', 'date', 'timestamp', 'timestamptz', 'time', 'interval', 'bytea', 'float4', 'float8', 'bool', 'enum'];
  return SEQUENCE_TYPES.has(column.baseType) || TEXT_TYPES.has(column.baseType) || others.includes(column.baseType);
}

/** A generated column is an expression over the columns that it reads. */
function readThrough(table: PackTable, key: WantedKey): WantedKey {
  const generated = table.columns.filter(({ name, generated }) => generated && key.columns.includes(name));
  if (generated.length === 0) return key;
  const sources = generated.flatMap(({ generatedFrom }) => generatedFrom ?? []);
  const plain = key.columns.filter((name) => !generated.some((column) => column.name === name));
  return {
    ...key,
    columns: [...new Set([...plain, ...sources])],
    expressionColumns: [...new Set([...key.expressionColumns, ...sources])],
  };
}

/** Short keys first: what keeps them keeps the longer keys around them as well. */
function listKeys(table: PackTable): WantedKey[] {
  const plain = { isPartial: false, expressionColumns: [] };
  const declared = [
    ...(table.primaryKey === null ? [] : [{ columns: table.primaryKey, nullsNotDistinct: false, ...plain }]),
    ...table.uniques.map((key) => ({ ...key, ...plain })),
  ];
  const indexed = table.indexes
    .filter((index) => index.isUnique)
    .map((index) => ({
      columns: [...new Set([...index.columns.filter((column) => column !== null), ...(index.expressionColumns ?? [])])],
      nullsNotDistinct: false,
      isPartial: index.predicateColumns !== undefined,
      expressionColumns: index.expressionColumns ?? [],
    }));
  const rank = (key: WantedKey) => key.columns.length + (key.isPartial ? 100 : 0);
  return [...declared, ...indexed]
    .map((key) => readThrough(table, key))
    .filter(({ columns }) => columns.length > 0)
    .sort((left, right) => rank(left) - rank(right));
}
