// The kernel of every column of a plan, made on demand and kept: a child recomputes its parent's key or time through here.
import { ShapecastError } from '../../core/errors.ts';
import type { Plan, PlanBuilder, PlanColumn, PlanTable } from '../../spec/plan.ts';
import type { CurveSource, ParentSource, Parents } from '../keys/parents.ts';
import { isNumberType } from '../plan/value-types.ts';
import type { BytesKernel, ColumnKernel, NumberKernel } from './blocks.ts';
import { epochAsTime } from './epochs.ts';
import { numberKernel, sequenceKernel } from './numbers.ts';
import { constantBytesKernel, labelsKernel, sequenceTextKernel, templateKernel, textKernel, uuidKernel } from './texts.ts';
import { delayKernel, timeKernel, US_PER_DAY } from './times.ts';

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
    const made = this.make(tableIndex, this.column(tableIndex, name));
    this.made.set(key, made);
    return made;
  }

  private column(tableIndex: number, name: string): PlanColumn {
    const column = this.plan.tables[tableIndex]?.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new ShapecastError('BUG', { what: 'the plan names a column that it does not have' });
    return column;
  }

  private make(tableIndex: number, column: PlanColumn): ColumnKernel {
    const { rows } = this.plan.tables[tableIndex] as PlanTable;
    const { builder } = column;
    switch (builder.kind) {
      case 'sequence':
        return isNumberType(column.baseType) ? sequenceKernel(builder) : sequenceTextKernel(builder);
      case 'number':
        return numberKernel(column, builder, rows);
      case 'time':
        return timeKernel(column, builder, rows);
      case 'delay':
        return this.makeDelay(tableIndex, column, builder);
      case 'uuid':
        return uuidKernel(column, builder, rows);
      case 'template':
        return templateKernel(column, builder, rows);
      case 'labels':
        return labelsKernel(column, builder, rows, this.pool);
      case 'text':
        return textKernel(column, builder, rows, this.pool);
      case 'reference':
        return this.makeReference(tableIndex, builder);
      case 'degreeClass':
        return degreeClassKernel(this.parents.curve(builder.table, builder.reference), builder.upTo, builder.labels);
      case 'id':
      case 'ordinal':
      case 'domain':
      case 'bytes':
      case 'json':
      case 'array':
        throw new ShapecastError('BUG', { what: `no kernel makes ${builder.kind} yet` });
      case 'constant':
        return constantBytesKernel(builder.text);
    }
  }

  private makeDelay(tableIndex: number, column: PlanColumn, builder: PlanBuilder & { kind: 'delay' }): NumberKernel {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const parentTable = table.references[builder.reference]?.table ?? 0;
    const unitUs = this.column(parentTable, builder.column).baseType === 'date' ? US_PER_DAY : 1;
    const parentBuilder = this.column(parentTable, builder.column).builder;
    const epoch = parentBuilder.kind === 'time' ? parentBuilder.epoch : null;
    const parent = epochAsTime(epoch, this.kernel(parentTable, builder.column) as NumberKernel);
    return delayKernel(column, builder, table.rows, this.parents.source(tableIndex, builder.reference), parent, unitUs);
  }

  private makeReference(tableIndex: number, builder: PlanBuilder & { kind: 'reference' }): ColumnKernel {
    const reference = this.plan.tables[tableIndex]?.references[builder.reference];
    const source = this.parents.source(tableIndex, builder.reference);
    const parent = this.kernel(reference?.table ?? 0, reference?.to[builder.position] ?? '');
    return parent.kind === 'number' ? numberReference(source, parent) : bytesReference(source, parent);
  }
}

function numberReference(source: ParentSource, parent: NumberKernel): NumberKernel {
  return {
    kind: 'number',
    at(row) {
      const parentRow = source.parentOf(row);
      return parentRow < 0 ? Number.NaN : parent.at(parentRow);
    },
  };
}

function bytesReference(source: ParentSource, parent: BytesKernel): BytesKernel {
  return {
    kind: 'bytes',
    append(row, block) {
      const parentRow = source.parentOf(row);
      return parentRow >= 0 && parent.append(parentRow, block);
    },
  };
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
