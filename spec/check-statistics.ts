// What no schema of a single field sees in a spec's statistics: a name is taken once in a schema, whatever the table.
import { parseTableKey } from '../core/identifiers.ts';
import type { Statistics } from './statistics.ts';

interface StatisticsTable {
  readonly statistics?: readonly Pick<Statistics, 'name'>[] | undefined;
}

/** Reports every second use of a name, with its place. */
export function checkStatisticsNames(
  tables: Readonly<Record<string, StatisticsTable>>,
  reportFault: (path: (string | number)[], message: string) => void,
): void {
  const taken = new Set<string>();
  for (const [key, { statistics = [] }] of Object.entries(tables)) {
    for (const [at, { name }] of statistics.entries()) {
      const place = JSON.stringify([parseTableKey(key).schema, name]);
      if (taken.has(place))
        reportFault(['tables', key, 'statistics', at, 'name'], 'the schema has other statistics of this name');
      taken.add(place);
    }
  }
}
