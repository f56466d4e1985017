// What one request of a load test is: method, path, headers and payload, with {{names}} that are filled in when it is sent; and flows, in
// which a step's answer gives values to the steps after it.
import { z } from 'zod';

const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];
const READING_METHODS = ['GET', 'HEAD'];
/** Drawn once for a request, or for a whole pass of a flow. */
const DRAWN_NAMES = ['uuid', 'sequence'];
/** Characters; of a payload, given or from a file. */
export const MAX_BODY_LENGTH = 1_000_000;

export const headersSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'a header has letters, digits and hyphens'),
    z.string().regex(/^[\x20-\x7e]{0,1000}$/),
  )
  .refine(
    (headers) => !Object.keys(headers).some((name) => SECRET_HEADERS.includes(name.toLowerCase())),
    'no login belongs into a scenario: the bearer comes from LOADTEST_BEARER',
  );

const nameSchema = z.string().min(1).max(100);
const weightSchema = z.int().min(1).max(1000).default(1);

const requestShape = {
  name: nameSchema,
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** With the query string, percent-encoded. */
  path: z.string().regex(/^\/[\x21-\x7e]{0,2000}$/, 'a path starts with / and is percent-encoded'),
  headers: headersSchema.default({}),
  body: z.string().max(MAX_BODY_LENGTH).optional(),
  /** Instead of body: a file below the scenario's folder, of at most MAX_BODY_LENGTH. */
  bodyFile: z
    .string()
    .regex(/^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9_-][A-Za-z0-9_./-]{0,200}$/, 'a relative path with / and without ..')
    .optional(),
};

const hasOneBody = ({ body, bodyFile }: { body?: string | undefined; bodyFile?: string | undefined }) =>
  body === undefined || bodyFile === undefined;
const TWO_BODIES = 'give body or bodyFile';

/** One request of the mix; `weight`: how often it is sent beside the others. */
export const requestSchema = z.strictObject({ ...requestShape, weight: weightSchema }).refine(hasOneBody, TWO_BODIES);

const captureSchema = z.record(
  z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,50}$/, 'a name is letters and digits and begins with a small letter')
    .refine((name) => !DRAWN_NAMES.includes(name), 'uuid and sequence have a meaning already'),
  z.string().regex(/^(\/([^~/]|~[01])*)+$/, 'a JSON pointer, as /id or /items/0/id'),
);

const stepSchema = z
  .strictObject({
    ...requestShape,
    /** Names for the steps after this one, by JSON pointers into its answer; strings, numbers and booleans. */
    capture: captureSchema.default({}),
  })
  .refine(hasOneBody, TWO_BODIES);

/** Steps that a connection sends one after another; the first that fails ends the pass. */
export const flowSchema = z.strictObject({ name: nameSchema, weight: weightSchema, steps: z.array(stepSchema).min(1).max(50) });

export type LoadRequest = z.infer<typeof requestSchema>;
export type LoadFlow = z.infer<typeof flowSchema>;
export type LoadStep = LoadFlow['steps'][number];

/** Whether the server may change data for it. */
export function isMutation({ method }: Pick<LoadRequest, 'method'>): boolean {
  return !READING_METHODS.includes(method);
}

/** The names between {{ and }}, each once. */
export function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim()))];
}

/** Those of the text's names that are neither drawn nor captured before. */
export function unknownNames(text: string, captured: readonly string[]): string[] {
  return namesIn(text).filter((name) => !DRAWN_NAMES.includes(name) && !captured.includes(name));
}
