// The cells of a marginal in the spec: one line of text instead of a list of lists, because YAML takes some thirty times as long for
// a list. `class count` or `class class count`, separated by commas; classes that are not named have no rows. Cells whose count ends
// in the same `~number` were counted together: only the sum of their counts is known, how it is spread over them is a guess.
import { ShapecastError } from '../core/errors.ts';
import { classCount, type PairAxis } from './pair-axis.ts';

const CLASS = /^\d{1,4}$/;
const COUNT = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:~(\d{1,5}))?$/i;

/** A matrix of counts, class by class of the first axis; with one axis a single column. */
export interface CountMatrix {
  readonly rows: number;
  readonly columns: number;
  /** `rows` times `columns`, row by row. */
  readonly counts: Float64Array;
  /** 0 for a cell that was counted by itself; cells with the same number were counted together. */
  readonly blocks: Int32Array;
}

/** Counts of all classes, 0. */
export function emptyMatrix(axes: readonly PairAxis[]): CountMatrix {
  const [first, second] = axes;
  const rows = first === undefined ? 1 : classCount(first);
  const columns = second === undefined ? 1 : classCount(second);
  return { rows, columns, counts: new Float64Array(rows * columns), blocks: new Int32Array(rows * columns) };
}

/**
 * The counts of a marginal, classCount(first axis) times classCount(second axis), row by row, with its blocks; one axis is one column.
 * For cells that the spec's schema has checked: throws BUG for others.
 */
export function readCells(text: string, axes: readonly PairAxis[]): CountMatrix {
  const { matrix, fault } = scanCells(text, axes);
  if (fault !== null) throw new ShapecastError('BUG', { what: `cells that nobody checked: ${fault}` });
  return matrix;
}

/** What is wrong with the cells, without repeating them; null where nothing is. */
export function findCellFault(text: string, axes: readonly PairAxis[]): string | null {
  return scanCells(text, axes).fault;
}

/** The cells that have rows, or were counted together with such, as text. */
export function writeCells({ blocks, columns, counts }: CountMatrix, axes: readonly PairAxis[]): string {
  const cells: string[] = [];
  counts.forEach((count, at) => {
    const block = blocks[at] ?? 0;
    if (!(count > 0) && block === 0) return;
    const first = Math.floor(at / columns);
    const what = block === 0 ? `${count}` : `${count}~${block}`;
    cells.push(axes.length === 1 ? `${first} ${what}` : `${first} ${at - first * columns} ${what}`);
  });
  return cells.join(', ');
}

/** The same cells in their one spelling: single spaces, one after each comma. */
export function normaliseCells(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/ ?, ?/g, ', ').trim();
}

function scanCells(text: string, axes: readonly PairAxis[]): { readonly matrix: CountMatrix; readonly fault: string | null } {
  const matrix = emptyMatrix(axes);
  const isNamed = new Uint8Array(matrix.counts.length);
  let total = 0;
  for (const [index, cell] of text.split(',').entries()) {
    const words = cell.trim().split(/\s+/);
    const place = placeOf(words.slice(0, -1), axes, matrix);
    const [, digits = '', block = '0'] = COUNT.exec(words.at(-1) ?? '') ?? [];
    const count = digits === '' ? Number.NaN : Number(digits);
    const fault =
      typeof place === 'string'
        ? place
        : !Number.isFinite(count)
          ? 'the count is no number from 0 on (or no such number and ~block)'
          : isNamed[place] === 1
            ? 'the cell was already given'
            : null;
    if (fault !== null || typeof place === 'string') return { matrix, fault: `cell ${index + 1}: ${fault}` };
    isNamed[place] = 1;
    matrix.counts[place] = count;
    matrix.blocks[place] = Number(block);
    total += count;
  }
  return { matrix, fault: total > 0 && Number.isFinite(total) ? null : 'expected a count above 0 in one of the cells' };
}

/** Where the cell stands in the matrix, or what is wrong with its classes. */
function placeOf(words: readonly string[], axes: readonly PairAxis[], { rows, columns }: CountMatrix): number | string {
  if (words.length !== axes.length)
    return `expected ${axes.length === 1 ? '1 class' : `${axes.length} classes`} and a count, separated by spaces`;
  if (!words.every((word) => CLASS.test(word))) return 'a class is no whole number from 0 on';
  const [first = 0, second = 0] = words.map(Number);
  if (first >= rows || second >= columns)
    return `the axes have the classes 0 to ${[rows - 1, columns - 1].slice(0, axes.length).join(' and 0 to ')}`;
  return first * columns + second;
}
