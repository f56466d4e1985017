// What a workload demands of a query's plan and time, in comments before it:
//
//   -- assert: no Sort
//   -- assert: no Seq Scan on messages
//   -- assert: uses messages_conversation_created_idx
//   -- assert: p95 < 50 ms

export type Assertion =
  /** No node of the plan is of this type (on this relation). */
  | { readonly kind: 'no'; readonly node: string; readonly relation: string | null; readonly text: string }
  | { readonly kind: 'uses'; readonly index: string; readonly text: string }
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

const NAME = '("(?:[^"]|"")+"|[^"\\s]+)';

/** The assertion of a comment's text after `assert:`; null where it is none. */
export function readAssertion(given: string): Assertion | null {
  const text = given.replaceAll(/\s+/g, ' ').trim();
  const [, wanted, relation] = new RegExp(`^no ([A-Za-z ]+?)(?: on ${NAME})?$`).exec(text) ?? [];
  const node = NODE_TYPES.find((each) => each.toLowerCase() === wanted?.toLowerCase());
  if (node !== undefined) return { kind: 'no', node, relation: relation === undefined ? null : bareName(relation), text };
  const [, index] = new RegExp(`^uses(?: index)? ${NAME}$`).exec(text) ?? [];
  if (index !== undefined) return { kind: 'uses', index: bareName(index), text };
  const [, percent, limit] = /^p(\d{1,2}(?:\.\d+)?) ?< ?(\d+(?:\.\d+)?) ?ms$/.exec(text) ?? [];
  if (percent === undefined || limit === undefined || Number(limit) === 0) return null;
  return { kind: 'time', share: Number(percent) / 100, belowMs: Number(limit), text };
}

/** As the catalog has it; a relation's schema is not looked at. */
function bareName(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
