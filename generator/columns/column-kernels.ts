// The kernel of every column of a plan, made on demand and kept: a child recomputes its parent's key or time through here.
import { ShapecastError } from '../../core/errors.ts';
import type { Plan, PlanBuilder, PlanColumn, PlanDomain, PlanTable } from '../../spec/plan.ts';
import type { CurveSource } from '../keys/parent-source.ts';
import type { Parents } from '../keys/parents.ts';
import { isNumberType } from '../plan/value-types.ts';
import { arrayKernel } from './arrays.ts';
import type { BytesKernel, ColumnKernel, NumberKernel } from './blocks.ts';
import { bytesKernel } from './bytes.ts';
import { asTime } from './epochs.ts';
import { idKernel } from './ids.ts';
import { jsonKernel } from './json.ts';
import { domainKernel, ordinalKernel } from './key-kernels.ts';
import { numberKernel, sequenceKernel } from './numbers.ts';
import { orderedKernel, orderGroup } from './ordered.ts';
import type { ParentTime } from './parent-time.ts';
import { bytesReference, numberReference, SomeParent } from './references.ts';
import { constantBytesKernel, labelsKernel, sequenceTextKernel, templateKernel, textKernel, uuidKernel } from './texts.ts';
import { delayKernel, timeKernel } from './times.ts';
import { afterKernel } from './times-after.ts';

/** Kernels by table index and column name. */
export class ColumnKernels {
  private readonly plan: Plan;
  private readonly parents: Parents;
  private readonly pool: Buffer;
  private readonly made = new Map<string, ColumnKernel>();

  constructor(plan: Plan, parents: Parents, pool: Buffer) {
    this.plan = plan;
    this.parents = parents;
    this.pool = pool;
  }

  /** The kernel of a column. The plan has refused circles, so this ends. */
  kernel(tableIndex: number, name: string): ColumnKernel {
    const key = JSON.stringify([tableIndex, name]);
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = this.makeOrdered(tableIndex, this.column(tableIndex, name));
    this.made.set(key, made);
    return made;
  }

  private column(tableIndex: number, name: string): PlanColumn {
    const column = this.plan.tables[tableIndex]?.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new ShapecastError('BUG', { what: 'the plan names a column that it does not have' });
    return column;
  }

  private makeOrdered(tableIndex: number, column: PlanColumn): ColumnKernel {
    const columns = this.plan.tables[tableIndex]?.columns ?? [];
    const group = orderGroup(columns, column.name);
    if (group.length === 0) return this.make(tableIndex, column);
    const raw = group.map((name) => this.make(tableIndex, this.column(tableIndex, name)) as NumberKernel);
    return orderedKernel(columns, group, raw, column.name);
  }

  private make(tableIndex: number, column: PlanColumn): ColumnKernel {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const { builder } = column;
    switch (builder.kind) {
      case 'sequence':
        return isNumberType(column.baseType) ? sequenceKernel(builder) : sequenceTextKernel(builder);
      case 'number':
        return numberKernel(column, builder, table);
      case 'time':
        return this.makeTime(tableIndex, column, builder);
      case 'delay':
        return this.makeDelay(tableIndex, column, builder);
      case 'uuid':
        return uuidKernel(column, builder, table);
      case 'template':
        return templateKernel(column, builder, table);
      case 'labels':
        return labelsKernel(column, builder, table, this.pool);
      case 'text':
        return textKernel(column, builder, table, this.pool);
      case 'reference':
        return this.makeReference(tableIndex, builder);
      case 'degreeClass':
        return degreeClassKernel(this.parents.curve(builder.table, builder.reference), builder.upTo, builder.labels);
      case 'id':
        return idKernel(column, builder, table);
      case 'bytes':
        return bytesKernel(column, builder, table);
      case 'json':
        return jsonKernel(column, builder, table, this.pool);
      case 'array':
        return arrayKernel(column, builder, table);
      case 'ordinal':
        return ordinalKernel(builder.start, this.parents.curve(tableIndex, builder.reference));
      case 'domain':
        return this.makeDomain(tableIndex, builder.domain);
      case 'constant':
        return constantBytesKernel(builder.text);
    }
  }

  private makeTime(tableIndex: number, column: PlanColumn, builder: PlanBuilder & { kind: 'time' }): NumberKernel {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const own = timeKernel(column, builder, table);
    const { after } = builder;
    const parentTime = (reference: number, name: string) => this.parentTime(tableIndex, reference, name);
    return after === undefined ? own : afterKernel(column, builder, { own, table, after, parentTime });
  }

  /** The way to the parent and the parent's time in microseconds since 2000. */
  private parentTime(tableIndex: number, reference: number, name: string): ParentTime {
    const parentTable = this.plan.tables[tableIndex]?.references[reference]?.table ?? 0;
    const time = asTime(this.column(parentTable, name), this.kernel(parentTable, name));
    return { source: this.parents.source(tableIndex, reference), time };
  }

  private makeDelay(tableIndex: number, column: PlanColumn, builder: PlanBuilder & { kind: 'delay' }): NumberKernel {
    const table = this.plan.tables[tableIndex] as PlanTable;
    return delayKernel(column, builder, table, this.parentTime(tableIndex, builder.reference, builder.column));
  }

  private makeDomain(tableIndex: number, index: number): ColumnKernel {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const side = table.references.length + index;
    return domainKernel(table.domains[index] as PlanDomain, table.pairs.find(({ other }) => other === side) ?? null);
  }

  private makeReference(tableIndex: number, builder: PlanBuilder & { kind: 'reference' }): ColumnKernel {
    const reference = this.plan.tables[tableIndex]?.references[builder.reference];
    const own = this.parents.source(tableIndex, builder.reference);
    const source =
      builder.isAlwaysSet === true && reference !== undefined
        ? new SomeParent(own, this.plan.tables[reference.table]?.rows ?? 0, reference.parentKey)
        : own;
    const parent = this.kernel(reference?.table ?? 0, reference?.to[builder.position] ?? '');
    return parent.kind === 'number' ? numberReference(source, parent) : bytesReference(source, parent);
  }
}

/** The first class whose bound the row's number of children does not pass; the last one otherwise. */
function degreeClassKernel(curve: CurveSource, upTo: readonly number[], labels: readonly string[]): BytesKernel {
  const bytes = labels.map((label) => Buffer.from(label, 'utf8'));
  return {
    kind: 'bytes',
    append(row, block) {
      const degree = curve.degreeOf(row);
      let index = 0;
      while (index < upTo.length - 1 && degree > (upTo[index] as number)) index += 1;
      block.push(bytes[index] as Buffer);
      return true;
    },
  };
}
