// What a workload demands of a query's plan and time, in comments before it:
//
//   -- assert: no Sort
//   -- assert: no Seq Scan on public.messages
//   -- assert: uses messages_conversation_created_idx
//   -- assert: p95 < 50 ms

/** A table or index as the catalog spells it. */
export interface AssertedName {
  /** null: left to the search path. */
  readonly schema: string | null;
  readonly name: string;
}

/** One demand, with its own words as `text`. */
export type Assertion =
  /** No node of the plan is of this type (on this relation). */
  | { readonly kind: 'no'; readonly node: string; readonly relation: AssertedName | null; readonly text: string }
  | { readonly kind: 'uses'; readonly index: AssertedName; readonly text: string }
  /** The share of the runs that end below so many milliseconds. */
  | { readonly kind: 'time'; readonly share: number; readonly belowMs: number; readonly text: string };

/** The types of nodes that EXPLAIN names; `Sort` means the incremental kind too. */
const NODE_TYPES = [
  'Seq Scan',
  'Index Scan',
  'Index Only Scan',
  'Bitmap Heap Scan',
  'Bitmap Index Scan',
  'Sort',
  'Incremental Sort',
  'Hash',
  'Hash Join',
  'Merge Join',
  'Nested Loop',
  'Aggregate',
  'Materialize',
  'Memoize',
  'Gather',
  'Gather Merge',
  'WindowAgg',
];

/** The nodes that read a table, and so the only ones that can be looked for on one. */
const TABLE_SCANS = new Set(['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan']);

const PART = '(?:"(?:[^"]|"")+"|[^".\\s]+)';
const NAME = `((?:${PART}\\.)?${PART})`;

/** The assertion of a comment's text after `assert:`; null where it is none, or could never fail: `no Sort on t`, as no sort is on a table. */
export function readAssertion(given: string): Assertion | null {
  const text = given.replaceAll(/\s+/g, ' ').trim();
  const [, wanted, relation] = new RegExp(`^no ([A-Za-z ]+?)(?: on ${NAME})?$`).exec(text) ?? [];
  const node = NODE_TYPES.find((each) => each.toLowerCase() === wanted?.toLowerCase());
  if (node !== undefined) {
    if (relation === undefined) return { kind: 'no', node, relation: null, text };
    return TABLE_SCANS.has(node) ? { kind: 'no', node, relation: readName(relation), text } : null;
  }
  const [, index] = new RegExp(`^uses(?: index)? ${NAME}$`).exec(text) ?? [];
  if (index !== undefined) return { kind: 'uses', index: readName(index), text };
  const [, percent, limit] = /^p(\d{1,2}(?:\.\d+)?) ?< ?(\d+(?:\.\d+)?) ?ms$/.exec(text) ?? [];
  if (percent === undefined || limit === undefined || Number(limit) === 0) return null;
  return { kind: 'time', share: Number(percent) / 100, belowMs: Number(limit), text };
}

/** As the catalog has it: what is not quoted is folded to lower case. */
function readName(text: string): AssertedName {
  const parts = (text.match(new RegExp(PART, 'g')) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
  const [first = '', second] = parts;
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}
