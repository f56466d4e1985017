// Question: has the planner the extended statistics that the spec names? What is missing is made, before ANALYZE fills it, but only on tables
// of the marker's: teardown takes them back. What is there under the name is compared, and never changed.
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import type { CatalogTable } from '../postgres/catalog/catalog.ts';
import { type FoundStatistics, findStatistics, makeStatistics } from '../postgres/extended-statistics.ts';
import { describeFailure } from '../postgres/query.ts';
import type { Verdict } from '../spec/run-record.ts';
import type { Statistics } from '../spec/statistics.ts';
import type { Verification } from './target-tables.ts';

/** One verdict per statistics of the report; none are made where `mayMake` is false. Throws MARKER_FOREIGN and those of a failing server. */
export async function provideStatistics(verification: Verification, mayMake: boolean): Promise<Verdict[]> {
  const { print, tables } = verification;
  const wanted = tables.flatMap(({ expected, found }) => {
    return found === null ? [] : (expected.statistics ?? []).map((statistics) => ({ statistics, table: found }));
  });
  const verdicts: Verdict[] = [];
  let made = 0;
  for (const each of wanted) {
    const answer = await provideOne(verification, each, mayMake);
    if (answer === MADE) made += 1;
    const name = formatTableKey({ schema: each.table.schema, name: each.statistics.name });
    const passed = answer === MADE || answer === PRESENT;
    const verdict = { subject: name, passed, expected: describe(each.statistics), found: answer };
    verdicts.push({ question: 'statistics', ...verdict });
    if (!passed)
      print(`[Statistics] ✗ ${name} on ${formatTableKey(each.table)} (${each.statistics.columns.join(', ')}): ${answer}`);
  }
  const good = verdicts.filter(({ passed }) => passed).length;
  if (good > 0) print(`[Statistics] ✓ ${good} extended statistics in place, ${made} of them made now`);
  return verdicts;
}

const MADE = 'made now';
const PRESENT = 'in the target';

async function provideOne(
  { client }: Verification,
  { statistics, table }: { readonly statistics: Statistics; readonly table: CatalogTable },
  mayMake: boolean,
): Promise<string> {
  const there = await findStatistics(client, { schema: table.schema, name: statistics.name });
  if (there !== null) return compare(there, statistics, table);
  if (!mayMake) return 'not in the target, and nothing is made in a target that the report does not describe';
  try {
    const origin = await makeStatistics(client, { statistics, table });
    return origin === null ? 'not in the target, and not made: the marker does not list the table' : MADE;
  } catch (error) {
    // A right that is missing, or a type without an order, says something of the target: the other questions go on.
    if (!(error instanceof ShapecastError) || error.code !== 'QUERY_FAILED') throw error;
    return `not in the target, and cannot be made: ${describeFailure(error.cause)}`;
  }
}

function compare(there: FoundStatistics, wanted: Statistics, table: CatalogTable): string {
  if (there.tableOid !== table.oid) return 'statistics of this name are on another table';
  if (!isSame(there.columns, wanted.columns)) return `statistics of this name are on other columns: ${there.columns.join(', ')}`;
  if (!isSame(there.kinds, wanted.kinds)) return `statistics of this name are of other kinds: ${there.kinds.join(', ')}`;
  return PRESENT;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}

function describe({ columns, kinds }: Statistics): string {
  return `${kinds.join(', ')} on ${columns.join(', ')}`;
}
