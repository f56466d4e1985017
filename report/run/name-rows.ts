// Rows with names in a picture: beside the row where the page is wide, above it on a telephone. Names are cut in the middle to what there is
// room for, because their ends tell them apart.
import * as Plot from '@observablehq/plot';
import { showControls } from '../show-controls.ts';

/** About what a character of 12 px takes. */
const CHARACTER_WIDTH = 6.6;
const NARROW = 500;
/** Characters, beside and above. */
const ROOM = { beside: 58, above: 50 } as const;
const ROOM_ABOVE = 17;

export interface NameRows {
  /** Room at the left, in pixels. */
  readonly margin: number;
  /** Pixels at the top of each row that belong to its name. */
  readonly inset: number;
  /** Of the whole picture with its axis. */
  readonly height: number;
  /** Options of the scale of rows: they are told apart by their number, because two names may look alike once they are cut. */
  readonly scale: Plot.ScaleOptions;
  /** Names that are not the axis's. */
  readonly marks: readonly Plot.Markish[];
}

/** The rows of these names, the first on top. `rowHeight` is without a name above. */
export function nameRows(names: readonly string[], width: number, rowHeight: number): NameRows {
  const isAbove = width < NARROW;
  const shown = names.map((name) => cutMiddle(showControls(name).replace(/\s+/g, ' '), isAbove ? ROOM.above : ROOM.beside));
  const longest = Math.max(0, ...shown.map((name) => [...name].length));
  const inset = isAbove ? ROOM_ABOVE : 0;
  const rows = shown.map((name, at) => ({ at: String(at), name }));
  return {
    margin: isAbove ? 6 : Math.ceil(longest * CHARACTER_WIDTH) + 12,
    inset,
    height: rows.length * (rowHeight + inset) + 46,
    scale: {
      type: 'band',
      label: null,
      domain: rows.map(({ at }) => at),
      tickFormat: isAbove ? () => '' : (at: string) => shown[Number(at)] ?? '',
      tickSize: 0,
    },
    marks: isAbove
      ? [
          Plot.text(rows, {
            y: 'at',
            text: 'name',
            frameAnchor: 'left',
            textAnchor: 'start',
            dy: -rowHeight / 2,
            fill: 'currentColor',
          }),
        ]
      : [],
  };
}

function cutMiddle(text: string, room: number): string {
  const characters = [...text];
  if (characters.length <= room) return text;
  const left = Math.ceil((room - 1) * 0.4);
  return `${characters.slice(0, left).join('')}…${characters.slice(characters.length - (room - 1 - left)).join('')}`;
}

/** `1.2M`, `400K`, `12`: for axes. */
export function formatShort(value: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Options of an axis of amounts below the rows. */
export function amountAxis(label: string): Plot.ScaleOptions {
  return { label, labelAnchor: 'center', labelArrow: 'none', labelOffset: 34, grid: true };
}

/** What all these pictures have. */
export const ROWS_FRAME = { marginTop: 6, marginBottom: 38, style: { fontSize: '12px', overflow: 'visible' } } as const;
