// What a table's fit is told.
import type { PlanKey, PlanTable } from '../../../spec/plan.ts';
import type { TableSpec } from '../../../spec/spec.ts';
import type { TableShape } from './table-shape.ts';

export interface FitTableRequest {
  readonly table: number;
  readonly tables: readonly PlanTable[];
  readonly spec: TableSpec;
  readonly shapes: ReadonlyMap<number, TableShape>;
  /** By index of the table. */
  readonly childSpecs: ReadonlyMap<number, TableSpec>;
  /** What children speak of: columns, and references to this table by child and index. */
  readonly columns: ReadonlySet<string>;
  readonly children: readonly ChildOfTable[];
  readonly key: PlanKey;
  readonly mostProfiles: number;
  /** Whether rows follow the other side of their distinct pairs too; its places are then made distinct afterwards. */
  readonly followsOtherSide: boolean;
}

/** A reference whose children follow this table's profiles. */
export interface ChildOfTable {
  readonly child: number;
  readonly reference: number;
}
