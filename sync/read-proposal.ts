// Proposed rules for a source: its catalog is read, and unless nobody wants that, a bounded sample of the texts and JSON in it.

import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { withSide } from '../postgres/read-side.ts';
import { proposeRules } from './propose.ts';
import { sampleColumns, sampledColumns } from './propose-sample.ts';
import { readMaskedCatalog } from './read-masked-catalog.ts';

export interface RulesProposal {
  readonly text: string;
  readonly tables: number;
  readonly columns: number;
  /** Columns whose values were looked at. */
  readonly sampled: number;
}

export interface ProposalOptions {
  readonly url: string;
  /** What tells the progress of sampling; null: no row is read. */
  readonly startSampling: ((columns: number) => Progress) | null;
  readonly signal: AbortSignal;
}

const STATEMENT_TIMEOUT_MS = 60_000;

/** Throws CONNECT_FAILED, QUERY_FAILED, SERVER_TOO_OLD, INTERRUPTED. */
export async function readRulesProposal({ url, startSampling, signal }: ProposalOptions): Promise<RulesProposal> {
  const options = { statementTimeoutMs: STATEMENT_TIMEOUT_MS, applicationName: 'shapecast sync', signal };
  try {
    return await withSide(url, options, async (side) => {
      const catalog = await readMaskedCatalog(side.client);
      const wanted = startSampling === null ? [] : sampledColumns(catalog);
      const progress = startSampling?.(wanted.length);
      const findings =
        progress === undefined ? null : await sampleColumns(side, wanted, progress).finally(() => progress.finish());
      const columns = catalog.tables.reduce((sum, table) => sum + table.columns.filter(({ generated }) => !generated).length, 0);
      return { text: proposeRules(catalog, findings), tables: catalog.tables.length, columns, sampled: wanted.length };
    });
  } catch (cause) {
    if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'sync' }, { cause });
    throw cause;
  }
}
