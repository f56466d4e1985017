// What a load test does: where to, which requests in which mix, how many connections at what rate, and what must hold. No secret stands
// in it: the bearer comes from the environment.
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { flowSchema, headersSchema, isMutation, requestSchema, unknownNames } from './load-request.ts';
import { checkDocument } from './parse-document.ts';

/** Of all weights together: the mix is one list of requests that each connection sends round and round. */
const MAX_TOTAL_WEIGHT = 10_000;

const assertionsSchema = z.strictObject({
  no5xx: z.boolean().default(true),
  noTimeouts: z.boolean().default(true),
  /** No flow ends before its last step. */
  noBrokenFlows: z.boolean().default(true),
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

const scenarioShape = z.strictObject({
  name: z.string().min(1).max(100),
  /** Connections take turns; LOADTEST_BASE_URL replaces them. */
  targets: z.array(targetSchema).min(1).max(100).default(['http://127.0.0.1:8080']),
  headers: headersSchema.default({}),
  /** Says that requests may change data at the targets; without it there are only GET and HEAD. */
  mutates: z.boolean().default(false),
  requests: z.array(requestSchema).max(1000).default([]),
  /** In the mix beside the requests, by their weights. */
  flows: z.array(flowSchema).max(100).default([]),
  /** Run with the first stage's connections and rate, and not counted. */
  warmUpSeconds: z.int().min(0).max(3600).default(0),
  timeoutSeconds: z.int().min(1).max(600).default(10),
  stages: z.array(stageSchema).min(1).max(100),
  assertions: assertionsSchema.prefault({}),
});

export const loadScenarioSchema = scenarioShape.superRefine((scenario, context) => {
  const add = (path: (string | number)[], message: string) => void context.addIssue({ code: 'custom', path, message });
  const items = [...scenario.requests, ...scenario.flows];
  if (items.length === 0) add(['requests'], 'give at least one request or flow');
  if (items.reduce((sum, { weight }) => sum + weight, 0) > MAX_TOTAL_WEIGHT) add(['requests'], 'the weights add up to too much');
  for (const { captured, path, request } of listRequests(scenario)) {
    if (isMutation(request) && !scenario.mutates)
      add([...path, 'method'], `${request.method} may change data: say "mutates": true, and run with --allow-mutations`);
    for (const part of ['path', 'body'] as const)
      for (const name of unknownNames(request[part] ?? '', captured))
        add([...path, part], `{{${name}}} is neither captured before, nor uuid or sequence`);
  }
});

export type LoadScenario = z.infer<typeof loadScenarioSchema>;
export type LoadStage = LoadScenario['stages'][number];
export type LoadAssertions = z.infer<typeof assertionsSchema>;

/** Every request with its place, those of flows too, and the names that the steps before it capture. */
export function listRequests({ flows, requests }: Pick<LoadScenario, 'flows' | 'requests'>) {
  const alone = requests.map((request, index) => ({ request, path: ['requests', index], captured: [] as string[] }));
  const steps = flows.flatMap((flow, index) =>
    flow.steps.map((request, step) => ({
      request,
      path: ['flows', index, 'steps', step],
      captured: flow.steps.slice(0, step).flatMap(({ capture }) => Object.keys(capture)),
    })),
  );
  return [...alone, ...steps];
}

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
