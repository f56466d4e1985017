// The query string of a request as the values of a query's parameters. It comes from outside: exactly the parameters of the query, each
// once, each short; a rank's name means the value that was looked up.
import { z } from 'zod';
import { FREQUENCY_RANKS } from '../../spec/workload.ts';
import type { Endpoint, EndpointParameter } from './endpoints.ts';

/** Longer than any key; far below what a header may hold. */
export const MAX_VALUE_LENGTH = 1000;

export type BoundRequest =
  | { readonly state: 'bound'; readonly values: readonly string[] }
  /** Names of the query's own parameters that are missing, too long, repeated or ask for a rank that the workload does not declare. */
  | { readonly state: 'refused'; readonly parameters: readonly string[] };

/** Makes the function that binds the requests of one endpoint. */
export function createRequestBinder({ parameters }: Pick<Endpoint, 'parameters'>): (queryString: unknown) => BoundRequest {
  // Without NUL, which no text of PostgreSQL holds.
  const value = z
    .string()
    .max(MAX_VALUE_LENGTH)
    .regex(/^[^\0]*$/);
  const schema = z.strictObject(Object.fromEntries(parameters.map(({ name }) => [name, value])));
  return (queryString) => {
    const parsed = schema.safeParse(queryString);
    if (!parsed.success) {
      const faulty = new Set(parsed.error.issues.map(({ path }) => path[0]));
      return { state: 'refused', parameters: parameters.map(({ name }) => name).filter((name) => faulty.has(name)) };
    }
    const values = parameters.map((parameter) => findValue(parameter, parsed.data[parameter.name] ?? ''));
    const refused = parameters.filter((_parameter, index) => values[index] === null).map(({ name }) => name);
    const bound = values.filter((each) => each !== null);
    return refused.length === 0 ? { state: 'bound', values: bound } : { state: 'refused', parameters: refused };
  };
}

const RANK_NAME = new RegExp(`^(${FREQUENCY_RANKS.join('|')}|quantile .*)$`);

/** null: a rank that the workload does not declare, which must not be taken for a value. */
function findValue({ values }: EndpointParameter, text: string): string | null {
  return values.get(text) ?? (RANK_NAME.test(text) ? null : text);
}
