// amcheck over the tables and their B-trees: whether the pages hold together, and for tables that are not too large whether every row has its
// entry in every index. It only reads. Where the server does not give us amcheck, one line says so, and that is no finding.
import { formatCount } from '../../core/progress.ts';
import { PERMISSION_DENIED, runQuery, sqlStateIn } from '../../postgres/query.ts';
import { readRows } from '../../postgres/read-side.ts';
import type { Validity } from '../../spec/run-record.ts';
import { borrowExtension } from '../borrow-extension.ts';
import { takeBack } from '../fidelity/rolled-back.ts';
import type { Verification } from '../target-tables.ts';
import type { IndexEntry, StoredObjects } from './list-stored-objects.ts';

/** Rows of a table up to which its indexes are held against every row: 0.3 s an index and million rows on a laptop, the pages alone 0.04 s. */
const MOST_ROWS_AGAINST_INDEX = 10_000_000;
/** amcheck's own codes (XX001, XX002), internal errors and pages that cannot be read. */
const DAMAGE = /^(XX|58)/;

type Amcheck = Validity['amcheck'];
interface Fault {
  readonly label: string;
  readonly fault: string;
}
interface Check {
  readonly label: string;
  readonly bytes: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly counts: 'indexes' | 'tables';
  readonly isAgainstRows: boolean;
}

/** Faults by object, and what was looked at. */
export async function runAmcheck(
  verification: Verification,
  objects: StoredObjects,
): Promise<{ faults: Fault[]; amcheck: Amcheck }> {
  const { client, print } = verification;
  return takeBack(client, async () => {
    // Whatever the database's default: under a snapshot that stays, an index that was made after it cannot be checked.
    await runQuery(client, 'opening a transaction', 'set transaction isolation level read committed');
    const borrowed = await borrowExtension(client, 'amcheck');
    if ('reason' in borrowed) return leftOut(borrowed.reason, print);
    const found = await runChecks(verification, await listChecks(verification, borrowed.schema, objects));
    found.amcheck.notChecked = objects.indexes.filter(({ hasPages, method }) => hasPages && method !== 'btree').length;
    if (found.amcheck.reason !== null) return leftOut(found.amcheck.reason, print);
    if (found.faults.length === 0) print(describe(found.amcheck));
    return found;
  });
}

function leftOut(reason: string, print: (line: string) => void): { faults: Fault[]; amcheck: Amcheck } {
  print(`[Validity] amcheck left out: ${reason}`);
  return { faults: [], amcheck: { indexes: 0, againstRows: 0, tables: 0, notChecked: 0, reason } };
}

/** Tables first: what is wrong with a page says more than the index that misses its row. */
async function listChecks({ client }: Verification, schema: string, { heaps, indexes }: StoredObjects): Promise<Check[]> {
  const [has] = await runQuery<{ heaps: boolean }>(
    client,
    'looking for verify_heapam',
    'select to_regprocedure($1) is not null as heaps',
    [`${schema}.verify_heapam(regclass, boolean, boolean, text, bigint, bigint)`],
  );
  const ofHeaps = (has?.heaps === true ? heaps : []).map(({ bytes, label, oid }): Check => {
    const sql = `select count(distinct blkno)::float8 as pages from ${schema}.verify_heapam($1::oid::regclass)`;
    return { label, bytes, sql, parameters: [oid], counts: 'tables', isAgainstRows: false };
  });
  const ofIndexes = indexes.filter(isCheckable).map(({ bytes, label, oid, rows }): Check => {
    const isAgainstRows = rows <= MOST_ROWS_AGAINST_INDEX;
    const sql = `select 0::float8 as pages from ${schema}.bt_index_check($1::oid::regclass, $2)`;
    return { label, bytes, sql, parameters: [oid, isAgainstRows], counts: 'indexes', isAgainstRows };
  });
  return [...ofHeaps, ...ofIndexes];
}

/** What the catalog has something against is a finding already, and amcheck refuses it. */
function isCheckable({ fault, hasPages, method }: IndexEntry): boolean {
  return method === 'btree' && hasPages && fault === null;
}

async function runChecks(verification: Verification, checks: readonly Check[]): Promise<{ faults: Fault[]; amcheck: Amcheck }> {
  const bytes = checks.reduce((sum, check) => sum + check.bytes, 0);
  const progress = verification.startProgress('checking pages of tables and indexes', bytes, 'bytes');
  const amcheck = { indexes: 0, againstRows: 0, tables: 0, notChecked: 0, reason: null as string | null };
  const faults: Fault[] = [];
  for (const check of checks) {
    const fault = await runCheck(verification, check);
    if (fault === REFUSED) {
      amcheck.reason = 'permission denied for its functions';
      break;
    }
    if (fault !== null) faults.push({ label: check.label, fault });
    amcheck[check.counts] += 1;
    if (check.isAgainstRows) amcheck.againstRows += 1;
    progress.advance(check.bytes);
  }
  progress.finish();
  return { faults, amcheck };
}

const REFUSED = 'refused';

/** What is wrong in words, null for nothing. Of amcheck's own words none is told: they may quote a row. */
async function runCheck({ client }: Verification, { label, parameters, sql }: Check): Promise<string | null> {
  try {
    const [row] = await readRows<{ pages: number }>({ client, serverMajor: 0 }, `checking ${label}`, sql, parameters);
    const pages = row?.pages ?? 0;
    return pages === 0 ? null : `damaged: ${formatCount(pages)} ${pages === 1 ? 'page is' : 'pages are'} not whole (amcheck)`;
  } catch (error) {
    const sqlState = sqlStateIn(error) ?? '';
    if (sqlState === PERMISSION_DENIED) return REFUSED;
    if (!DAMAGE.test(sqlState)) throw error;
    return `damaged (amcheck, SQLSTATE ${sqlState})`;
  }
}

function describe({ againstRows, indexes, notChecked, tables }: Amcheck): string {
  const count = (length: number, one: string, many: string) => `${formatCount(length)} ${length === 1 ? one : many}`;
  const rows = againstRows === indexes ? 'each against every row' : `${formatCount(againstRows)} of them against every row`;
  const others = notChecked === 0 ? '' : `; ${count(notChecked, 'index', 'indexes')} of other kinds not looked at`;
  return `[Validity] ✓ amcheck: ${count(tables, 'table', 'tables')}; ${count(indexes, 'B-tree', 'B-trees')}, ${rows}${others}`;
}
