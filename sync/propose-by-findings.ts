// A proposed rule in the light of sampled values: what looks personal is never kept, whatever its column is called, and the reason says what
// was seen and about how often.
import type { CatalogColumn } from '../postgres/catalog/catalog.ts';
import { SHORTEST_FAKE } from './masks/fake.ts';
import { isJson, isText, type Proposal } from './proposal.ts';
import type { ColumnFindings, WholeKind } from './propose-findings.ts';

/** By `table\ncolumn`: what was found, null where there was no value, `unread` where the source gave none in time or not to this role. */
export type Findings = ReadonlyMap<string, ColumnFindings | null | 'unread'>;

/** The proposal, made more careful where values ask for it. Pure. */
export function proposeByFindings(
  proposal: Proposal,
  column: CatalogColumn,
  found: ColumnFindings | null | 'unread' | undefined,
): Proposal {
  if (found === undefined) return proposal;
  if (found === 'unread') return { ...proposal, why: `${proposal.why}; its values could not be read` };
  if (found === null) return { ...proposal, why: `${proposal.why}; no value was seen` };
  if (found.seen.length === 0) return proposal;
  const seen = found.seen.map(({ what, share }) => `${what} in ${roundShare(share)}`).join(', ');
  return { ...proposal, rule: carefulRule(proposal, column, found), why: `${seen} of its values; ${proposal.why}` };
}

/** A share as people say it, so coarse that no row can be told from it. */
export function roundShare(share: number): string {
  return share < 0.05 ? 'under 5 %' : `about ${Math.round(share * 20) * 5} %`;
}

function carefulRule(proposal: Proposal, column: CatalogColumn, { whole, paths }: ColumnFindings): string | null {
  const isKept = proposal.rule === 'keep';
  if (proposal.isKey === true) return isKept ? null : proposal.rule;
  if (isJson(column)) {
    if (paths.length === 0 && !isKept) return proposal.rule;
    const members = paths.map(({ path, of }) => `${JSON.stringify(path)}: { kind: fake, of: ${of} }`);
    return `{ kind: json, paths: {${members.length === 0 ? '' : ` ${members.join(', ')} `}}, others: drop }`;
  }
  if (whole !== null && fits(column, whole)) return `{ kind: fake, of: ${whole} }`;
  if (!isKept) return proposal.rule;
  return column.isNullable ? "'null'" : 'empty';
}

function fits(column: CatalogColumn, whole: WholeKind): boolean {
  return isText(column) && (column.maxLength ?? SHORTEST_FAKE[whole]) >= SHORTEST_FAKE[whole];
}
