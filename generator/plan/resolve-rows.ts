// How many rows each table gets: stated by the spec for the band, overridden by hand, or following a fan-out.
import type { Band, Spec, TableSpec } from '../../spec/spec.ts';
import { resolveCurve } from './curve.ts';
import type { Problems } from './problems.ts';

/** Row numbers are 32-bit counters in the mixer. */
const MAX_ROWS = 2 ** 32 - 1;

export interface RowsRequest {
  readonly spec: Spec;
  readonly band: Band;
  readonly scale: number;
  readonly overrides: ReadonlyMap<string, number>;
}

/** Rows by table key. Faults (an unknown table, a band without a figure, a circle of `follows`) go to `problems`. */
export function resolveRows(request: RowsRequest, problems: Problems): Map<string, number> {
  const { spec, overrides } = request;
  const rows = new Map<string, number>();
  const open = new Set<string>();
  const rowsOf = (key: string): number => {
    const known = rows.get(key);
    if (known !== undefined) return known;
    const table = spec.tables[key];
    if (table === undefined) return 0;
    if (open.has(key)) {
      problems.add(`tables.${key}.rows`, 'follows a fan-out that follows this table: give one of them a count');
      return 0;
    }
    open.add(key);
    const resolved = overrides.get(key) ?? tableRows(key, table, request, rowsOf, problems);
    if (resolved > MAX_ROWS)
      problems.add(`tables.${key}.rows`, `${resolved} rows are more than ${MAX_ROWS}: lower --scale or --rows`);
    // A fault is said once; planning for more rows than there can be would only take long.
    rows.set(key, Math.min(resolved, MAX_ROWS));
    return Math.min(resolved, MAX_ROWS);
  };
  for (const key of Object.keys(spec.tables)) rowsOf(key);
  for (const key of overrides.keys())
    if (spec.tables[key] === undefined) problems.add('--rows', `the spec has no table ${key}: name one of its tables`);
  return rows;
}

function tableRows(
  key: string,
  table: TableSpec,
  request: RowsRequest,
  rowsOf: (key: string) => number,
  problems: Problems,
): number {
  const { spec, band, scale } = request;
  const { rows } = table;
  if ('count' in rows) {
    const factor = rows.growth === 'fixed' ? 1 : (spec.bands[band]?.scale ?? 1) * scale;
    return Math.round(rows.count * factor);
  }
  if ('bands' in rows) {
    const count = rows.bands[band];
    if (count === undefined)
      problems.add(`tables.${key}.rows.bands`, `has no figure for band ${band}: add one, or choose another --band`);
    return Math.round((count ?? 0) * scale);
  }
  const reference = table.references[rows.follows];
  if (reference?.fanOut === undefined) {
    problems.add(
      `tables.${key}.rows.follows`,
      `there is no reference ${rows.follows} with a fanOut: name one that has it, or give a count`,
    );
    return 0;
  }
  const parents = rowsOf(reference.table);
  return resolveCurve(reference.fanOut, { parents, children: null, maxDegree: MAX_ROWS })?.children ?? 0;
}
