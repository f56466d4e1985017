// How long a plan will take, from what its rows cost on a sample: an estimate that is told before the first row. Making rows and taking them in
// go on side by side, so the slower of the two counts; beside a server on this machine both share its processors.

/** Milliseconds for the rows of a sample. */
export interface TableCost {
  readonly table: string;
  /** Of the plan. */
  readonly rows: number;
  readonly sampleRows: number;
  /** One thread makes, digests and sends them. */
  readonly makeMs: number;
  /** The server takes them in, and logs them. */
  readonly copyMs: number;
  /** Of each index, made by one process. */
  readonly indexMs: readonly number[];
  /** Of each foreign key. */
  readonly keys: readonly KeyCost[];
}

/** The check of a foreign key. */
export interface KeyCost {
  readonly ms: number;
  /** Of both of its tables. */
  readonly rows: number;
  readonly sampleRows: number;
  /** Of the one that it refers to. */
  readonly parentRows: number;
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
/** Of an index build: the scan and the sort, which a second process halves; merging and writing are one's alone. */
const SHARED_BY_TWO = 0.5;
/** The rows that a key refers to: from here on their hash table is outside of every processor's cache, which a sample's is not. */
const FAR_ROWS = 1_000_000;
const FAR_COSTS = 2;

/**
 * Pure. With m, c, i and k the seconds of all rows, by table a sample's times its share:
 *
 *     rows  = the largest of m / workers, c / workers and, beside the server, (m + c) / processors
 *     keys  = (i × helped + k) / builders
 *     total = rows + keys
 *
 * i grows with n log n, k with the rows of both tables, twice as much where a million or more are referred to. Builders are as many as workers, at most four and as many as processors; where
 * they leave processors free, the server's second process takes a quarter off an index (helped). Checkpoints, a disk that falls behind, and
 * sorts and joins that leave the memory are not in it.
 */
export function estimateTime(costs: readonly TableCost[], { workers, processors, isLocal }: Machine): TimeEstimate {
  const sum = (of: (cost: TableCost) => number) => costs.reduce((total, cost) => total + of(cost), 0) / 1000;
  const make = sum(({ makeMs, rows, sampleRows }) => (makeMs * rows) / sampleRows);
  const copy = sum(({ copyMs, rows, sampleRows }) => (copyMs * rows) / sampleRows);
  const shared = isLocal ? processors : Number.POSITIVE_INFINITY;
  const rowsSeconds = Math.max(make / workers, copy / workers, (make + copy) / shared);
  const builders = Math.min(MOST_BUILDERS, workers, shared);
  const helped = isLocal && processors >= 2 * builders ? 1 - SHARED_BY_TWO / 2 : 1;
  const keysSeconds = (sum(indexesMs) * helped + sum(foreignKeysMs)) / builders;
  return { rowsSeconds, keysSeconds, seconds: rowsSeconds + keysSeconds };
}

/** Sorting grows with n log n. */
function indexesMs({ rows, sampleRows, indexMs }: TableCost): number {
  const more = (rows * Math.log2(Math.max(2, rows))) / (sampleRows * Math.log2(Math.max(2, sampleRows)));
  return indexMs.reduce((total, ms) => total + ms * more, 0);
}

function foreignKeysMs({ keys }: TableCost): number {
  const costs = keys.map(({ ms, rows, sampleRows, parentRows }) => {
    const far = parentRows >= FAR_ROWS ? FAR_COSTS : 1;
    return (ms * far * rows) / sampleRows;
  });
  return costs.reduce((total, each) => total + each, 0);
}
