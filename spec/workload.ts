// A workload: the queries that a database is judged by, in one SQL file. Comments before a query give it a name and a weight and say
// by which rank each parameter is bound, so that the file itself holds no value of any row:
//
//   -- name: message history
//   -- weight: 3
//   -- :conversation = hot | p50 | cold of messages."conversationId"
//   -- :price = quantile 0.9 of items.price
//   -- assert: no Sort
//   select ... where "conversationId" = :conversation;
import { type Problem, ShapecastError } from '../core/errors.ts';
import { parseTableKey, type QualifiedName } from '../core/identifiers.ts';
import { type Assertion, readAssertion } from './workload/assertions.ts';
import { splitStatements } from './workload/split-statements.ts';

/** hot: the value with most rows, cold: with fewest, p50 and p99: by their place in the order of row counts. */
export const FREQUENCY_RANKS = ['hot', 'p99', 'p50', 'cold'] as const;

/** Which value of a column, told without naming it. */
export type Rank =
  | { readonly kind: 'frequency'; readonly name: (typeof FREQUENCY_RANKS)[number] }
  | { readonly kind: 'quantile'; readonly share: number };

export interface WorkloadParameter {
  readonly name: string;
  readonly table: QualifiedName;
  /** False where the file leaves the schema to the search path. */
  readonly hasSchema: boolean;
  readonly column: string;
  /** At least one; the query runs once for each combination of its parameters' ranks. */
  readonly ranks: readonly Rank[];
}

/** oltp: short, by key; joins: several relations; single: one relation. */
export type QueryClass = 'oltp' | 'joins' | 'single';

export interface WorkloadQuery {
  readonly name: string;
  readonly weight: number;
  /** null: left to the measurement (with parameters oltp, else by the number of relations). */
  readonly queryClass: QueryClass | null;
  /** With `$1`, `$2`, ... for the parameters, in the order of `parameters`. */
  readonly sql: string;
  readonly parameters: readonly WorkloadParameter[];
  /** What `explain` holds the query to. */
  readonly assertions: readonly Assertion[];
}

export interface Workload {
  readonly queries: readonly WorkloadQuery[];
}

/** One way to bind a query: a rank for each of its parameters. */
export type Binding = readonly Rank[];

const MAX_BINDINGS = 64;

/** The queries of the text. Throws DOCUMENT_INVALID with every fault by line; no text of a query is repeated. */
export function parseWorkload(text: string, file: string): Workload {
  const problems: Problem[] = [];
  const complain = (line: number, message: string) => void problems.push({ path: `line ${line}`, message });
  const queries = splitStatements(text).map((statement, index): WorkloadQuery => {
    const header = readHeader(statement.comments, complain);
    const used: WorkloadParameter[] = [];
    const sql = statement.pieces
      .map((piece) => {
        if (piece.kind === 'text') return piece.text;
        const parameter = header.parameters.get(piece.name);
        if (parameter === undefined) {
          complain(statement.line, `the parameter :${piece.name} is not declared`);
          return '';
        }
        if (!used.includes(parameter)) used.push(parameter);
        return `$${used.indexOf(parameter) + 1}`;
      })
      .join('');
    if (!/^[\s(]*(select|with|values|table)\b/i.test(sql))
      complain(statement.line, 'expected one SELECT (or WITH, VALUES, TABLE)');
    for (const parameter of header.parameters.values()) {
      if (!used.includes(parameter)) complain(statement.line, `the parameter :${parameter.name} is declared and not used`);
    }
    const { assertions, name, weight, queryClass } = header;
    const query = { name: name ?? `query ${index + 1}`, weight, queryClass, sql: sql.trim(), parameters: used, assertions };
    if (listBindings(query).length > MAX_BINDINGS) complain(statement.line, `more than ${MAX_BINDINGS} combinations of ranks`);
    return query;
  });
  if (queries.length === 0) complain(1, 'no query');
  for (const name of findRepeated(queries.map((query) => query.name))) complain(1, `two queries are named ${name}`);
  if (problems.length > 0) throw new ShapecastError('DOCUMENT_INVALID', { document: 'workload', file, problems });
  return { queries };
}

/** Every combination of the ranks of the query's parameters; one empty combination for a query without. */
export function listBindings(query: Pick<WorkloadQuery, 'parameters'>): Binding[] {
  return query.parameters.reduce<Binding[]>(
    (bindings, parameter) => bindings.flatMap((binding) => parameter.ranks.map((rank) => [...binding, rank])),
    [[]],
  );
}

/** `hot`, `quantile 0.9`. */
export function nameRank(rank: Rank): string {
  return rank.kind === 'frequency' ? rank.name : `quantile ${rank.share}`;
}

/** `conversation hot, price quantile 0.9`; empty for a query without parameters. */
export function nameBinding(query: Pick<WorkloadQuery, 'parameters'>, binding: Binding): string {
  return query.parameters
    .map(({ name }, index) => `${name} ${binding[index] === undefined ? '' : nameRank(binding[index])}`)
    .join(', ');
}

interface Header {
  name: string | null;
  weight: number;
  queryClass: QueryClass | null;
  readonly parameters: Map<string, WorkloadParameter>;
  readonly assertions: Assertion[];
}

type Complain = (line: number, message: string) => void;

function readHeader(comments: readonly { readonly line: number; readonly text: string }[], complain: Complain): Header {
  const header: Header = { name: null, weight: 1, queryClass: null, parameters: new Map(), assertions: [] };
  for (const { line, text } of comments) {
    const [, key, value = ''] = /^\s*(name|weight|class|assert)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
    const [, parameter, rule = ''] = /^\s*:([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
    if (key === 'name') header.name = readName(value, line, complain);
    else if (key === 'weight') header.weight = readWeight(value, line, complain);
    else if (key === 'class') header.queryClass = readClass(value, line, complain);
    else if (key === 'assert') header.assertions.push(...listAssertion(value, line, complain));
    else if (parameter !== undefined) {
      const read = readParameter(parameter, rule, line, complain);
      if (header.parameters.has(parameter)) complain(line, `the parameter :${parameter} is declared twice`);
      if (read !== null) header.parameters.set(parameter, read);
    }
  }
  return header;
}

function readName(value: string, line: number, complain: Complain): string | null {
  if (/^[\p{L}\p{N}][\p{L}\p{N} _.,()+/-]{0,79}$/u.test(value)) return value;
  complain(line, 'a name has at most 80 letters, digits, spaces and signs of _.,()+/-');
  return null;
}

function readWeight(value: string, line: number, complain: Complain): number {
  const weight = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && weight > 0) return weight;
  complain(line, 'a weight is a number above 0');
  return 1;
}

function readClass(value: string, line: number, complain: Complain): QueryClass | null {
  if (value === 'oltp' || value === 'joins' || value === 'single') return value;
  complain(line, 'a class is oltp, joins or single');
  return null;
}

function listAssertion(value: string, line: number, complain: Complain): Assertion[] {
  const assertion = readAssertion(value);
  if (assertion !== null) return [assertion];
  complain(
    line,
    'expected an assertion such as: no Sort; no Seq Scan on messages (`on` with scans of tables only); uses messages_created_idx; p95 < 50 ms',
  );
  return [];
}

function readParameter(name: string, rule: string, line: number, complain: Complain): WorkloadParameter | null {
  const [, ranksText = '', place = ''] = /^(.*?)\s+of\s+(\S.*)$/.exec(rule) ?? [];
  const ranks = ranksText.split('|').map((text) => readRank(text.trim()));
  const known = ranks.filter((rank) => rank !== null);
  const column = splitColumn(place);
  if (known.length === ranks.length && column !== null) return { name, ranks: known, ...column };
  complain(line, `:${name} needs ranks and a column, such as: hot | p50 | p99 | cold | quantile 0.9 of table.column`);
  return null;
}

function readRank(text: string): Rank | null {
  const frequency = FREQUENCY_RANKS.find((name) => name === text);
  if (frequency !== undefined) return { kind: 'frequency', name: frequency };
  const [, share] = /^quantile\s+(0|1|0?\.\d+|1\.0+)$/.exec(text) ?? [];
  return share === undefined ? null : { kind: 'quantile', share: Number(share) };
}

function splitColumn(text: string): Pick<WorkloadParameter, 'table' | 'hasSchema' | 'column'> | null {
  const match = /^(.+)\.("(?:[^"]|"")+"|[^".\s]+)$/.exec(text);
  if (match === null) return null;
  const [, table = '', column = ''] = match;
  try {
    const hasSchema = /^("(?:[^"]|"")+"|[^".\s]+)\./.test(table);
    return {
      table: parseTableKey(table),
      hasSchema,
      column: column.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : column,
    };
  } catch {
    return null;
  }
}

function findRepeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
