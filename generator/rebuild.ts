// Keys and indexes, table by table as the rows come in. What waits for what is said by promises: the indexes of a table wait for its
// rows, its keys for its indexes, a foreign key for both of its tables.
// An object that the server refuses (a name that is taken, a row that breaks a key) stays recorded and stops only what rests on it; a server
// that fails altogether stops the run.
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import { inTransaction } from '../postgres/marker-transaction.ts';
import { addForeignKey, buildIndex, describeDefinition, putBackOne } from '../postgres/put-back.ts';
import { sqlStateOf } from '../postgres/query.ts';
import type { StoredDefinition } from '../postgres/stored-definitions.ts';
import type { Builders } from './builders.ts';

export interface RebuildOptions {
  readonly builders: Builders;
  /** All that is recorded, in the order in which it is put back. */
  readonly definitions: readonly StoredDefinition[];
  /** Keys of the tables whose rows are not in. */
  readonly missing: ReadonlySet<string>;
  /** Hears the name of an object before each of its steps, and when it is back. */
  readonly onStep: (name: string, isDone: boolean) => void;
  /** Hears of an error after which nothing can go on. */
  readonly onFatal: (error: unknown) => void;
}

interface Rows {
  readonly known: Promise<boolean>;
  /** true: the rows are in. false: they will not be in this run. */
  readonly tell: (areIn: boolean) => void;
}

/** Puts back what is recorded. Call rowsAreIn for each missing table, then finish. */
export class Rebuild {
  private readonly options: RebuildOptions;
  private readonly rows: ReadonlyMap<string, Rows>;
  private readonly all: Promise<unknown>;
  private firstError: unknown = null;

  constructor(options: RebuildOptions) {
    this.options = options;
    this.rows = new Map([...options.missing].map((table) => [table, expectRows()]));
    const roots = new Set([...options.missing, ...options.definitions.map(rootOf)]);
    const built = new Map([...roots].map((root) => [root, this.buildTable(root)]));
    this.all = Promise.all([...built.values(), ...this.addForeignKeys(built)]);
  }

  /** Keys of the tables that are still waited for. */
  waitsFor(): string[] {
    return [...this.rows.keys()];
  }

  rowsAreIn(table: string): void {
    this.rows.get(table)?.tell(true);
  }

  /** Waits for all that can be put back; tables whose rows are not in stay without. Throws the first refusal. */
  async finish(): Promise<void> {
    for (const rows of this.rows.values()) rows.tell(false);
    await this.all;
    if (this.firstError !== null) throw this.firstError;
  }

  /** True when all indexes of the table are there. */
  private async buildTable(root: string): Promise<boolean> {
    const areIn = (await this.rows.get(root)?.known) ?? true;
    if (!areIn) return false;
    const indexes = this.options.definitions.filter((each) => each.kind === 'index' && rootOf(each) === root);
    const ready = await Promise.all(indexes.map((index) => this.attempt(index, (client) => buildIndex(client, index))));
    let isWhole = true;
    // In order: an index of a partitioned table comes before those that hang on it.
    for (const [at, index] of indexes.entries()) isWhole = ready[at] === true && (await this.complete(index)) && isWhole;
    return isWhole;
  }

  private addForeignKeys(built: ReadonlyMap<string, Promise<boolean>>): Promise<void>[] {
    const keys = this.options.definitions.filter(({ kind }) => kind === 'foreignKey');
    return [...groupKeys(keys).values()].map(async (group) => {
      const needed = group.flatMap((key) => [built.get(rootOf(key)), built.get(parentOf(key))]);
      // A key may point at a partition, whose table is not said.
      const isFar = group.some((key) => !built.has(parentOf(key)));
      const ready = await Promise.all(isFar ? built.values() : needed);
      if (!ready.every((isWhole) => isWhole === true)) return;
      for (const key of group) {
        if (!(await this.attempt(key, (client) => addForeignKey(client, key))) || !(await this.complete(key))) return;
      }
    });
  }

  private async complete(definition: StoredDefinition): Promise<boolean> {
    const isBack = await this.attempt(definition, (client) => inTransaction(client, () => putBackOne(client, definition)));
    if (isBack) this.options.onStep(describeDefinition(definition), true);
    return isBack;
  }

  private async attempt(definition: StoredDefinition, action: Parameters<Builders['run']>[0]): Promise<boolean> {
    try {
      await this.options.builders.run((client) => {
        this.options.onStep(describeDefinition(definition), false);
        return action(client);
      });
      return true;
    } catch (error) {
      this.firstError ??= error;
      if (!isRefusalOfOne(error)) this.options.onFatal(error);
      return false;
    }
  }
}

function expectRows(): Rows {
  let tell: (areIn: boolean) => void = () => undefined;
  const known = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  return { known, tell };
}

function rootOf({ rootSchema, rootTable }: StoredDefinition): string {
  return formatTableKey({ schema: rootSchema, name: rootTable });
}

function parentOf({ referencesSchema, referencesTable }: StoredDefinition): string {
  return formatTableKey({ schema: referencesSchema ?? '', name: referencesTable ?? '' });
}

/** A partitioned table takes the keys of its partitions for its own, so those come in order; others do not wait for each other. */
function groupOf(key: StoredDefinition): string {
  const isAlone = !key.isPartitioned && rootOf(key) === formatTableKey({ schema: key.schema, name: key.table });
  return isAlone ? String(key.id) : rootOf(key);
}

function groupKeys(keys: readonly StoredDefinition[]): ReadonlyMap<string, StoredDefinition[]> {
  const groups = new Map<string, StoredDefinition[]>();
  for (const key of keys) groups.set(groupOf(key), [...(groups.get(groupOf(key)) ?? []), key]);
  return groups;
}

/** Classes 22, 23, 42 and the like are about one object; a lost connection, a full disk or a crash is about all. */
function isRefusalOfOne(error: unknown): boolean {
  if (!(error instanceof ShapecastError)) return false;
  if (error.code === 'PUT_BACK_UNSURE') return true;
  return error.code === 'QUERY_FAILED' && !/^(53|57|58|XX)/.test(sqlStateOf(error.cause) ?? 'XX');
}
