// A matrix over fewer classes: cells that meet are added, and what was counted together with either stays counted together.

/** `maps`: of each axis the new class of each old one. */
export function joinCells(
  maps: readonly (readonly number[])[],
  cells: Float64Array,
  blocks: Int32Array,
): { readonly cells: Float64Array; readonly blocks: Int32Array } {
  const [rows = [], columns = [0]] = maps;
  const width = Math.max(...columns) + 1;
  const joined = new Float64Array((Math.max(...rows) + 1) * width);
  const joinedBlocks = new Int32Array(joined.length);
  const parents = new Map<number, number>();
  const rootOf = (block: number): number => {
    let at = block;
    for (let next = parents.get(at); next !== undefined; next = parents.get(at)) at = next;
    return at;
  };
  for (const [row, toRow] of rows.entries()) {
    for (const [column, toColumn] of columns.entries()) {
      const from = row * columns.length + column;
      const at = toRow * width + toColumn;
      joined[at] = (joined[at] ?? 0) + (cells[from] ?? 0);
      const block = rootOf(blocks[from] ?? 0);
      const known = rootOf(joinedBlocks[at] ?? 0);
      if (block === 0 || block === known) continue;
      if (known !== 0) parents.set(known, block);
      joinedBlocks[at] = block;
    }
  }
  return { cells: joined, blocks: joinedBlocks.map(rootOf) };
}
