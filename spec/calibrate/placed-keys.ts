// The foreign keys that have a role so far, and what follows from them: which one gives a column, where a value is made in the end, and by
// which ways one row leads to another.
import type { PackForeignKey, PackTable } from '../pack.ts';

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

/** Where a value comes from: a column of a row, the row reached from another by following references. */
export interface Origin {
  readonly table: string;
  readonly steps: readonly string[];
  readonly column: string;
}

/** Longest way that is looked for when a key is implied by others. */
const MAX_STEPS = 3;

/** Grows key by key while roles are found. */
export class PlacedKeys {
  readonly placed = new Map<string, NamedReference[]>();
  readonly constants = new Map<string, Set<string>>();

  /**
   * Ways along placed references to a table, the shortest first, of those that may be the way of this value: with `through` references
   * replaced, their steps are the first ones of its own. Of several that are the same then, the first one is kept, so that a table with
   * hundreds of keys has as few ways to look at as any other.
   */
  waysTo(from: string, to: string, value: Origin): string[][] {
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

  originOf(table: string, column: string): Origin {
    return this.trace({ table, steps: [], column }, table);
  }

  originAlong(table: string, steps: readonly string[], column: string): Origin {
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

  isSame(left: Origin, right: Origin): boolean {
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

  tableOf(origin: Origin): string {
    return this.tableAfter(origin.table, origin.steps);
  }

  private tableAfter(table: string, steps: readonly string[]): string {
    return steps.reduce((at, step) => this.placed.get(at)?.find(({ name }) => name === step)?.key.references ?? at, table);
  }

  freeReferences(table: string): NamedReference[] {
    return (this.placed.get(table) ?? []).filter(({ role }) => role.kind === 'free');
  }

  /** The reference that gives the column: the first one placed that is not itself implied. */
  ownerOf(table: string, column: string): NamedReference | null {
    if (this.constants.get(table)?.has(column) === true) return null;
    const isOwner = ({ role, key }: NamedReference) =>
      (role.kind === 'free' || role.kind === 'within') && key.columns.includes(column);
    return this.placed.get(table)?.find(isOwner) ?? null;
  }

  makeConstant(table: string, column: string): void {
    const columns = this.constants.get(table) ?? new Set();
    columns.add(column);
    this.constants.set(table, columns);
  }

  place(table: PackTable, key: PackForeignKey, role: KeyRole): void {
    const placed = this.placed.get(table.name) ?? [];
    placed.push({ name: freeName(table, key, placed), key, role });
  }
}

/** The steps that a reference stands for. */
function simpleSteps({ name, role }: NamedReference): readonly string[] {
  return role.kind === 'through' ? role.steps : [name];
}

/** The column that the key's column points at. */
export function targetOf(key: PackForeignKey, column: string): string {
  return key.referencedColumns[key.columns.indexOf(column)] ?? '';
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
