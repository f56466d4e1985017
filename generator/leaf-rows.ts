// A chunk's rows, gathered by leaf. Pieces double up to a megabyte, so that a thousand leaves with a few rows each cost little
// and a single leaf with all of them costs few pieces; together they hold about what the chunk holds.
import type { TableKernel } from './table-kernel.ts';

const FIRST_PIECE_BYTES = 8192;
const LARGEST_PIECE_BYTES = 1 << 20;

interface LeafPieces {
  readonly full: Buffer[];
  piece: Buffer;
  used: number;
}

/** Rows of one chunk by leaf; those without a known leaf stand under the number of leaves. */
export class LeafRows {
  private readonly leaves: number;
  private readonly pieces = new Map<number, LeafPieces>();

  constructor(leaves: number) {
    this.leaves = leaves;
  }

  /** Copies the rows of the block that the kernel has just made. */
  addBlock(rows: Buffer, count: number, kernel: Pick<TableKernel, 'leaves' | 'rowEnds'>): void {
    const { leaves, rowEnds } = kernel;
    let from = 0;
    for (let index = 0; index < count; index += 1) {
      const to = rowEnds[index] as number;
      const leaf = leaves[index] as number;
      this.add(leaf < 0 ? this.leaves : leaf, rows, from, to);
      from = to;
    }
  }

  private add(leaf: number, rows: Buffer, from: number, to: number): void {
    const bytes = to - from;
    let own = this.pieces.get(leaf);
    if (own === undefined) {
      own = { full: [], piece: Buffer.allocUnsafeSlow(Math.max(FIRST_PIECE_BYTES, bytes)), used: 0 };
      this.pieces.set(leaf, own);
    }
    if (own.used + bytes > own.piece.length) {
      own.full.push(own.piece.subarray(0, own.used));
      own.piece = Buffer.allocUnsafeSlow(Math.max(Math.min(own.piece.length * 2, LARGEST_PIECE_BYTES), bytes));
      own.used = 0;
    }
    rows.copy(own.piece, own.used, from, to);
    own.used += bytes;
  }

  /** The leaves that got rows, in order, each with its bytes; what was handed out is let go. */
  *drain(): Generator<{ readonly leaf: number; readonly pieces: readonly Buffer[] }> {
    for (const leaf of [...this.pieces.keys()].sort((left, right) => left - right)) {
      const own = this.pieces.get(leaf);
      this.pieces.delete(leaf);
      if (own !== undefined) yield { leaf, pieces: [...own.full, own.piece.subarray(0, own.used)] };
    }
  }
}
