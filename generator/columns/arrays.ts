// Arrays as text, in array_out's own spelling: {1,2,3}. Elements are drawn one by one from the element's table of counts.
import { formatNumberField } from '../../postgres/encode-text.ts';
import type { PlanBuilder, PlanColumn, PlanElement } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mix32, mixBelow, mixFraction, type StreamKey } from '../random/mixer.ts';
import type { BytesKernel } from './blocks.ts';
import { rankedBytes } from './ranked-bytes.ts';
import { HistogramLookup, Ranks } from './ranks.ts';
import { lengthKey } from './texts.ts';

/** Without u: no word spells null, which would be a NULL. */
const WORD_LETTERS = 'abcdefghijklmnopqrst';

/** The text of element `at` of a row. */
type WriteElement = (random: StreamKey, at: number) => string;

/** As many elements as the row's rank says. */
export function arrayKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'array' }, table: TableRows): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const lengths = new HistogramLookup(builder.lengths);
  const keyOfLengths = lengthKey(builder);
  const write = elementWriter(builder.element);
  const { key } = builder;
  return rankedBytes(ranks, (row, rank, block) => {
    const length = lengths.valueOf(rank, mixFraction(keyOfLengths, row));
    const random: StreamKey = [mix32(key, row) | 0, key[1]];
    const elements: string[] = [];
    for (let at = 0; at < length; at += 1) elements.push(write(random, at));
    block.push(Buffer.from(`{${elements.join(',')}}`, 'utf8'));
  });
}

function elementWriter(element: PlanElement): WriteElement {
  switch (element.kind) {
    case 'number':
      return numberWriter(element);
    case 'labels':
      return (random, at) => element.labels[mixBelow(random, at, element.labels.length)] as string;
    case 'word':
      return wordWriter(new HistogramLookup(element.lengths));
    case 'uuid':
      return uuidText;
  }
}

/** A value of the table by its counts. */
function draw(histogram: HistogramLookup, random: StreamKey, at: number): number {
  const total = histogram.cumulative[histogram.cumulative.length - 1] as number;
  return histogram.valueOf(mixBelow(random, at, total), mixFraction([random[0] ^ 0x5bd1e995, random[1]], at));
}

function numberWriter(element: PlanElement & { kind: 'number' }): WriteElement {
  const histogram = new HistogramLookup(element.histogram);
  const { baseType, decimals } = element;
  const isFloat = baseType === 'float4' || baseType === 'float8';
  return (random, at) => {
    const value = draw(histogram, random, at);
    return isFloat ? formatFloat(value / 10 ** decimals, baseType) : formatNumberField(baseType, value, decimals, decimals);
  };
}

/** As float4out and float8out spell it: an exponent below 1e-4 and from 1e6 or 1e15 on, with two digits at least. */
function formatFloat(value: number, baseType: string): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < (baseType === 'float4' ? 1e6 : 1e15))) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function wordWriter(lengths: HistogramLookup): WriteElement {
  return (random, at) => {
    const length = draw(lengths, random, at);
    const letters: StreamKey = [mix32(random, at) | 0, random[1] ^ 0x2545f491];
    let word = '';
    for (let letter = 0; letter < length; letter += 1) word += WORD_LETTERS[mixBelow(letters, letter, WORD_LETTERS.length)];
    return word;
  };
}

/** A version 4 UUID. */
function uuidText(random: StreamKey, at: number): string {
  const words = [0, 1, 2, 3].map((word) =>
    mix32(random, at * 4 + word)
      .toString(16)
      .padStart(8, '0'),
  );
  const hex = words.join('');
  const variant = '89ab'[mixBelow(random, at, 4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
