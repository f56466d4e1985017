// How often the values of a column repeat: one grouped statement for each column that is no key. The server groups by value, then by
// bin and number of rows; no value crosses, and what is counted in the end are values, not rows.
import { relationOf } from '../../../postgres/relation.ts';
import type { Axis } from '../../../spec/axis.ts';
import { REPEAT_SUB_BITS } from '../../../stats/binning.ts';
import type { SourceTable } from '../../introspect/source.ts';
import { type AxisRequest, isUnique } from '../axes.ts';
import { bucketMap } from '../child-units.ts';
import { codeOfAxis, labelExpression, type WireCode } from '../codes.ts';
import { isTextLike } from '../column-types.ts';
import { columnValue } from '../column-value.ts';
import { BITMAP_WORDS } from '../counters.ts';
import { type MeasuringContext, protectionOf } from '../measuring-context.ts';
import { ROW } from '../pass.ts';
import { requestAxes } from '../plan.ts';

export type RepeatAxis = Extract<Axis, { kind: 'repeat' }>;

/** The repeats of one column. */
export interface RepeatPlan {
  readonly table: string;
  readonly axis: RepeatAxis;
  /** The axis whose cells get the number of their different values; null for a column that has none (uuid). */
  readonly within: Axis | null;
  readonly hasBucket: boolean;
  readonly k: number;
  readonly sql: string;
  readonly pages: number;
}

/** Larger tables (4 GB) are not asked: the server would sort or hash all their values. */
const MAX_PAGES = 500_000;
const MAX_COUNT = 0x7ffffffe;
const WORD_BITS = 32;

/** Fields of a row: bin code, rows of one value, number of such values, and the map of the units where there is one. */
export const REPEAT_FIELDS = 3;

/** The statements, in the order of tables and columns. A copy is asked what the pack has. Pure. */
export function planRepeats(context: MeasuringContext): RepeatPlan[] {
  return context.source.tables
    .filter(({ table }) => table.pages <= MAX_PAGES)
    .flatMap((table) => columnsOf(context, table).map((request) => planColumn(context, table, request)));
}

/** A request of each column that may have repeats: for the axis that its values are cut by. */
function columnsOf(context: MeasuringContext, table: SourceTable): AxisRequest[] {
  const wanted = requestAxes(context, table).filter(({ axis, column }) => isWithin(axis) || isUuidForm({ axis, column }));
  if (context.shape === null) return wanted.filter(({ column }) => !isUnique(column, table));
  const asked = context.shape.marginals.flatMap(({ table: name, axes: [axis] }) =>
    name === table.key && axis?.kind === 'repeat' ? [axis.column] : [],
  );
  return wanted.filter(({ column }) => asked.includes(column.name));
}

function isWithin(axis: Axis): boolean {
  return axis.kind === 'number' || axis.kind === 'time' || (axis.kind === 'length' && axis.of === 'characters');
}

function isUuidForm({ axis, column }: Pick<AxisRequest, 'axis' | 'column'>): boolean {
  return axis.kind === 'form' && column.baseType === 'uuid';
}

function planColumn(context: MeasuringContext, table: SourceTable, request: AxisRequest): RepeatPlan {
  const { k, units } = protectionOf(context, table.key);
  const keep = context.keep(table.key, ROW);
  const within = isWithin(request.axis) ? request.axis : null;
  const value = columnValue(request.column, ROW);
  // A hash of 64 bits stands for a text: long values would fill the server's memory.
  const grouped = isTextLike(request.column) ? `hashtextextended(${labelExpression(value)}, ${context.seeds.label})` : value;
  const sql = copyRepeats({
    code: within === null ? null : codeOfAxis(request, ROW, context.seeds),
    grouped,
    bucket: units?.bucket ?? null,
    from: [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? [])].join('\n    '),
    where: [`${value} is not null`, ...(keep === null ? [] : [keep])],
  });
  return {
    table: table.key,
    axis: { kind: 'repeat', column: request.column.name, subBits: REPEAT_SUB_BITS },
    within,
    hasBucket: units !== null,
    k,
    sql,
    pages: table.table.pages,
  };
}

interface RepeatRows {
  readonly code: WireCode | null;
  readonly grouped: string;
  readonly bucket: string | null;
  readonly from: string;
  readonly where: readonly string[];
}

function copyRepeats({ code, grouped, bucket, from, where }: RepeatRows): string {
  const binCode = code === null ? '0' : code.code === null ? 's.c' : code.code('s.c');
  const words = Array.from(
    { length: bucket === null ? 0 : BITMAP_WORDS },
    (_, word) => `substring(g.m from ${word * WORD_BITS + 1} for ${WORD_BITS})::bit(${WORD_BITS})::int4`,
  );
  const map = bucket === null ? '' : ', bit_or(v.m) as m';
  // offset 0 keeps the planner from computing the code more than once a row.
  return `copy (
  select ${['g.c', 'g.n', `least(g.values, ${MAX_COUNT})::int4`, ...words].join(', ')}
  from (
    select v.c, least(v.n, ${MAX_COUNT})::int4 as n, count(*) as values${map}
    from (
      select ${binCode} as c, s.v, count(*) as n${bucket === null ? '' : `, ${bucketMap('s.b')} as m`}
      from (
        select ${code === null ? '0' : code.scalar} as c, ${grouped} as v${bucket === null ? '' : `, ${bucket} as b`}
        from ${from}
        where ${where.join('\n          and ')}
        offset 0
      ) as s
      group by 1, 2
    ) as v
    group by 1, 2
  ) as g
) to stdout (format binary)`;
}
