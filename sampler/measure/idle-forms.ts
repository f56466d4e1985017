// The marginal of forms leaves only where it will be used: text that is no identifier of one form and length tells nothing by it,
// and what serves nothing stays in production.
import { IDENTIFIER_FORMS } from '../../spec/axis.ts';
import type { Marginal } from '../../spec/pack.ts';

const NEARLY_ALL = 0.99;

/** The marginals without forms that say nothing. Reads published counts only. */
export function withoutIdleForms(marginals: readonly Marginal[]): Marginal[] {
  return marginals.filter((marginal) => !isForm(marginal) || !isIdle(marginal, findLengths(marginals, marginal)));
}

function isForm({ axes: [axis] }: Marginal): boolean {
  return axis?.kind === 'form';
}

/** A uuid has a form and no length. */
function isIdle(forms: Marginal, lengths: Marginal | null): boolean {
  if (lengths === null) return false;
  const identifiers = forms.cells.filter(([, bin]) => bin !== IDENTIFIER_FORMS.indexOf('other')).map(countOf);
  const isOneForm = identifiers.reduce((sum, count) => sum + count, 0) >= NEARLY_ALL * forms.total;
  return !isOneForm || !lengths.cells.some((cell) => countOf(cell) >= NEARLY_ALL * lengths.total);
}

function countOf(cell: readonly number[]): number {
  return cell.at(-1) ?? 0;
}

function findLengths(marginals: readonly Marginal[], { table, axes: [form] }: Marginal): Marginal | null {
  const found = marginals.find(
    ({ table: other, axes: [axis] }) =>
      other === table && axis?.kind === 'length' && form?.kind === 'form' && axis.column === form.column,
  );
  return found ?? null;
}
