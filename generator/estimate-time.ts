// How long a plan will take, from what its rows cost on a sample: an estimate that is told before the first row. Making rows and taking them in
// go on side by side, so the slower of the two counts; beside a server on this machine both share its processors.

/** Milliseconds for the rows of a sample. */
export interface TableCost {
  readonly table: string;
  /** Of the plan. */
  readonly rows: number;
  readonly sampleRows: number;
  /** One thread makes and digests them. */
  readonly makeMs: number;
  /** The server takes them in. */
  readonly copyMs: number;
  /** Of each index. */
  readonly indexMs: readonly number[];
  /** Of each foreign key. */
  readonly keyMs: readonly number[];
}

export interface Machine {
  readonly workers: number;
  readonly processors: number;
  /** The server runs on this machine. */
  readonly isLocal: boolean;
}

export interface TimeEstimate {
  readonly rowsSeconds: number;
  /** Keys and indexes; a part of it goes on while rows come in. */
  readonly keysSeconds: number;
  readonly seconds: number;
}

/** Sessions that make keys and indexes at the same time, at most. */
const MOST_BUILDERS = 4;

/** Pure. */
export function estimateTime(costs: readonly TableCost[], { workers, processors, isLocal }: Machine): TimeEstimate {
  const sum = (of: (cost: TableCost) => number) => costs.reduce((total, cost) => total + of(cost), 0) / 1000;
  const make = sum(({ makeMs, rows, sampleRows }) => (makeMs * rows) / sampleRows);
  const copy = sum(({ copyMs, rows, sampleRows }) => (copyMs * rows) / sampleRows);
  const keys = sum(keysMs);
  const shared = isLocal ? processors : Number.POSITIVE_INFINITY;
  const rowsSeconds = Math.max(make / workers, copy / workers, (make + copy) / shared);
  const builders = Math.min(MOST_BUILDERS, workers, shared);
  const keysSeconds = keys / builders;
  return { rowsSeconds, keysSeconds, seconds: rowsSeconds + keysSeconds };
}

/** Sorting grows with n log n, checking with n. */
function keysMs({ rows, sampleRows, indexMs, keyMs }: TableCost): number {
  const more = rows / sampleRows;
  const sorting = more * (Math.log2(Math.max(2, rows)) / Math.log2(Math.max(2, sampleRows)));
  return indexMs.reduce((total, ms) => total + ms * sorting, 0) + keyMs.reduce((total, ms) => total + ms * more, 0);
}
