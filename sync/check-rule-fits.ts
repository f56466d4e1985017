// Whether a rule can do its work on a column at all: its type, NOT NULL, its length, and the columns that the rule names.
import type { Problem } from '../core/errors.ts';
import type { ColumnRule } from '../spec/sync-rules.ts';
import { SHORTEST_FAKE } from './masks/fake.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';

const TEXTS = ['text', 'varchar', 'bpchar', 'citext'];
const TYPES: Partial<Record<ColumnRule['kind'], readonly string[]>> = {
  empty: [...TEXTS, 'json', 'jsonb', 'bytea', 'hstore', 'xml'],
  template: TEXTS,
  token: [...TEXTS, 'uuid', 'int4', 'int8'],
  fake: TEXTS,
  keepLast: TEXTS,
  replace: TEXTS,
  jitter: ['date', 'timestamp', 'timestamptz'],
  json: ['json', 'jsonb'],
};

/** Every rule that does not fit its column, with its path. Pure. */
export function findRuleProblems(tables: readonly PlannedTable[]): Problem[] {
  return tables.flatMap((table) =>
    table.columns.flatMap((planned) => {
      const messages = [
        typeFault(planned),
        nullFault(planned),
        lengthFault(planned, table),
        namesFault(planned, table),
        partitionFault(planned, table),
      ];
      const path = columnPath(table.key, planned.column.name);
      return messages.flatMap((message) => (message === null ? [] : [{ path, message }]));
    }),
  );
}

function typeFault({ rule, column }: PlannedColumn): string | null {
  const types = TYPES[rule.kind];
  const isEmptyArray = rule.kind === 'empty' && column.kind === 'array';
  if (types === undefined || isEmptyArray || types.includes(column.baseType)) return null;
  return `${rule.kind} works on ${types.join(', ')}${rule.kind === 'empty' ? ' and arrays' : ''}, and the column is ${column.type}`;
}

function nullFault({ rule, column }: PlannedColumn): string | null {
  return rule.kind === 'null' && !column.isNullable ? 'the column is NOT NULL' : null;
}

function lengthFault(planned: PlannedColumn, table: PlannedTable): string | null {
  const { rule, column, isDistinct } = planned;
  const most = column.maxLength;
  if (most === null) return null;
  if (rule.kind === 'template') {
    const digits = String(Math.max(table.estimatedRows, 1)).length + 1;
    const needed = rule.text.replaceAll('{seq}', '9'.repeat(digits)).length;
    return needed > most ? `the text needs up to ${needed} characters, and the column takes ${most}` : null;
  }
  if (rule.kind === 'constant' && typeof rule.value === 'string' && [...rule.value].length > most)
    return `the constant is longer than the ${most} characters that the column takes`;
  const mustDiffer = isDistinct || (rule.kind === 'fake' && (rule.distinct || rule.of === 'mail'));
  const shortest = rule.kind === 'fake' ? SHORTEST_FAKE[rule.of] : rule.kind === 'token' ? 16 : 0;
  if (!mustDiffer || most >= shortest) return null;
  return `values that must differ need ${shortest} characters, and the column takes ${most}`;
}

function namesFault({ rule }: PlannedColumn, table: PlannedTable): string | null {
  if (rule.kind !== 'jitter') return null;
  const isThere = table.catalog.columns.some(({ name }) => name === rule.subject);
  return isThere ? null : `the table has no column ${rule.subject}, which names the subject`;
}

/** The server refuses a row that no partition takes; a hash and a default partition take every value. */
function partitionFault({ rule, column }: PlannedColumn, { catalog }: PlannedTable): string | null {
  const { partitioning } = catalog;
  if (rule.kind === 'keep' || partitioning === null || partitioning.strategy === 'hash') return null;
  const takesAll = partitioning.partitions.some(({ bound }) => bound === 'DEFAULT');
  if (takesAll || !partitioning.columns.some((name) => name === null || name === column.name)) return null;
  return `the table is partitioned by it, and what ${rule.kind} makes may have no partition`;
}
