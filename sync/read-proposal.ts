// Proposed rules for a source: its catalog is read, and no row.
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { withSide } from '../postgres/read-side.ts';
import { proposeRules } from './propose.ts';

export interface RulesProposal {
  readonly text: string;
  readonly tables: number;
  readonly columns: number;
}

const STATEMENT_TIMEOUT_MS = 60_000;

/** Throws CONNECT_FAILED, QUERY_FAILED, SERVER_TOO_OLD, INTERRUPTED. */
export function readRulesProposal(url: string, signal: AbortSignal): Promise<RulesProposal> {
  const options = { statementTimeoutMs: STATEMENT_TIMEOUT_MS, applicationName: 'shapecast sync', signal };
  return withSide(url, options, async ({ client }) => {
    const catalog = await readCatalog(client);
    const columns = catalog.tables.reduce((sum, table) => sum + table.columns.filter(({ generated }) => !generated).length, 0);
    return { text: proposeRules(catalog), tables: catalog.tables.length, columns };
  });
}
