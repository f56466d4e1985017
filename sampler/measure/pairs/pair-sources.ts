// What a pair's axis can be read from, before the cuts are known: a code of the statement, the one-axis marginal that the cuts will
// come from, and whose numbers the code can give away.
import type { Axis } from '../../../spec/axis.ts';
import { namePairAxis, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import type { Reference } from '../../introspect/source.ts';
import type { AxisRequest } from '../axes.ts';
import type { WireCode } from '../codes.ts';

export type PairRole = 'own' | 'child' | 'parent' | 'parentDegree' | 'degree' | 'lag' | 'heap' | 'flag';

export interface PairSource {
  readonly role: PairRole;
  /** Says what the axis is; its cuts are still to come. */
  readonly draft: PairAxis;
  /** The fine axis behind it and its table; null where the cuts are fixed. */
  readonly fine: { readonly table: string; readonly axis: Axis } | null;
  readonly code: WireCode;
  /** SQL buckets, as codes, of people that the row itself does not belong to. */
  readonly units: WireCode | null;
  /** Degrees: the words of a map of the children's owners, where they must be k as well. NULL where the code is 0 or NULL. */
  readonly childMap?: readonly WireCode[];
  /** And the most children of a parent that one of these owners has. */
  readonly mostOfOne?: WireCode;
  readonly reference: Reference | null;
}

/** The name that a pack and a policy call the axis by. */
export function nameOfSource({ draft }: PairSource): string {
  return namePairAxis(draft);
}

/** The axis of a column without cuts; null for axes that no pair has (hours of the week, resolutions, forms). */
export function draftOf({ axis }: AxisRequest, via: Via | undefined): PairAxis | null {
  const where = via === undefined ? {} : { via };
  switch (axis.kind) {
    case 'presence':
      return { kind: 'presence', column: axis.column, ...where };
    case 'number':
      return { kind: 'number', column: axis.column, decimals: axis.decimals, cuts: [], ...where };
    case 'length':
      return { kind: 'length', column: axis.column, of: axis.of, cuts: [], ...where };
    case 'time':
      return { kind: 'time', column: axis.column, cuts: [], ...where };
    case 'category':
      return { kind: 'category', column: axis.column, labels: [], ...where };
    default:
      return null;
  }
}

export function viaOf({ columns, parent }: Reference): Via {
  return { columns: [...columns], references: parent };
}
