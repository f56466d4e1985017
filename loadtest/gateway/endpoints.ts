// What the gateway serves: each query of the workload under a slug of its name, with the values of its ranks, looked up once.
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import { createBinder } from '../../postgres/bind-parameters.ts';
import type { PreparedStatement } from '../../postgres/read-pool.ts';
import type { Side } from '../../postgres/read-side.ts';
import { nameRank, type Workload, type WorkloadParameter, type WorkloadQuery } from '../../spec/workload.ts';

export interface EndpointParameter {
  readonly name: string;
  /** From `hot`, `quantile 0.9` to the value of this database. */
  readonly values: ReadonlyMap<string, string>;
}

export interface Endpoint {
  /** The last part of its path. */
  readonly slug: string;
  readonly query: WorkloadQuery;
  readonly statement: PreparedStatement;
  readonly parameters: readonly EndpointParameter[];
}

/** `Message history (old)` -> `message-history-old`. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/-$/, '');
}

/** The slugs of the workload's queries, in order. Throws DOCUMENT_INVALID where two are the same. */
export function listSlugs(workload: Workload, file: string): string[] {
  const slugs = workload.queries.map(({ name }) => slugOf(name));
  const repeated = new Set(slugs.filter((slug, index) => slugs.indexOf(slug) !== index));
  const problems = workload.queries
    .filter(({ name }) => repeated.has(slugOf(name)))
    .map(({ name }) => ({ path: name, message: `another query has the path /queries/${slugOf(name)} too` }));
  if (problems.length > 0) throw new ShapecastError('DOCUMENT_INVALID', { document: 'workload', file, problems });
  return slugs;
}

/** Looks up every rank. Throws QUERY_FAILED, RANK_WITHOUT_VALUE. */
export async function resolveEndpoints(side: Side, workload: Workload): Promise<Endpoint[]> {
  const binder = createBinder(side);
  const endpoints: Endpoint[] = [];
  for (const [index, query] of workload.queries.entries()) {
    const parameters: EndpointParameter[] = [];
    for (const parameter of query.parameters) {
      const values = await binder.bind(
        parameter.ranks.map(() => parameter),
        parameter.ranks,
      );
      const pairs = parameter.ranks.map(
        (rank, place) => [nameRank(rank), values[place] ?? refuseEmpty(query, parameter)] as const,
      );
      parameters.push({ name: parameter.name, values: new Map(pairs) });
    }
    endpoints.push({
      slug: slugOf(query.name),
      query,
      statement: { name: `shapecast_query_${index + 1}`, sql: query.sql },
      parameters,
    });
  }
  return endpoints;
}

function refuseEmpty(query: WorkloadQuery, { column, name, table }: WorkloadParameter): never {
  throw new ShapecastError('RANK_WITHOUT_VALUE', {
    query: query.name,
    parameter: name,
    column: `${formatTableKey(table)}.${column}`,
  });
}
