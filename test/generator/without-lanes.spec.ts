// Where the machine has no lanes, rows and their hashes are the same. The engine's lanes are taken away before the row path is loaded again.
import { column, table } from '../sampler/measure/catalog-fixture.ts';
import { planOf } from './made-rows.ts';

const id = () => column('id', 'int8', { isNullable: false });
const TABLES = [
  table('people', [id(), column('name', 'text'), column('token', 'uuid', { isNullable: false })]),
  table('notes', [id(), column('person', 'int8'), column('body', 'text'), column('at', 'timestamptz')]),
];
const SPEC = `
  public.people:
    rows: { count: 700 }
    columns:
      id: { kind: sequence }
      name: { kind: text, nullFraction: 0.2, length: { family: normal, mean: 20, standardDeviation: 15, min: 0, max: 90 } }
      token: { kind: uuid, version: 4 }
  public.notes:
    rows: { count: 5000 }
    references: { person: { columns: [person], table: public.people, to: [id], fanOut: { family: geometric, p: 0.2, start: 0 } } }
    columns:
      id: { kind: sequence }
      body: { kind: text, length: { family: normal, mean: 120, standardDeviation: 90, min: 0, max: 600 } }
      at: { kind: time, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] }, resolution: second }
`;

/** Bytes and row hashes of every block, by a row path that is loaded now. */
async function makeAll(): Promise<{ readonly hasLanes: boolean; readonly blocks: readonly string[] }> {
  const { ColumnKernels } = await import('../../generator/columns/column-kernels.ts');
  const { makeTextPool } = await import('../../generator/columns/text-pool.ts');
  const { Parents } = await import('../../generator/keys/parents.ts');
  const { TableKernel } = await import('../../generator/table-kernel.ts');
  const { inLanes } = await import('../../core/vector/memory.ts');
  const plan = planOf(SPEC, TABLES, 'lanes');
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const blocks = plan.tables.flatMap((one, at) => {
    const kernel = new TableKernel(one, at, kernels);
    return [0, 1]
      .filter((block) => block * 4096 < one.rows)
      .flatMap((block) => [kernel.encodeBlock(block, { high: 0, low: 0 }).toString('hex'), kernel.rowHashes.join()]);
  });
  return { hasLanes: inLanes(() => true) === true, blocks };
}

test('rows and hashes are the same with lanes and without', async () => {
  const withLanes = await makeAll();
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? {};
  import.meta.jest.resetModules();
  Object.defineProperty(globalThis, 'WebAssembly', { value: {}, configurable: true });
  const without = await makeAll().finally(() => Object.defineProperty(globalThis, 'WebAssembly', own));

  expect([withLanes.hasLanes, without.hasLanes]).toEqual([true, false]);
  expect(without.blocks.length).toBeGreaterThan(4);
  expect(without.blocks.every((block, at) => block === withLanes.blocks[at])).toBe(true);
});
