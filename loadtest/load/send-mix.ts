// The mix on one of autocannon's connections. A connection has one request under way, so which request an answer belongs to is known by
// counting those that were sent. Where requests differ each time, autocannon asks for each before it is sent.
import type autocannon from 'autocannon';
import type { Mix, MixRequest } from './mix.ts';
import type { FilledRequest, MixWalk } from './walk-mix.ts';

export interface SentRequests {
  /** The request that was sent last; null: none yet. */
  current(): MixRequest | null;
  /** The one before it: a connection that timed out has sent its next request when it is told. */
  previous(): MixRequest | null;
}

/** Sends every item's one request as it is, round and round from the place `first`. `base`: the target's path. */
export function sendFixed(client: autocannon.Client, mix: Mix, first: number, base: string): SentRequests {
  const requests = mix.items.flatMap(({ steps }) => steps);
  const from = first % requests.length;
  const ring = [...requests.slice(from), ...requests.slice(0, from)];
  let sent = 0;
  // An event that the types lack.
  client.on('request' as 'body', () => {
    sent += 1;
  });
  client.setRequests(ring.map((request) => describe({ request, path: request.path, body: request.body }, base)));
  const at = (count: number) => (count < 1 ? null : (ring[(count - 1) % ring.length] ?? null));
  return { current: () => at(sent), previous: () => at(sent - 1) };
}

/** Sends what the walk says, and tells it the answers. */
export function sendVaried(client: autocannon.Client, walk: MixWalk, base: string): SentRequests {
  let last: FilledRequest | null = null;
  let previous: MixRequest | null = null;
  let state: 'open' | 'closing' | 'lost' = 'open';
  // The types know other fields. A server that closes after its answer does not look at what autocannon sends it all the same.
  client.on('headers', (answer: object) => {
    state = 'shouldKeepAlive' in answer && answer.shouldKeepAlive === false ? 'closing' : 'open';
  });
  const choose = (): FilledRequest => {
    const isRepeated = state === 'lost' && last !== null;
    state = state === 'closing' ? 'lost' : 'open';
    return isRepeated && last !== null ? last : walk.next();
  };
  client.setRequests([
    {
      setupRequest: () => {
        previous = last?.request ?? null;
        last = choose();
        return describe(last, base);
      },
      onResponse: (status, body) => walk.answer(status, body),
    },
  ]);
  return { current: () => last?.request ?? null, previous: () => previous };
}

function describe({ body, path, request }: FilledRequest, base: string): autocannon.Request {
  return { method: request.method, path: base + path, headers: { ...request.headers }, ...(body === null ? {} : { body }) };
}
