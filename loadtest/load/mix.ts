// What a scenario sends, ready to be sent: every request and every step of a flow with its headers and payload, in the mix by weight.
import { namesIn } from '../../spec/load-request.ts';
import type { LoadScenario } from '../../spec/load-scenario.ts';
import { spreadByWeight } from './schedule.ts';

export interface MixRequest {
  /** As in the result; unique by `place`, not by name. */
  readonly name: string;
  /** Among all requests and steps of the scenario, from 0. */
  readonly place: number;
  readonly method: LoadScenario['requests'][number]['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly capture: Readonly<Record<string, string>>;
}

/** A request by itself is an item of one step. */
export interface MixItem {
  readonly name: string;
  readonly steps: readonly MixRequest[];
  /** Of the scenario's flows, from 0; null: a request by itself. */
  readonly flow: number | null;
}

export interface Mix {
  /** Each as often as its weight says. */
  readonly items: readonly MixItem[];
  /** By place. */
  readonly requests: readonly MixRequest[];
  readonly flowNames: readonly string[];
  /** Whether any request is another each time it is sent. */
  readonly isVaried: boolean;
}

/** `bodies`: the texts of all body files of the scenario, by the names in it. */
export function createMix(scenario: LoadScenario, bodies: ReadonlyMap<string, string>, bearer: string | null): Mix {
  const login = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  const requests: MixRequest[] = [];
  const add = (
    request: LoadScenario['requests'][number] | LoadScenario['flows'][number]['steps'][number],
    name: string,
  ): MixRequest => {
    const given = { ...scenario.headers, ...request.headers };
    const made = {
      name,
      place: requests.length,
      method: request.method,
      path: request.path,
      headers: { ...defaultHeaders(request.bodyFile, given), ...given, ...login },
      body: request.bodyFile === undefined ? (request.body ?? null) : (bodies.get(request.bodyFile) ?? null),
      capture: 'capture' in request ? request.capture : {},
    };
    requests.push(made);
    return made;
  };
  const alone = scenario.requests.map((request) => {
    return { name: request.name, weight: request.weight, flow: null, steps: [add(request, request.name)] };
  });
  const flows = scenario.flows.map(({ name, steps, weight }, flow) => {
    return { name, weight, flow, steps: steps.map((step) => add(step, `${name} / ${step.name}`)) };
  });
  return {
    items: spreadByWeight([...alone, ...flows]),
    requests,
    flowNames: flows.map(({ name }) => name),
    isVaried: flows.length > 0 || requests.some(({ body, path }) => namesIn(path).length + namesIn(body ?? '').length > 0),
  };
}

function defaultHeaders(bodyFile: string | undefined, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const isTold = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return isTold || bodyFile?.endsWith('.json') !== true ? {} : { 'content-type': 'application/json' };
}
