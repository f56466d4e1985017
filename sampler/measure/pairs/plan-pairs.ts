// The second pass, decided before anything is read: for each table the codes of its own columns, of its parents' columns (joined in
// the server), lags, flags and heap position; and over each parent the degrees beside its columns. Only codes cross, as in the
// first pass, so the statements say nothing about the data and do not depend on what the first pass found.
import { quoteIdentifier } from '../../../core/identifiers.ts';
import { relationOf } from '../../../postgres/relation.ts';
import type { Reference, SourceColumn, SourceTable } from '../../introspect/source.ts';
import type { AxisRequest } from '../axes.ts';
import { type CodeSeeds, codeOfAxis, microseconds, NO_TIME, OTHER_CODE, type WireCode } from '../codes.ts';
import { isTime } from '../column-types.ts';
import { columnValue, namedValue } from '../column-value.ts';
import { childMapCodes, degreeCode, degreeJoin, mostOfOneCode } from '../degrees.ts';
import { type MeasuringContext, protectionOf } from '../measuring-context.ts';
import { copyStatement, partsOfTable, ROW } from '../pass.ts';
import { requestAxes } from '../plan.ts';
import { degreesForPairs, mappedDegreesForPairs, pagesOf, protectionOfDegrees } from '../plan-degrees.ts';
import { joinParent, type RowUnits, unitsOfRows } from '../row-units.ts';
import { looksElsewhere } from '../window.ts';
import { planChildPairs } from './child-pairs.ts';
import type { PairPass, PairPassParts } from './pair-pass.ts';
import { codesOf } from './pair-pass.ts';
import { draftOf, type PairSource, viaOf } from './pair-sources.ts';
import { parentDegrees } from './parent-degrees.ts';

const HEAP_RANGES = 64;
const PARENT_HEAP_RANGES = 16;
/** Wider tables are measured up to here. */
const MAX_OWN_AXES = 48;
const MAX_PARENT_AXES = 16;
const MAX_LAG = 0x7ffffffe;

/** The passes of all tables that have anything to pair. Pure. */
export function planPairs(context: MeasuringContext): PairPass[] {
  return context.source.tables.flatMap((table) => [
    ...planRowPairs(context, table),
    ...planDegreePairs(context, table),
    ...planChildPairs(context, table).map((parts) => passOf(table, parts)),
  ]);
}

function planRowPairs(context: MeasuringContext, table: SourceTable): PairPass[] {
  const { k, units } = protectionOf(context, table.key);
  const own = ownSources(context, table, ROW).slice(0, MAX_OWN_AXES);
  const parents = allParents(context, table, 0);
  const flags = flagSources(table);
  const heap = table.table.isPartitioned ? [] : heapSources(table);
  const sources = [...own, ...parents.flatMap((parent) => parent.sources), ...flags.map(({ source }) => source), ...heap];
  if (sources.length === 0) return [];
  const joins = [...(units?.joins ?? []), ...parents.flatMap((parent) => parent.joins)];
  const bucket = units?.bucket ?? null;
  const codes = codesOf(sources);
  const keep = context.keep(table.key, ROW);
  const isHeavy = joins.length > 0 || looksElsewhere(keep);
  const ranges = { ...context.ranges, ...(isHeavy ? { maxRanges: context.readers } : {}) };
  const statements = partsOfTable(table, ranges).map(({ from, where, pages }) => {
    const conditions = [...where, ...(keep === null ? [] : [keep])];
    const rows = rowsWithFlags(table, from, conditions, flags);
    return { pages, sql: copyStatement({ bucket, codes, from: [rows.from, ...joins].join('\n'), where: rows.where }) };
  });
  return [passOf(table, { what: `pairing the columns of ${table.key}`, statements, bucket, codes, sources, k, childK: null })];
}

function planDegreePairs(context: MeasuringContext, table: SourceTable): PairPass[] {
  const requests = [...degreesForPairs(context, table.key), ...mappedDegreesForPairs(context, table.key)];
  if (requests.length === 0) return [];
  const { k, units } = protectionOfDegrees(context, requests);
  const degrees = requests.map(({ axis, reference, children }, at): PairSource => {
    const draft = { kind: 'degree' as const, child: axis.child, columns: axis.columns, cuts: [] };
    const owners = children === null ? {} : { childMap: childMapCodes(at), mostOfOne: mostOfOneCode(at) };
    return { role: 'degree', draft, fine: { table: table.key, axis }, code: degreeCode(at), units: null, ...owners, reference };
  });
  const own = ownSources(context, table, ROW).slice(0, MAX_PARENT_AXES);
  const parents = allParents(context, table, requests.length);
  const sources = [
    ...degrees,
    ...own,
    ...parents.flatMap((parent) => parent.sources.filter(({ role }) => isBesideDegrees(role))),
  ];
  if (sources.length < 2) return [];
  const codes = codesOf(sources);
  const joins = [
    ...requests.map(({ reference, children }, at) =>
      degreeJoin(context.source, { reference, keep: context.keep, units: children }, ROW, at),
    ),
    ...parents.flatMap((parent) => parent.joins),
  ];
  const keep = context.keep(table.key, ROW);
  const bucket = units?.bucket ?? null;
  const from = [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? []), ...joins].join('\n');
  const pages = requests.reduce((sum, { reference }) => sum + pagesOf(context.source, reference.child), table.table.pages);
  const statements = [{ pages, sql: copyStatement({ bucket, codes, from, where: keep === null ? [] : [keep] }) }];
  const childK = requests.some(({ children }) => children !== null) ? context.policy.k : null;
  return [passOf(table, { what: `pairing the degrees of ${table.key}`, statements, bucket, codes, sources, k, childK })];
}

function passOf(table: SourceTable, { bucket, ...pass }: PairPassParts): PairPass {
  const indexed = new Set(table.table.indexes.flatMap(({ columns }) => columns.filter((column) => column !== null)));
  return { ...pass, table: table.key, hasBucket: bucket !== null, indexed };
}

/** The axes of the columns of `table` in the row `alias`; presence only where a column has nothing else. */
function ownSources(context: MeasuringContext, table: SourceTable, alias: string, reference?: Reference): PairSource[] {
  const requests = requestAxes(context, table);
  const via = reference === undefined ? undefined : viaOf(reference);
  return requests.flatMap((request): PairSource[] => {
    const draft = draftOf(request, via);
    if (draft === null || (draft.kind === 'presence' && hasMore(request, requests))) return [];
    const code = codeOfAxis(request, alias, context.seeds);
    return [
      {
        role: reference === undefined ? 'own' : 'parent',
        draft,
        fine: { table: table.key, axis: request.axis },
        code: { ...code, id: `${alias} ${code.id}` },
        units: null,
        reference: reference ?? null,
      },
    ];
  });
}

function hasMore({ column }: AxisRequest, requests: readonly AxisRequest[]): boolean {
  return requests.some((other) => other.column.name === column.name && other.axis.kind !== 'presence');
}

function isBesideDegrees(role: PairSource['role']): boolean {
  return role === 'parent' || role === 'parentDegree';
}

interface ParentPart {
  readonly joins: readonly string[];
  readonly sources: readonly PairSource[];
}

/** `joined`: sub-selects of degrees that the statement already has. */
function allParents(context: MeasuringContext, table: SourceTable, joined: number): ParentPart[] {
  let degrees = joined;
  return table.references.flatMap((reference, at) => {
    const parts = parentSources(context, table, reference, { at, degrees });
    degrees += parts.reduce((sum, { sources }) => sum + sources.filter(({ role }) => role === 'parentDegree').length, 0);
    return parts;
  });
}

/** What a row can say about its parent. Nothing where the join could multiply rows, or would show private rows through public ones. */
function parentSources(
  context: MeasuringContext,
  table: SourceTable,
  reference: Reference,
  { at, degrees }: { readonly at: number; readonly degrees: number },
): ParentPart[] {
  const parent = context.source.tables.find(({ key }) => key === reference.parent);
  const isPublic = (key: string) => context.attribution.owners.get(key)?.unit === 'public';
  if (parent === undefined || !isKey(parent, reference.referencedColumns)) return [];
  if (context.hasThreshold && isPublic(table.key) && !isPublic(parent.key)) return [];
  const alias = `r${at}`;
  const units = unitsOfParent(context, table, reference, at);
  const unitCode = units === null ? null : unitsAsCode(units, at, context.seeds);
  const columns = ownSources(context, parent, alias, reference).slice(0, MAX_PARENT_AXES);
  const counted = parentDegrees(context, table, reference, { alias, joined: degrees });
  const sources = [
    ...columns,
    ...counted.sources,
    ...lagSources(table, parent, reference, alias),
    ...parentHeap(parent, reference, alias),
  ];
  return [
    {
      joins: [joinParent(context.source, reference, ROW, alias), ...counted.joins, ...(units?.joins ?? [])],
      sources: sources.map((source) => ({ ...source, units: unitCode })),
    },
  ];
}

function isKey({ table }: SourceTable, columns: readonly string[]): boolean {
  const indexes = table.indexes.filter((index) => index.isUnique && !index.isPartial).map((index) => index.columns);
  const keys = [table.primaryKey, ...table.uniques].flatMap((key) => (key === null ? [] : [key.columns]));
  return [...keys, ...indexes].some((key) => key.every((name) => name !== null && columns.includes(name)));
}

/** Who owns the parent, where that is somebody else than the row's owner. */
function unitsOfParent(context: MeasuringContext, table: SourceTable, reference: Reference, at: number): RowUnits | null {
  const { attribution, hasThreshold, seeds, source } = context;
  const ownership = attribution.owners.get(reference.parent);
  const edge = attribution.owners.get(table.key)?.path[0];
  if (!hasThreshold || ownership === undefined || ownership.unit === 'public' || edge === reference) return null;
  return unitsOfRows(source, ownership, `r${at}`, seeds, `u${at}_`);
}

/** A row without a parent stands for itself. */
function unitsAsCode({ bucket }: RowUnits, at: number, seeds: CodeSeeds): WireCode {
  const self = `(hashtidextended(${ROW}.ctid, ${seeds.bucket}) & 255)::int4`;
  return { id: `units ${at}`, scalar: `coalesce(${bucket}, ${self})`, code: null };
}

function lagSources(table: SourceTable, parent: SourceTable, reference: Reference, alias: string): PairSource[] {
  const times = (of: SourceTable) => of.columns.filter((column) => isTime(column) && !column.generated);
  return times(table).flatMap((column) =>
    times(parent).map((since) => ({
      role: 'lag' as const,
      draft: { kind: 'lag' as const, column: column.name, since: since.name, cuts: [], via: viaOf(reference) },
      fine: null,
      code: lagCode(column, since, alias),
      units: null,
      reference,
    })),
  );
}

function lagCode(column: SourceColumn, since: SourceColumn, alias: string): WireCode {
  const [own, parents] = [microseconds(column, columnValue(column, ROW)), microseconds(since, columnValue(since, alias))];
  const seconds = `floor((s.o - s.p) / 1000000.0)`;
  const scalar = `(select case when s.o is null or s.p is null then null when ${NO_TIME} in (s.o, s.p) then ${OTHER_CODE} else least(greatest(${seconds}, -${MAX_LAG}), ${MAX_LAG})::int4 end from (select ${own} as o, ${parents} as p offset 0) as s)`;
  return { id: `lag ${column.name} ${alias} ${since.name}`, scalar, code: null };
}

function heapSources({ table }: SourceTable): PairSource[] {
  return table.pages < 2 ? [] : [heapSource({ kind: 'heap', ranges: HEAP_RANGES }, table.pages, ROW)];
}

function parentHeap({ table }: SourceTable, reference: Reference, alias: string): PairSource[] {
  if (table.pages < 2 || table.isPartitioned) return [];
  const draft = { kind: 'heap' as const, ranges: PARENT_HEAP_RANGES, via: viaOf(reference) };
  return [{ ...heapSource(draft, table.pages, alias), reference }];
}

/** Always so many ranges, of less than a page where the table is small, so that two tables of different sizes compare. */
function heapSource(draft: PairSource['draft'] & { kind: 'heap' }, pages: number, alias: string): PairSource {
  const starts = Array.from({ length: draft.ranges }, (_, at) => `"(${Math.floor((at * pages) / draft.ranges)},0)"`);
  const scalar = `width_bucket(${alias}.ctid, '{${starts.join(',')}}'::tid[])`;
  return { role: 'heap', draft, fine: null, code: { id: `heap ${alias}`, scalar, code: null }, units: null, reference: null };
}

interface Flag {
  readonly source: PairSource;
  /** Computed where the rows still come in the order of the heap; null for what any place will do. */
  readonly inOrder: { readonly name: string; readonly sql: string } | null;
}

function flagSources(table: SourceTable): Flag[] {
  const keyOf = (reference: Reference) => reference.columns.map((column) => namedValue(table, column, ROW));
  const previous = table.references.map((reference, at): Flag => {
    const key = keyOf(reference);
    const isNull = key.map((value) => `${value} is null`).join(' or ');
    const isSame = key.map((value) => `${value} = lag(${value}) over ()`).join(' and ');
    const sql = `case when ${isNull} then null else coalesce(${isSame}, false)::int4 end`;
    const name = freeName(table, `previous${at}`);
    const draft = { kind: 'sameAsPrevious' as const, via: viaOf(reference) };
    return { inOrder: { name, sql }, source: flagSource(draft, reference, `${ROW}.${name}`) };
  });
  const same = table.references.flatMap((one, at) =>
    table.references.slice(at + 1).flatMap((two): Flag[] => {
      if (one.parent !== two.parent || !isSameList(one.referencedColumns, two.referencedColumns)) return [];
      const [left, right] = [keyOf(one), keyOf(two)];
      const sql = `(${left.map((value, position) => `${value} = ${right[position]}`).join(' and ')})::int4`;
      const draft = { kind: 'sameParent' as const, via: viaOf(one), other: [...two.columns] };
      return [{ inOrder: null, source: flagSource(draft, one, sql) }];
    }),
  );
  return [...previous, ...same];
}

/** A name that no column of the table has. */
function freeName(table: SourceTable, name: string): string {
  return table.columns.some((column) => column.name === name) ? freeName(table, `${name}_`) : name;
}

function flagSource(draft: PairSource['draft'], reference: Reference, scalar: string): PairSource {
  return { role: 'flag', draft, fine: null, code: { id: `flag ${scalar}`, scalar, code: null }, units: null, reference };
}

/** The rows, in a layer of their own where a flag looks at the row before: a join above it may change the order, not the flag. */
function rowsWithFlags(table: SourceTable, from: string, where: readonly string[], flags: readonly Flag[]) {
  const inOrder = flags.flatMap((flag) => (flag.inOrder === null ? [] : [`${flag.inOrder.sql} as ${flag.inOrder.name}`]));
  if (inOrder.length === 0) return { from, where };
  const columns = table.columns.map(({ name }) => `${ROW}.${quoteIdentifier(name)}`);
  const list = [`${ROW}.ctid`, ...columns, ...inOrder].join(', ');
  const condition = where.length === 0 ? '' : ` where ${where.join(' and ')}`;
  return { from: `(select ${list} from ${from}${condition}) as ${ROW}`, where: [] };
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
