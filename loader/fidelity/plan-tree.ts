// EXPLAIN's JSON read into nodes that can be compared between two databases. What stays of a condition is which relations it names:
// no literal leaves this file.
import { z } from 'zod';
import { sha256Hex } from '../../core/canonical-json.ts';
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey, type QualifiedName } from '../../core/identifiers.ts';
import { type ConditionColumns, readConditions } from './condition-columns.ts';

// PostgreSQL adds fields with every version, so these objects are loose on purpose; only what is read here is checked.
const rawNodeSchema = z.looseObject({
  'Node Type': z.string(),
  'Join Type': z.string().optional(),
  Strategy: z.string().optional(),
  'Partial Mode': z.string().optional(),
  'Scan Direction': z.string().optional(),
  'Relation Name': z.string().optional(),
  Schema: z.string().optional(),
  Alias: z.string().optional(),
  'Index Name': z.string().optional(),
  'Subplan Name': z.string().optional(),
  'CTE Name': z.string().optional(),
  'Parallel Aware': z.boolean().optional(),
  'Parent Relationship': z.string().optional(),
  'Sort Key': z.array(z.string()).optional(),
  'Group Key': z.array(z.string()).optional(),
  'Presorted Key': z.array(z.string()).optional(),
  Filter: z.string().optional(),
  'Index Cond': z.string().optional(),
  'Recheck Cond': z.string().optional(),
  'Hash Cond': z.string().optional(),
  'Merge Cond': z.string().optional(),
  'Join Filter': z.string().optional(),
  'Total Cost': z.number().default(0),
  'Plan Rows': z.number(),
  'Actual Rows': z.number().default(0),
  'Actual Loops': z.number().default(0),
  'Shared Hit Blocks': z.number().default(0),
  'Shared Read Blocks': z.number().default(0),
  'Temp Written Blocks': z.number().default(0),
  get Plans() {
    return z.array(rawNodeSchema).optional();
  },
});

const explainSchema = z.array(z.looseObject({ Plan: rawNodeSchema, 'Execution Time': z.number().default(0) })).length(1);

type RawNode = z.output<typeof rawNodeSchema>;

/** One node of a plan. */
export interface PlanNode {
  readonly depth: number;
  readonly type: string;
  /** The node as EXPLAIN's text would name it, without costs, rows and literals. */
  readonly label: string;
  readonly kind: 'scan' | 'join' | 'other';
  /** What the node computes, whatever the plan around it: its relations, and for a join its kind. null where rows cannot be compared. */
  readonly key: string | null;
  /** Rows could have ended early (LIMIT, merge join), so that they mean something only within the same plan. */
  readonly isPartial: boolean;
  /** Method and index of a scan, method of a join. */
  readonly method: string;
  readonly estimatedRows: number;
  /** Per loop. */
  readonly actualRows: number;
  readonly loops: number;
  /** Place of the node above in the list of nodes; null for the root. */
  readonly parent: number | null;
  /** Of a scan: table key, the table's own name and the alias. */
  readonly relation: { readonly table: string; readonly name: string; readonly alias: string } | null;
  /** Which columns its own conditions name. */
  readonly columns: ConditionColumns;
}

/** A plan, with what it read and how long it took where it was run. */
export interface Plan {
  readonly fingerprint: string;
  readonly nodes: readonly PlanNode[];
  readonly relations: number;
  /** The planner's, of the whole. */
  readonly cost: number;
  /** The indexes that it reads, each once; of a partitioned one its leaves. */
  readonly indexes: readonly QualifiedName[];
  readonly executionMs: number;
  /** Blocks that were asked for, `readBlocks` of them not in the server's cache. */
  readonly buffers: number;
  readonly readBlocks: number;
  /** Blocks that went to temporary files. */
  readonly spilledBlocks: number;
}

/** The plan in what EXPLAIN (FORMAT JSON) answered. */
export function readPlan(answer: unknown): Plan {
  const parsed = explainSchema.safeParse(answer);
  const [explained] = parsed.success ? parsed.data : [];
  if (explained === undefined) throw new ShapecastError('BUG', { what: 'an answer of EXPLAIN in an unknown form' });
  const aliases = listAliases(explained.Plan);
  const nodes: PlanNode[] = [];
  walk(explained.Plan, { depth: 0, parent: null, isPartial: false, aliases, nodes });
  return {
    fingerprint: sha256Hex(nodes.map((node) => `${node.depth} ${node.label}`).join('\n')).slice(0, 16),
    nodes: numberKeys(nodes),
    relations: aliases.length,
    cost: explained.Plan['Total Cost'],
    indexes: [...new Map(listAllIndexes(explained.Plan, 'public').map((index) => [formatTableKey(index), index])).values()],
    executionMs: explained['Execution Time'],
    buffers: explained.Plan['Shared Hit Blocks'] + explained.Plan['Shared Read Blocks'],
    readBlocks: explained.Plan['Shared Read Blocks'],
    spilledBlocks: explained.Plan['Temp Written Blocks'],
  };
}

interface Walk {
  readonly depth: number;
  readonly parent: number | null;
  readonly isPartial: boolean;
  readonly aliases: readonly string[];
  readonly nodes: PlanNode[];
}

/** What must read all of its input before it gives a row: below it nothing ends early on behalf of a node above. */
const BLOCKING = new Set(['Sort', 'Hash', 'Aggregate', 'Materialize', 'SetOp', 'WindowAgg', 'Gather Merge', 'Incremental Sort']);

function walk(node: RawNode, at: Walk): void {
  const kind = kindOf(node);
  const place = at.nodes.length;
  at.nodes.push({
    depth: at.depth,
    type: node['Node Type'],
    label: labelOf(node),
    kind,
    key: keyOf(node, kind, at.aliases),
    isPartial: at.isPartial,
    method: methodOf(node, kind),
    estimatedRows: node['Plan Rows'],
    actualRows: node['Actual Rows'],
    loops: node['Actual Loops'],
    parent: at.parent,
    relation: kind === 'scan' ? { table: tableOf(node), name: node['Relation Name'] ?? '', alias: node.Alias ?? '' } : null,
    columns: readConditions(
      [node.Filter, node['Index Cond'], node['Recheck Cond'], node['Hash Cond'], node['Merge Cond'], node['Join Filter']].filter(
        (text) => text !== undefined,
      ),
    ),
  });
  const type = node['Node Type'];
  const endsEarly = type === 'Limit' || type === 'Merge Join' || /Semi|Anti/.test(node['Join Type'] ?? '');
  const isPartial = endsEarly || (at.isPartial && !(BLOCKING.has(type) && node.Strategy !== 'Sorted'));
  for (const child of node.Plans ?? []) walk(child, { ...at, depth: at.depth + 1, parent: place, isPartial });
}

function kindOf(node: RawNode): PlanNode['kind'] {
  if (node['Join Type'] !== undefined) return 'join';
  return node['Relation Name'] !== undefined && node.Alias !== undefined ? 'scan' : 'other';
}

/**
 * A scan is known by its alias and by the relations whose rows steer it: an index scan on the inner side of a nested loop gives the
 * join's rows, not the table's.
 */
function keyOf(node: RawNode, kind: PlanNode['kind'], aliases: readonly string[]): string | null {
  if (kind === 'other') return null;
  if (kind === 'join') {
    const side = (node['Join Type'] ?? '').replace(/^(Left|Right)$/, 'Outer').replace(/^Right /, '');
    return `join ${side} of ${listAliases(node).sort().join(', ')}`;
  }
  const conditions = listConditions(node).join(' ');
  const steered = aliases.filter((alias) => alias !== node.Alias && mentions(conditions, alias)).sort();
  return `scan of ${node.Alias ?? ''}${steered.length === 0 ? '' : ` by ${steered.join(', ')}`}`;
}

/** As table keys are written; without VERBOSE the schema is not told. */
function tableOf(node: RawNode): string {
  return formatTableKey({ schema: node.Schema ?? 'public', name: node['Relation Name'] ?? '' });
}

/** A bitmap's condition stands at the index scans below. */
function listConditions(node: RawNode): string[] {
  const own = [node.Filter, node['Index Cond'], node['Recheck Cond']].filter((text) => text !== undefined);
  const below = (node.Plans ?? []).filter((child) => /^Bitmap/.test(child['Node Type'])).flatMap(listConditions);
  return [...own, ...below];
}

function mentions(condition: string, alias: string): boolean {
  const quoted = `"${alias.replaceAll('"', '""')}"`;
  const text = condition.replaceAll(/'(?:[^']|'')*'/g, '');
  const at = [text.indexOf(`${alias}.`), text.indexOf(`${quoted}.`)];
  return at.some((place) => place >= 0 && !/[\w"]/.test(text.charAt(place - 1)));
}

function listAliases(node: RawNode): string[] {
  const own = kindOf(node) === 'scan' ? [node.Alias ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap(listAliases)];
}

function methodOf(node: RawNode, kind: PlanNode['kind']): string {
  if (kind !== 'scan') return node['Node Type'];
  return [node['Node Type'], ...listIndexes(node)].join(' ');
}

function listIndexes(node: RawNode): string[] {
  const own = node['Index Name'] === undefined ? [] : [node['Index Name']];
  return [...own, ...(node.Plans ?? []).filter((child) => /^Bitmap/.test(child['Node Type'])).flatMap(listIndexes)];
}

/** An index stands in its table's schema; that of a bitmap's index is told by the heap scan above. */
function listAllIndexes(node: RawNode, above: string): QualifiedName[] {
  const schema = node.Schema ?? above;
  const own = node['Index Name'] === undefined ? [] : [{ schema, name: node['Index Name'] }];
  return [...own, ...(node.Plans ?? []).flatMap((child) => listAllIndexes(child, schema))];
}

function labelOf(node: RawNode): string {
  const sides = [
    node['Parallel Aware'] === true ? 'Parallel' : '',
    node['Partial Mode'] === 'Simple' ? '' : (node['Partial Mode'] ?? ''),
  ];
  const type = [...sides, node.Strategy === 'Plain' ? '' : (node.Strategy ?? ''), node['Join Type'] ?? '', node['Node Type']];
  const keys = [node['Sort Key'], node['Presorted Key'], node['Group Key']].flatMap((list) =>
    list === undefined ? [] : [list.map(withoutLiterals).join(', ')],
  );
  const parts = [
    type.filter((text) => text !== '').join(' '),
    node['Index Name'] === undefined ? '' : `using ${node['Index Name']}`,
    node['Scan Direction'] === 'Backward' ? 'backward' : '',
    node['Relation Name'] === undefined ? '' : `on ${node['Relation Name']}`,
    node.Alias === undefined || node.Alias === node['Relation Name'] ? '' : node.Alias,
    node['CTE Name'] ?? '',
    keys.length === 0 ? '' : `by ${keys.join(' / ')}`,
    node['Subplan Name'] === undefined ? '' : `[${node['Subplan Name']}]`,
  ];
  return parts.filter((text) => text !== '').join(' ');
}

// Strings, names, words, numbers, in this order: what stands inside one is not looked at as another.
const KEY_TOKEN = /(?:\b[bBxXeE])?'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A key may be an expression with literals of the query, or with a bound value. */
function withoutLiterals(key: string): string {
  return key.replaceAll(KEY_TOKEN, (token) => (/^\d|^[bBxXeE]?'|^(true|false)$/i.test(token) ? '?' : token));
}

/** Partitions and self joins repeat a key; the second one is another node. */
function numberKeys(nodes: readonly PlanNode[]): PlanNode[] {
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    if (node.key === null) return node;
    const times = (seen.get(node.key) ?? 0) + 1;
    seen.set(node.key, times);
    return times === 1 ? node : { ...node, key: `${node.key} #${times}` };
  });
}
