// Where tables differ and the plan is known: which rows and blocks do.
import type { Progress } from '../../core/progress.ts';
import type { Plan } from '../../spec/plan.ts';
import type { RecheckTable } from '../../spec/recheck.ts';
import type { ExpectedTable } from './expected-tables.ts';
import { findDifferences } from './find-rows.ts';
import { MadeTables } from './made-hashes.ts';
import type { Readers } from './readers.ts';
import type { StoredTable } from './stored-hashes.ts';
import type { Subject } from './subjects.ts';

export interface NamingHooks {
  readonly startProgress?: ((label: string, total: number, unit: string) => Progress) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Naming {
  readonly readers: Readers;
  readonly subjects: readonly Subject[];
  readonly hashed: readonly RecheckTable[];
  readonly plan: Plan | null;
}

/** The tables, and of those that differ the rows. */
export async function nameDifferences(
  { readers, subjects, hashed, plan }: Naming,
  options: NamingHooks,
): Promise<RecheckTable[]> {
  const tables: RecheckTable[] = [];
  const made = plan === null ? null : new MadeTables(plan);
  for (const [index, table] of hashed.entries()) {
    const { stored = null, expected = null } = subjects[index] ?? {};
    if (table.verdict !== 'different' || stored === null) tables.push(table);
    else tables.push({ ...table, ...(await nameRows({ readers, made, key: table.name, stored, expected }, options)) });
  }
  return tables;
}

interface Place {
  readonly readers: Readers;
  readonly made: MadeTables | null;
  readonly key: string;
  readonly stored: StoredTable;
  readonly expected: ExpectedTable | null;
}

/** The rows of a table that differ, or why they cannot be named. */
async function nameRows(
  { readers, made, key, stored, expected }: Place,
  { startProgress, signal }: NamingHooks,
): Promise<Pick<RecheckTable, 'differences' | 'reason'>> {
  const chunkBlocks = made?.plan.tables.find(({ name }) => name === key)?.chunkBlocks ?? 1;
  const rows = made?.table(key, (block) => expected?.chunks?.has(Math.floor(block / chunkBlocks)) ?? true) ?? null;
  if (rows === null) return { differences: null, reason: 'without the spec of the run (--spec) its rows cannot be made again' };
  const keyColumns = keyPositions(stored);
  const differences = await findDifferences({ readers, stored, made: rows, key: keyColumns, startProgress, signal });
  return { differences, reason: null };
}

/** Places of the key's columns among the hashed ones: of the primary key, else of a unique one; null where none is wholly hashed. */
function keyPositions({ table, columns }: StoredTable): number[] | null {
  const names = columns.map(({ name }) => name);
  const keys = [table.primaryKey, ...table.uniques].flatMap((key) => (key === null ? [] : [key.columns]));
  const key = keys.find((one) => one.every((column) => names.includes(column)));
  return key === undefined ? null : key.map((column) => names.indexOf(column));
}
