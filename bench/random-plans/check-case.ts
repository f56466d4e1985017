// What must be true of every plan, whatever its marginals want: orders are bijections, one-axis counts and degrees are those of the plan without
// marginals, no cell depends on who asks when, and both encodings hold the same cells.
import { BytesBlock } from '../../generator/columns/blocks.ts';
import { ColumnKernels } from '../../generator/columns/column-kernels.ts';
import { Ranks } from '../../generator/columns/ranks.ts';
import { Parents } from '../../generator/keys/parents.ts';
import { addProfiles } from '../../generator/plan/profiles/add-profiles.ts';
import { examinePlan } from '../../generator/plan/resolve-plan.ts';
import { TableKernel } from '../../generator/table-kernel.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { BLOCK_ROWS, type Plan, type PlanColumn, type PlanHistogram, type PlanTable } from '../../spec/plan.ts';
import type { Spec } from '../../spec/spec.ts';
import { type Draw, drawFrom, type RandomCase } from './random-case.ts';

export interface CheckedCase {
  /** Null where the generator refuses the spec: the sentence that it gives. */
  readonly refusal: string | null;
  /** What is wrong, each a sentence; empty where all is well. */
  readonly faults: readonly string[];
  readonly rows: number;
  /** Orders by profile in the plan. */
  readonly profiled: number;
}

type Cell = number | string | null;

/** Plans the case and makes all of its rows several ways; an error is a fault too. */
export function checkCase(random: RandomCase, number: number, pool: Buffer): CheckedCase {
  try {
    return planAndCheck(random, number, pool);
  } catch (error) {
    return {
      refusal: null,
      faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      rows: 0,
      profiled: 0,
    };
  }
}

function planAndCheck({ catalog, seed, spec }: RandomCase, number: number, pool: Buffer): CheckedCase {
  const request = { catalog, band: 'dev' as const, seed, scale: 1, rows: new Map<string, number>() };
  const { plan, problems } = examinePlan({ ...request, spec });
  const [problem] = problems.all();
  if (problem !== undefined) return { refusal: problem.message, faults: [], rows: 0, profiled: 0 };
  const plain = examinePlan({ ...request, spec: withoutMarginals(spec) }).plan;
  const draw = drawFrom(number ^ 0x51ed270b);
  // The same once more with fewer profiles than rows, as tables have that are too large to test here.
  const coarse = addProfiles({ tables: plain.tables, spec, seed, mostProfiles: 1 + draw(60) });
  const faults = [plan, { ...plain, tables: coarse.tables }].flatMap((each) => faultsOf(each, plain, pool, draw, catalog.tables));
  const rows = plan.tables.reduce((sum, table) => sum + table.rows, 0);
  return { refusal: null, faults, rows, profiled: plan.tables.reduce((sum, table) => sum + profiledOrders(table), 0) };
}

function profiledOrders({ columns, references }: PlanTable): number {
  return [...columns, ...references].filter(({ ranks }) => ranks?.order === 'profile').length;
}

function withoutMarginals(spec: Spec): Spec {
  const tables = Object.entries(spec.tables).map(([name, { axes: _axes, marginals: _marginals, ...table }]) => [name, table]);
  return { ...spec, tables: Object.fromEntries(tables) };
}

function faultsOf(plan: Plan, plain: Plan, pool: Buffer, draw: Draw, catalog: readonly CatalogTable[]): string[] {
  const made = new Maker(plan, pool);
  const again = new Maker(plan, pool);
  return plan.tables.flatMap((table, at) => [
    ...rankFaults(table),
    ...table.columns.flatMap((column) => valueFaults(table, at, column, made)),
    ...degreeFaults(table, at, plan, plain, made),
    ...ordinalFaults(table, at, made),
    ...keyFaults(table, at, made, catalog),
    ...orderFaults(table, at, made, again, draw),
    ...encodingFaults(plan, table, at, pool, made),
  ]);
}

/** Rows of a plan, cell by cell. */
class Maker {
  readonly parents: Parents;
  readonly kernels: ColumnKernels;
  private readonly block = new BytesBlock();

  constructor(plan: Plan, pool: Buffer) {
    this.parents = new Parents(plan);
    this.kernels = new ColumnKernels(plan, this.parents, pool);
  }

  cell(table: number, column: string, row: number): Cell {
    const kernel = this.kernels.kernel(table, column);
    if (kernel.kind === 'number') {
      const value = kernel.at(row);
      return Number.isNaN(value) ? null : value;
    }
    this.block.used = 0;
    return kernel.append(row, this.block) ? this.block.data.toString('latin1', 0, this.block.used) : null;
  }
}

const upTo = (size: number) => Array.from({ length: size }, (_, at) => at);
const ascending = (left: number, right: number) => left - right;
const isSame = (left: readonly unknown[], right: readonly unknown[]) =>
  left.length === right.length && left.every((each, at) => Object.is(each, right[at]));

function rankFaults(table: PlanTable): string[] {
  const orders = table.columns.flatMap(({ name, ranks }) => (ranks === null ? [] : [{ name, ranks }]));
  return orders.flatMap(({ name, ranks }) => {
    const own = new Ranks(ranks, table);
    const values = upTo(table.rows).map((row) => own.of(row));
    const known = values.filter((rank) => rank >= 0).sort(ascending);
    return isSame(known, upTo(table.rows - ranks.nulls)) ? [] : [`${table.name}.${name}: ranks are no bijection`];
  });
}

/** NULLs, labels, bins and unique values as often as the plan says; no time before one that bounds it. */
function valueFaults(table: PlanTable, at: number, column: PlanColumn, made: Maker): string[] {
  const { builder, name, ranks } = column;
  if (ranks === null) return [];
  const cells = upTo(table.rows).map((row) => made.cell(at, name, row));
  const values = cells.filter((cell) => cell !== null);
  const faults: string[] = [];
  const say = (what: string) => faults.push(`${table.name}.${name}: ${what}`);
  // A delay is NULL too where there is no parent.
  if (builder.kind !== 'delay' && cells.length - values.length !== ranks.nulls) say('another number of NULLs');
  if ('isUnique' in builder && builder.isUnique && new Set(values).size < values.length) say('a value twice');
  if (builder.kind === 'number' && !hasBins(values as number[], builder.histogram)) say('bins have other counts');
  if (builder.kind === 'labels') {
    const wrong = builder.labels.some((label, index) => {
      const count = (builder.cumulative[index + 1] ?? 0) - (builder.cumulative[index] ?? 0);
      return values.filter((value) => value === label).length !== count;
    });
    if (wrong) say('labels have other counts');
  }
  if (builder.kind === 'time') {
    for (const { column: since, reference } of builder.after?.notBefore ?? []) {
      const source = made.parents.source(at, reference);
      const parent = table.references[reference]?.table ?? 0;
      const isBefore = cells.some((cell, row) => {
        const above = source.parentOf(row);
        const least = above < 0 ? null : made.cell(parent, since, above);
        return cell !== null && least !== null && cell < least;
      });
      if (isBefore) say(`is before ${since} of its parent`);
    }
  }
  return faults;
}

function hasBins(values: readonly number[], { cumulative, from, width }: PlanHistogram): boolean {
  const counts = from.map((low, bin) => values.filter((value) => value >= low && value < low + (width[bin] ?? 0)).length);
  return counts.every((count, bin) => count === (cumulative[bin + 1] ?? 0) - (cumulative[bin] ?? 0));
}

/** Parents have as many children as without marginals, and as the curve says where there is one. */
function degreeFaults(table: PlanTable, at: number, plan: Plan, plain: Plan, made: Maker): string[] {
  const usual = new Parents(plain);
  return table.references.flatMap((reference, index) => {
    const rows = plan.tables[reference.table]?.rows ?? 0;
    const degreesOf = (parents: Parents) => {
      const degrees = new Array<number>(rows + 1).fill(0);
      const source = parents.source(at, index);
      for (let row = 0; row < table.rows; row += 1) {
        const parent = source.parentOf(row);
        degrees[parent < 0 ? rows : parent] = (degrees[parent < 0 ? rows : parent] ?? 0) + 1;
      }
      const orphans = degrees.pop() ?? 0;
      return [orphans, ...degrees.sort(ascending)];
    };
    const own = degreesOf(made.parents);
    const faults = isSame(own, degreesOf(usual)) ? [] : [`${table.name}.${reference.name}: other degrees than without marginals`];
    const { curve } = reference;
    if (curve === null || reference.tree !== null || table.pairs.length > 0) return faults;
    const wanted = curve.degree.flatMap((degree, segment) => new Array<number>(curve.count[segment] ?? 0).fill(degree));
    const missing = new Array<number>(rows - wanted.length).fill(0);
    const isExact = isSame(own, [reference.nulls, ...[...wanted, ...missing].sort(ascending)]);
    return isExact ? faults : [...faults, `${table.name}.${reference.name}: other degrees than its curve has`];
  });
}

/** Children of one parent are numbered from the start on. */
function ordinalFaults(table: PlanTable, at: number, made: Maker): string[] {
  return table.columns.flatMap(({ builder, name }) => {
    if (builder.kind !== 'ordinal') return [];
    const source = made.parents.source(at, builder.reference);
    const byParent = new Map<number, Cell[]>();
    for (const row of upTo(table.rows)) {
      const parent = source.parentOf(row);
      const cell = made.cell(at, name, row);
      if (byParent.get(parent)?.push(cell) === undefined) byParent.set(parent, [cell]);
    }
    const isWhole = (cells: readonly Cell[]) =>
      isSame(
        [...(cells as number[])].sort(ascending),
        upTo(cells.length).map((place) => place + builder.start),
      );
    return [...byParent.values()].every(isWhole) ? [] : [`${table.name}.${name}: children are not numbered 1, 2, 3`];
  });
}

/** No two rows have the same values in a unique key. */
function keyFaults(table: PlanTable, at: number, made: Maker, catalog: readonly CatalogTable[]): string[] {
  const keys = catalog.find(({ name }) => name === table.relation)?.uniques ?? [];
  return keys.flatMap(({ columns, name }) => {
    const values = upTo(table.rows).map((row) => columns.map((column) => made.cell(at, column, row)));
    const known = values.filter((cells) => !cells.includes(null)).map(String);
    return new Set(known).size === known.length ? [] : [`${table.name}: ${name} has the same values twice`];
  });
}

/** Cells asked for by others, in another order, are the same. */
function orderFaults(table: PlanTable, at: number, made: Maker, again: Maker, draw: Draw): string[] {
  if (table.rows === 0) return [];
  const asked = Array.from({ length: 40 }, () => [draw(table.columns.length), draw(table.rows)] as const);
  const differs = asked.some(([column, row]) => {
    const name = table.columns[column]?.name ?? '';
    return !Object.is(again.cell(at, name, row), made.cell(at, name, row));
  });
  return differs ? [`${table.name}: a cell depends on what was asked before`] : [];
}

/** Blocks from the last to the first, in both encodings, decoded here. */
function encodingFaults(plan: Plan, table: PlanTable, at: number, pool: Buffer, made: Maker): string[] {
  const faults: string[] = [];
  const sums = (['binary', 'text'] as const).map((format) => {
    const kernel = new TableKernel({ ...table, format }, at, new ColumnKernels(plan, new Parents(plan), pool));
    const sum = { high: 0, low: 0 };
    for (let block = Math.ceil(table.rows / BLOCK_ROWS) - 1; block >= 0; block -= 1) {
      const rows = kernel.encodeBlock(block, sum);
      if (format === 'text') continue;
      const wanted = upTo(Math.min(BLOCK_ROWS, table.rows - block * BLOCK_ROWS)).flatMap((row) =>
        table.columns.map(({ name }) => made.cell(at, name, block * BLOCK_ROWS + row)),
      );
      if (!isSame(decode(rows, table), wanted)) faults.push(`${table.name}: block ${block} holds other cells in binary`);
    }
    return sum;
  });
  if (sums[0]?.high !== sums[1]?.high || sums[0]?.low !== sums[1]?.low)
    faults.push(`${table.name}: the encodings hash differently`);
  return faults;
}

/** The cells of COPY rows in binary form, as the kernels have them. */
function decode(rows: Buffer, { columns }: PlanTable): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at < rows.length; ) {
    at += 2;
    for (const { baseType } of columns) {
      const length = rows.readInt32BE(at);
      at += 4;
      if (length < 0) {
        cells.push(null);
        continue;
      }
      cells.push(decodeField(rows.subarray(at, at + length), baseType));
      at += length;
    }
  }
  return cells;
}

function decodeField(field: Buffer, baseType: string): Cell {
  if (baseType === 'int4') return field.readInt32BE();
  if (baseType === 'int8' || baseType === 'timestamptz') return Number(field.readBigInt64BE());
  return baseType === 'bool' ? field.readUInt8() : field.toString('latin1');
}
