// A spec at random and the catalog that goes with it: a few small tables with columns of every kind that the joint model can order, references of
// many kinds, and marginals over axes of all kinds whose counts are nonsense. The same number gives the same case.
import { mixBelow } from '../../generator/random/mixer.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { twoDegrees } from '../../spec/joined-rows.ts';
import { classCount, type PairAxis, pairAxisSchema } from '../../spec/pair-axis.ts';
import { type Spec, specSchema } from '../../spec/spec.ts';

/** Whole numbers below a bound, one after another. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let counter = 0;
  return (below) => mixBelow([seed | 0, 0x2a7d0], counter++, Math.max(1, below));
}

export interface RandomCase {
  readonly spec: Spec;
  readonly catalog: Catalog;
  readonly seed: string;
}

interface MadeColumn {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'boolean' | 'text' | 'time' | 'ordinal' | 'delay';
  readonly spec: object;
  readonly type: string;
  readonly isNullable: boolean;
}

interface MadeReference {
  readonly name: string;
  readonly parent: number;
  readonly spec: object;
  /** Absent for a key that is made of columns of another one. */
  readonly column: string;
  readonly type: string;
  readonly isNullable: boolean;
}

interface MadeTable {
  readonly name: string;
  readonly rows: object;
  readonly columns: readonly MadeColumn[];
  readonly references: readonly MadeReference[];
  readonly pair: readonly [string, string] | null;
}

const LABELS = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'];

/** The case of a number. Throws only where this file is wrong. */
export function randomCase(number: number): RandomCase {
  const draw = drawFrom(number);
  const tables: MadeTable[] = [];
  const count = 1 + draw(4);
  for (let at = 0; at < count; at += 1) tables.push(randomTable(at, tables, draw));
  const specTables = tables.map((table, at) => [`public.${table.name}`, specOf(table, axesOf(table, at, tables, draw), draw)]);
  const spec = specSchema.parse({
    format: 'shapecast-spec',
    version: 1,
    name: 'random',
    bands: { dev: { scale: 1 } },
    tables: Object.fromEntries(specTables),
  });
  return { spec, catalog: { serverVersion: 180000, enums: [], tables: tables.map(catalogOf) }, seed: `seed ${number}` };
}

/** Mostly some rows, now and then none, one, or more than a block. */
function randomRows(draw: Draw): number {
  const kind = draw(60);
  if (kind === 0) return 4097 + draw(4500);
  return kind < 6 ? draw(4) : 4 + draw(kind < 30 ? 60 : 250);
}

function randomTable(at: number, tables: readonly MadeTable[], draw: Draw): MadeTable {
  const references = tables.length === 0 && draw(4) > 0 ? [] : randomReferences(at, tables, draw);
  const columns = Array.from({ length: 1 + draw(5) }, (_, index) => randomColumn(`c${index}`, draw));
  const free = references.filter(({ isNullable, parent }) => !isNullable && parent !== at).map(({ name }) => name);
  const [one, two] = free;
  const follows = references.find(({ parent, spec }) => parent !== at && !('levels' in spec) && !('through' in spec));
  const rows = follows !== undefined && draw(4) === 0 ? { follows: follows.name } : { count: randomRows(draw) };
  const value = columns.find(({ isNullable, kind }) => !isNullable && (kind === 'category' || kind === 'number'))?.name;
  const partner = draw(5) === 0 ? value : two;
  const pair = one !== undefined && partner !== undefined && draw(2) === 0 ? ([one, partner] as const) : null;
  // Only the side of distinct pairs that owns the runs has numbers of its children: most with both are refused.
  if (pair === null || draw(6) === 0)
    columns.push(...references.flatMap((reference) => columnsByParent(reference, at, tables, draw)));
  return { name: `t${at}`, rows, columns, references, pair };
}

const nulls = (draw: Draw) => (draw(2) === 0 ? 0 : draw(8) === 0 ? 1 : draw(90) / 100);

function randomColumn(name: string, draw: Draw): MadeColumn {
  const nullFraction = nulls(draw);
  const isNullable = nullFraction > 0;
  const made = (kind: MadeColumn['kind'], type: string, spec: object): MadeColumn => ({
    name,
    kind,
    type,
    isNullable,
    spec: { kind, nullFraction, ...spec },
  });
  switch (draw(7)) {
    case 0:
    case 1:
      return made('number', draw(2) === 0 ? 'int4' : 'int8', { distribution: randomNumbers(draw) });
    case 2:
      return made('category', 'text', {
        values: LABELS.slice(0, 1 + draw(LABELS.length)).map((label) => ({ label, weight: draw(5) === 0 ? 1 : draw(100) + 1 })),
      });
    case 3:
      return made('boolean', 'bool', { trueFraction: draw(101) / 100 });
    case 4:
      return made('text', 'text', { length: { family: 'uniform', min: 8, max: 8 + draw(40) }, isUnique: draw(4) === 0 });
    case 5:
      return made('number', 'int8', { distribution: { family: 'uniform', min: 1, max: 1_000_000 }, isUnique: true });
    default:
      return made('time', 'timestamptz', {
        calendar: { kind: 'bins', bins: randomCalendar(draw) },
        ...(draw(3) === 0 ? { order: 'row', nullFraction: 0 } : {}),
        ...(draw(2) === 0 ? { resolution: 'second' } : {}),
      });
  }
}

/** A number among its parent's children, and a time some seconds after the parent's. */
function columnsByParent({ name, parent }: MadeReference, at: number, tables: readonly MadeTable[], draw: Draw): MadeColumn[] {
  if (parent === at || draw(3) > 0) return [];
  const time = tables[parent]?.columns.find(({ isNullable, kind }) => kind === 'time' && !isNullable);
  const ordinal = { kind: 'ordinal', reference: name };
  const seconds = { family: 'uniform', min: 0, max: draw(100_000) };
  const delay = { kind: 'delay', reference: name, column: time?.name, seconds, nullFraction: nulls(draw) };
  return [
    { name: `o_${name}`, kind: 'ordinal', type: 'int8', isNullable: false, spec: ordinal },
    ...(time === undefined
      ? []
      : [{ name: `d_${name}`, kind: 'delay' as const, type: 'timestamptz', isNullable: true, spec: delay }]),
  ];
}

function randomNumbers(draw: Draw): object {
  if (draw(3) === 0) return { family: 'uniform', min: -50, max: draw(1000) };
  const bins: [number, number, number][] = [];
  for (let from = draw(100) - 50, left = 1 + draw(6); left > 0; left -= 1) {
    const to = from + 1 + draw(30);
    bins.push([from, to, 1 + draw(50)]);
    from = to + draw(3);
  }
  return { family: 'empirical', bins };
}

function randomCalendar(draw: Draw): [string, string, number][] {
  const days = ['2024-01-01', '2024-01-02', '2024-01-20', '2024-03-01', '2024-06-30', '2024-12-31'];
  const first = draw(days.length - 1);
  return days.slice(first, -1).map((day, at) => [day, days[first + at + 1] ?? '', 1 + draw(20)]);
}

function randomFanOut(draw: Draw): object {
  switch (draw(4)) {
    case 0:
      return { family: 'geometric', p: 0.05 + draw(90) / 100, start: draw(2) };
    case 1:
      return { family: 'uniform', min: 0, max: 1 + draw(12) };
    case 2:
      return { family: 'constant', value: 1 + draw(4) };
    default:
      return {
        family: 'empirical',
        bins: [
          [0, 1, 1 + draw(50)],
          [1, 4, 1 + draw(50)],
          [4, 9 + draw(40), 1 + draw(9)],
        ],
      };
  }
}

function randomReferences(at: number, tables: readonly MadeTable[], draw: Draw): MadeReference[] {
  const found: MadeReference[] = [];
  const wanted = draw(4);
  for (let index = 0; index < wanted; index += 1) {
    const parent = draw(at + (draw(5) === 0 ? 1 : 0)) % Math.max(1, at + 1);
    const isTree = parent === at;
    const column = `p${index}`;
    const nullFraction = isTree ? (1 + draw(60)) / 100 : nulls(draw);
    const key = isTree || draw(6) > 0 ? null : uniqueNumber(tables[parent]);
    const to = key?.name ?? 'id';
    const spec = {
      columns: [column],
      table: `public.t${parent}`,
      to: [to],
      nullFraction,
      fanOut: randomFanOut(draw),
      ...(isTree ? { levels: [1, 2, 3, 1].slice(0, 2 + draw(3)) } : {}),
      isVirtual: draw(3) === 0,
    };
    found.push({ name: `r${index}`, parent, spec, column, type: 'int8', isNullable: nullFraction > 0 });
  }
  return found;
}

/** Its key may be NULL: then some parents have no children because nothing can point at them. */
function uniqueNumber(table: MadeTable | undefined): MadeColumn | null {
  return table?.columns.find(({ spec }) => 'isUnique' in spec && spec.isUnique === true && 'distribution' in spec) ?? null;
}

function axesOf(table: MadeTable, at: number, tables: readonly MadeTable[], draw: Draw): PairAxis[] {
  const axes: object[] = [
    ...table.columns.flatMap((column) => columnAxes(column, draw)),
    ...table.references.map(({ column }) => ({ kind: 'presence', column })),
    { kind: 'heap', ranges: 1 + draw(20) },
  ];
  for (const { name, parent, column: key } of table.references) {
    const via = { columns: [key], references: `public.t${parent}` };
    const columns = tables[parent]?.columns ?? table.columns;
    axes.push(...columns.flatMap((column) => columnAxes(column, draw)).map((axis) => ({ ...axis, via })));
    axes.push({ kind: 'heap', ranges: 1 + draw(9), via }, { kind: 'sameAsPrevious', via });
    for (const own of table.columns.filter(({ kind }) => kind === 'time'))
      for (const since of columns.filter(({ kind }) => kind === 'time'))
        axes.push({ kind: 'lag', column: own.name, since: since.name, cuts: randomLagCuts(draw), via });
    const other = table.references.find((each) => each.name !== name && each.parent === parent);
    if (other !== undefined) axes.push({ kind: 'sameParent', via, other: [other.column] });
  }
  for (const child of tables.slice(at))
    for (const reference of child.references.filter(({ parent }) => parent === at))
      axes.push({ kind: 'degree', child: `public.${child.name}`, columns: [reference.column], cuts: ascending(4, 20, draw) });
  return axes.map((axis) => pairAxisSchema.parse(axis));
}

function columnAxes({ kind, name, spec }: MadeColumn, draw: Draw): object[] {
  const presence = { kind: 'presence', column: name };
  switch (kind) {
    case 'number':
      return [{ kind: 'number', column: name, decimals: 0, cuts: ascending(6, 300, draw) }, presence];
    case 'text':
      return [{ kind: 'length', column: name, of: 'characters', cuts: ascending(4, 50, draw) }];
    case 'time':
      // Hours since 1970 of 2024.
      return [{ kind: 'time', column: name, cuts: ascending(6, 24 * 366, draw).map((hour) => 473_352 + hour) }];
    case 'boolean':
      return [{ kind: 'category', column: name, labels: [0, 1] }];
    case 'ordinal':
    case 'delay':
      return [presence];
    default:
      return [
        {
          kind: 'category',
          column: name,
          labels: 'values' in spec && Array.isArray(spec.values) ? spec.values.map((_, at) => at).filter(() => draw(4) > 0) : [],
        },
      ];
  }
}

function ascending(most: number, below: number, draw: Draw): number[] {
  return [...new Set(Array.from({ length: draw(most + 1) }, () => draw(below)))].sort((left, right) => left - right);
}

/** Seconds: negative ones, short ones and long ones, in some cases no negative ones. */
function randomLagCuts(draw: Draw): number[] {
  const all = [-86_400, -60, 0, 1, 60, 3600, 86_400, 864_000];
  const from = draw(2) === 0 ? 2 : 0;
  return all.filter((_, at) => at >= from && draw(3) > 0);
}

function specOf({ columns, pair, references, rows }: MadeTable, axes: readonly PairAxis[], draw: Draw): object {
  const named = Object.fromEntries(axes.map((axis, at) => [`x${at}`, axis]));
  return {
    rows,
    references: Object.fromEntries(references.map(({ name, spec }) => [name, spec])),
    ...(pair === null ? {} : { distinctPairs: pair }),
    columns: { id: { kind: 'sequence' }, ...Object.fromEntries(columns.map(({ name, spec }) => [name, spec])) },
    axes: named,
    marginals: randomMarginals(axes, draw),
  };
}

function randomMarginals(axes: readonly PairAxis[], draw: Draw): object[] {
  return Array.from({ length: draw(9) }, () => {
    const chosen = chooseAxes(axes, draw);
    const sizes = chosen.map((at) => classCount(axes[at] as PairAxis));
    const cells = new Map<string, number>();
    const scale = 10 ** draw(10);
    for (let left = 1 + draw(25); left > 0; left -= 1) {
      const place = sizes.map((size) => draw(size)).join(' ');
      if (!cells.has(place)) cells.set(place, cells.size === 0 ? 1 + draw(scale) : draw(4) === 0 ? draw(10) / 10 : draw(scale));
    }
    return {
      axes: chosen.map((at) => `x${at}`),
      cells: [...cells].map(([place, count]) => `${place} ${count}`).join(', '),
      other: draw(3) === 0 ? draw(scale) : 0,
      ...randomJoin(
        chosen.flatMap((at) => axes[at] ?? []),
        draw,
      ),
    };
  });
}

/** One or two of them; now and then two of those that count children, where there are such. */
function chooseAxes(axes: readonly PairAxis[], draw: Draw): number[] {
  const degrees = axes.flatMap(({ kind }, at) => (kind === 'degree' ? [at] : []));
  const from = degrees.length > 1 && draw(3) === 0 ? degrees : [...axes.keys()];
  const [first, second] = [from[draw(from.length)] ?? 0, from[draw(from.length)] ?? 0];
  return first === second ? [first] : [first, second];
}

/** Any size of the join of two kinds of children, reachable or not. */
function randomJoin(axes: readonly PairAxis[], draw: Draw): object {
  if (twoDegrees(axes) === null || draw(4) === 0) return {};
  return { joinedTimesChance: [0, 0.2, 1, 3, 40, 1e15][draw(6)] };
}

function catalogOf({ columns, name, pair, references }: MadeTable): CatalogTable {
  const all = [
    { name: 'id', type: 'int8', isNullable: false },
    ...columns,
    ...references.map(({ column, isNullable, type }) => ({ name: column, type, isNullable })),
  ];
  const keys = [
    ...columns.filter(({ spec }) => 'isUnique' in spec && spec.isUnique === true).map((column) => [column.name]),
    ...(pair === null ? [] : [pair.map((one) => references.find((each) => each.name === one)?.column ?? one)]),
  ];
  return {
    schema: 'public',
    name,
    oid: 0,
    isPartitioned: false,
    partitioning: null,
    leaves: [],
    columns: all.map((column, at) => catalogColumn(column, at)),
    primaryKey: { name: `${name}_pkey`, columns: ['id'], nullsNotDistinct: false },
    uniques: keys.map((own) => ({ name: `${name}_${own.join('_')}_key`, columns: own, nullsNotDistinct: false })),
    foreignKeys: [],
    checks: [],
    indexes: [],
    exclusions: [],
    insertTriggers: [],
    estimatedRows: 1000,
    pages: 10,
    hasMarkerComment: false,
  };
}

function catalogColumn(
  { isNullable, name, type }: { name: string; type: string; isNullable: boolean },
  at: number,
): CatalogColumn {
  return {
    name,
    position: at + 1,
    type,
    typeSchema: 'pg_catalog',
    baseType: type,
    kind: 'base',
    elementType: null,
    enumType: null,
    typeOid: 0,
    maxLength: null,
    precision: null,
    scale: null,
    isNullable,
    generated: false,
    identity: 'none',
    hasDefault: false,
    hasUniqueDefault: false,
    generatedFrom: [],
    distinctEstimate: null,
  };
}
