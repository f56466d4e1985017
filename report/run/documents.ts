// The documents that a run leaves behind, as far as somebody has them.
import type { Comparison } from '../../spec/compare/comparison.ts';
import type { Explanation } from '../../spec/explanation.ts';
import type { LoadResult } from '../../spec/load-result.ts';
import type { Report } from '../../spec/report.ts';
import type { RunRecord } from '../../spec/run-record.ts';

/** null: not given. At least one is. */
export interface RunDocuments {
  readonly report: Report | null;
  readonly run: RunRecord | null;
  readonly comparison: Comparison | null;
  readonly explanation: Explanation | null;
  readonly load: LoadResult | null;
}
