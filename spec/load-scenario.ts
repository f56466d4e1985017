// What a load test does: where to, which requests in which mix, how many connections at what rate, and what must hold. No secret stands
// in it: the bearer comes from the environment.
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { checkDocument } from './parse-document.ts';

const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];
/** Of all weights together: the mix is one list of requests that each connection sends round and round. */
const MAX_TOTAL_WEIGHT = 10_000;

const headersSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'a header has letters, digits and hyphens'),
    z.string().regex(/^[\x20-\x7e]{0,1000}$/),
  )
  .refine(
    (headers) => !Object.keys(headers).some((name) => SECRET_HEADERS.includes(name.toLowerCase())),
    'no login belongs into a scenario: the bearer comes from LOADTEST_BEARER',
  );

const requestSchema = z.strictObject({
  name: z.string().min(1).max(100),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** With the query string, percent-encoded. */
  path: z.string().regex(/^\/[\x21-\x7e]{0,2000}$/, 'a path starts with / and is percent-encoded'),
  /** How often it is sent beside the others. */
  weight: z.int().min(1).max(1000).default(1),
  headers: headersSchema.default({}),
  body: z.string().max(1_000_000).optional(),
});

const assertionsSchema = z.strictObject({
  no5xx: z.boolean().default(true),
  noTimeouts: z.boolean().default(true),
  /** Milliseconds, of the corrected latency. */
  p99Ms: z.number().positive().optional(),
  /** Of the requests: connection errors, time-outs and answers from 400 on. */
  maxErrorFraction: z.number().min(0).max(1).optional(),
  /** Answers per second. */
  minRequestsPerSecond: z.number().positive().optional(),
});

const stageSchema = z
  .strictObject({
    name: z.string().min(1).max(100).optional(),
    connections: z.int().min(1).max(10_000),
    durationSeconds: z.int().min(1).max(86_400).optional(),
    /** Requests of the stage, instead of a duration. */
    amount: z.int().min(1).optional(),
    /** Requests per second of all connections; without it each sends its next request when it has its answer. */
    ratePerSecond: z.int().min(1).optional(),
    /** Instead of the scenario's. */
    assertions: assertionsSchema.optional(),
  })
  .refine(
    ({ amount, durationSeconds }) => (amount === undefined) !== (durationSeconds === undefined),
    'give durationSeconds or amount',
  )
  .refine(({ amount, connections }) => amount === undefined || amount >= connections, 'amount is below the number of connections')
  .refine(
    ({ connections, ratePerSecond }) => ratePerSecond === undefined || ratePerSecond >= connections,
    'ratePerSecond is below the number of connections: each sends at least one request a second',
  );

const targetSchema = z
  .string()
  .refine((text) => isPlainUrl(text), 'expected http:// or https://, a host, and neither a login nor a query string');

export const loadScenarioSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** Connections take turns; LOADTEST_BASE_URL replaces them. */
  targets: z.array(targetSchema).min(1).max(100).default(['http://127.0.0.1:8080']),
  headers: headersSchema.default({}),
  requests: z
    .array(requestSchema)
    .min(1)
    .refine(
      (requests) => requests.reduce((sum, { weight }) => sum + weight, 0) <= MAX_TOTAL_WEIGHT,
      'the weights add up to too much',
    ),
  /** Run with the first stage's connections and rate, and not counted. */
  warmUpSeconds: z.int().min(0).max(3600).default(0),
  timeoutSeconds: z.int().min(1).max(600).default(10),
  stages: z.array(stageSchema).min(1).max(100),
  assertions: assertionsSchema.prefault({}),
});

export type LoadScenario = z.infer<typeof loadScenarioSchema>;
export type LoadStage = LoadScenario['stages'][number];
export type LoadRequest = LoadScenario['requests'][number];
export type LoadAssertions = z.infer<typeof assertionsSchema>;

/** The scenario of the text (JSON). Throws DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function parseLoadScenario(text: string, file: string): LoadScenario {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ShapecastError('DOCUMENT_UNPARSABLE', { document: 'scenario', file, reason: 'it is not JSON' }, { cause });
  }
  return checkDocument(loadScenarioSchema, value, 'scenario', file);
}

/** Whether the text is an http(s) URL without login, query string or fragment. */
export function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hash, hostname, password, protocol, search, username } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username + password + search + hash === '';
}
