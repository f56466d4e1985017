// Degree per class of the children: how many answers and how many questions somebody has, not only how many posts. The counted
// rows are (parent, class) with at least one child, one statement for each reference and column.
import { quoteIdentifier } from '../../../core/identifiers.ts';
import { relationOf } from '../../../postgres/relation.ts';
import type { SourceTable } from '../../introspect/source.ts';
import type { AxisRequest } from '../axes.ts';
import { bucketMap } from '../child-units.ts';
import { codeOfAxis } from '../codes.ts';
import { namedValue } from '../column-value.ts';
import { CHILD, childMapCodes, degreeCode } from '../degrees.ts';
import type { MeasuringContext } from '../measuring-context.ts';
import { copyStatement, ROW } from '../pass.ts';
import { requestAxes } from '../plan.ts';
import { degreesForPairs, mappedDegreesForPairs, type PairDegree, pagesOf, protectionOfDegrees } from '../plan-degrees.ts';
import { codesOf, type PairPassParts } from './pair-pass.ts';
import { draftOf, type PairSource } from './pair-sources.ts';

/** Of numbers only such as are labels in disguise: each value has a class of its own. */
const MAX_DISTINCT = 8;
const COLUMNS_PER_REFERENCE = 3;

/** The passes over the children of `table`. Pure. */
export function planChildPairs(context: MeasuringContext, table: SourceTable): PairPassParts[] {
  const degrees = [...degreesForPairs(context, table.key), ...mappedDegreesForPairs(context, table.key)];
  return degrees.flatMap((request) => {
    const child = context.source.tables.find(({ key }) => key === request.reference.child);
    if (child === undefined) return [];
    const columns = requestAxes(context, child).filter(isClassLike).slice(0, COLUMNS_PER_REFERENCE);
    return columns.flatMap((column) => planColumn(context, table, child, request, column));
  });
}

function isClassLike({ axis, column }: AxisRequest): boolean {
  if (axis.kind === 'category') return true;
  const distinct = column.distinctEstimate ?? 0;
  return axis.kind === 'number' && distinct > 0 && distinct <= MAX_DISTINCT;
}

function planColumn(
  context: MeasuringContext,
  table: SourceTable,
  child: SourceTable,
  degree: PairDegree,
  column: AxisRequest,
): PairPassParts[] {
  const { reference } = degree;
  const own = draftOf(column, undefined);
  if (own?.kind !== 'category' && own?.kind !== 'number') return [];
  const { k, units } = protectionOfDegrees(context, [degree]);
  const bucket = units?.bucket ?? null;
  // A parent stands in several classes, so its rows cannot be added up as units.
  const self = `(hashtidextended(${ROW}.ctid, ${context.seeds.bucket}) & 255)::int4`;
  const unitCode = bucket === null && k > 1 ? { id: 'self', scalar: self, code: null } : null;
  const sources: PairSource[] = [
    {
      role: 'child',
      draft: { ...own, ofChild: { child: child.key, columns: [...reference.columns] } },
      fine: { table: child.key, axis: column.axis },
      code: { id: 'class', scalar: 'd0.class', code: null },
      units: unitCode,
      reference,
    },
    {
      role: 'degree',
      draft: { kind: 'degree', child: child.key, columns: [...reference.columns], cuts: [] },
      fine: { table: table.key, axis: degree.axis },
      code: degreeCode(0),
      units: unitCode,
      ...(degree.children === null ? {} : { childMap: childMapCodes(0) }),
      reference,
    },
  ];
  const codes = codesOf(sources);
  const keep = context.keep(table.key, ROW);
  const from = [
    `${relationOf(table.table)} as ${ROW}`,
    ...(units?.joins ?? []),
    joinClasses(context, child, degree, column),
  ].join('\n');
  const pages = pagesOf(context.source, child.key) + table.table.pages;
  const sql = copyStatement({ bucket, codes, from, where: keep === null ? [] : [keep] });
  const what = `pairing the children of ${table.key} with their classes`;
  return [
    { what, statements: [{ sql, pages }], bucket, codes, sources, k, childK: degree.children === null ? null : context.policy.k },
  ];
}

function joinClasses(
  { keep, seeds }: MeasuringContext,
  child: SourceTable,
  { reference, children }: PairDegree,
  column: AxisRequest,
): string {
  const { scalar, code } = codeOfAxis(column, CHILD, seeds);
  const keys = reference.columns.map((name, at) => ({ value: namedValue(child, name, CHILD), name: `k${at}` }));
  const kept = keep(child.key, CHILD);
  const where = [...keys.map(({ value }) => `${value} is not null`), ...(kept === null ? [] : [kept])];
  const names = keys.map(({ name }) => `s.${name}`).join(', ');
  const on = keys.map(({ name }, at) => `d0.${name} = ${ROW}.${quoteIdentifier(reference.referencedColumns[at] ?? '')}`);
  const [map, bucket] = children === null ? ['', ''] : [`, ${bucketMap('s.b')} as m`, `, ${children.bucket} as b`];
  return `join (
  select ${names}, ${code === null ? 's.x' : code('s.x')} as class, count(*) as n${map}
  from (
    select ${keys.map(({ value, name }) => `${value} as ${name}`).join(', ')}, ${scalar} as x${bucket}
    from ${[`${relationOf(child.table)} as ${CHILD}`, ...(children?.joins ?? [])].join('\n    ')}
    where ${where.join(' and ')}
    offset 0
  ) as s
  group by ${names}, class
) as d0 on ${on.join(' and ')}`;
}
