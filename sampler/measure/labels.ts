// Category labels: the one thing that is read as values. One grouped statement per column, filtered by k in the server, read
// in batches and turned into tokens (or, in public columns, kept) batch by batch; no list of plaintext is ever held.
import type pg from 'pg';
import { openCursor } from '../../postgres/copy-streams.ts';
import { wrapQueryError } from '../../postgres/query.ts';
import type { Axis } from '../../spec/axis.ts';
import type { Tokeniser } from '../protect/tokens.ts';
import type { AxisRequest } from './axes.ts';
import { type CodeSeeds, labelCode, labelExpression } from './codes.ts';
import { columnValue } from './column-value.ts';
import type { CodeTranslation } from './counters.ts';
import { ROW } from './pass.ts';

export type CategoryAxis = Extract<Axis, { kind: 'category' }>;
type Category = CategoryAxis['labels'][number];

export interface LabelSearch {
  readonly table: string;
  readonly column: string;
  /** For the token: the column's base type. */
  readonly typeTag: string;
  readonly inClear: boolean;
  /** The only labels to find, in the order of the axis; null for any. */
  readonly listed: readonly string[] | null;
  readonly sql: string;
  readonly pages: number;
}

export interface FoundLabels {
  /** In the axis's order: sorted by token (or label), so that the order says nothing. */
  readonly labels: readonly Category[];
  readonly translation: CodeTranslation;
}

/** Rows to look for labels in. */
export interface LabelRows {
  readonly from: string;
  /** SQL of who stands behind a row; null: each row for itself. */
  readonly bucket: string | null;
  readonly keep: string | null;
  readonly k: number;
  readonly pages: number;
}

/** Longer values are text, not labels; also the longest string that a pack may hold. */
const MAX_LABEL_LENGTH = 100;
const MAX_LABELS = 10_000;
const BATCH_ROWS = 2000;

/** The search for the labels of one column. Pure. */
export function planLabelSearch(
  table: string,
  { column, axis, labels }: AxisRequest,
  rows: LabelRows,
  seeds: CodeSeeds,
): LabelSearch {
  const value = columnValue(column, ROW);
  const where = [
    `${value} is not null`,
    `char_length(${value}::text) <= ${MAX_LABEL_LENGTH}`,
    ...(rows.keep === null ? [] : [rows.keep]),
  ];
  const sql = `select
  s.label,
  ${labelCode('s.label', seeds)} as code
from (
  select
    ${labelExpression(value)} as label,
    ${rows.bucket ?? '0'} as unit,
    count(*) as n
  from ${rows.from}
  where ${where.join('\n    and ')}
  group by 1, 2
) as s
group by s.label
having ${rows.bucket === null ? 'sum(s.n)' : 'count(*)'} >= ${rows.k}
order by sum(s.n) desc, s.label
limit ${MAX_LABELS}`;
  const isListed = labels === 'listed' && axis.kind === 'category';
  const listed = isListed ? axis.labels.flatMap((category) => ('label' in category ? [category.label] : [])) : null;
  const inClear = labels === 'clear' || isListed;
  return { table, column: column.name, typeTag: column.baseType, inClear, listed, sql, pages: rows.pages };
}

interface LabelRow {
  readonly label: string;
  readonly code: number;
}

/** Runs the search. Throws QUERY_FAILED. */
export async function findLabels(client: pg.Client, search: LabelSearch, tokeniser: Tokeniser): Promise<FoundLabels> {
  const cursor = openCursor<LabelRow>(client, search.sql);
  const found: CodedCategory[] = [];
  try {
    for (;;) {
      const batch = await cursor.read(BATCH_ROWS);
      if (batch.length === 0) break;
      for (const row of batch) found.push({ code: row.code, category: categoryOf(row.label, search, tokeniser) });
    }
    await cursor.close();
  } catch (error) {
    throw wrapQueryError(error, `the search for labels of ${search.table}`);
  }
  return search.listed === null ? arrangeLabels(found) : placeLabels(found, search.listed);
}

interface CodedCategory {
  readonly code: number;
  readonly category: Category;
}

function categoryOf(label: string, search: LabelSearch, tokeniser: Tokeniser): Category {
  // A character beyond the basic plane counts twice in JavaScript, so the server's limit is not quite ours.
  if (search.inClear && label.length <= MAX_LABEL_LENGTH) return { label };
  return { token: tokeniser.token(search.table, search.column, search.typeTag, label) };
}

/** Two labels with one code or one token cannot be told apart afterwards: both become OTHER. */
export function arrangeLabels(found: readonly CodedCategory[]): FoundLabels {
  const codes = countBy(found, ({ code }) => code);
  const names = countBy(found, ({ category }) => nameOf(category));
  const distinct = found
    .filter(({ code, category }) => codes.get(code) === 1 && names.get(nameOf(category)) === 1)
    .sort((left, right) => (nameOf(left.category) < nameOf(right.category) ? -1 : 1));
  return {
    labels: distinct.map(({ category }) => category),
    translation: new Map(distinct.map(({ code }, position) => [code, position])),
  };
}

/** Labels of a list keep their places, found or not; what the list does not have is OTHER. */
export function placeLabels(found: readonly CodedCategory[], listed: readonly string[]): FoundLabels {
  const { labels, translation } = arrangeLabels(found);
  const places = new Map(listed.map((label, place) => [label, place]));
  const placeOf = (position: number) => {
    const category = labels[position];
    return category !== undefined && 'label' in category ? places.get(category.label) : undefined;
  };
  return {
    labels: listed.map((label) => ({ label })),
    translation: new Map(
      [...translation].flatMap(([code, position]): [number, number][] => {
        const place = placeOf(position);
        return place === undefined ? [] : [[code, place]];
      }),
    ),
  };
}

function nameOf(category: Category): string {
  return 'label' in category ? `l${category.label}` : `t${category.token}`;
}

function countBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
