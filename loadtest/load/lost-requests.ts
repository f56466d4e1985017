// Requests that a server drops with their connection. autocannon connects anew without a word and sends the next one, so a server that
// hangs up on every second request would have no errors.
import type autocannon from 'autocannon';
import type { Tally } from './tally.ts';

/** To be told of a connection's requests and time-outs, before anybody else. */
export interface LostRequests {
  onRequest(): void;
  onTimeout(): void;
}

/** Counts them. `isWaiting`: a request was sent on this connection and has no answer yet. */
export function noteLostRequests(client: autocannon.Client, tally: Tally, isWaiting: () => boolean): LostRequests {
  // A server that says it closes may do so: the request that autocannon sent meanwhile is only sent again.
  let mayClose = false;
  let isTold = false;
  let isCounted = false;
  client.on('headers', (headers) => {
    mayClose = (headers as { readonly shouldKeepAlive?: boolean }).shouldKeepAlive === false;
  });
  client.on('connError' as 'body', () => {
    isTold = true;
    tally.recordConnectionError();
  });
  return {
    onRequest() {
      isCounted = isWaiting() && !mayClose && !isTold;
      isTold = false;
      if (isCounted) tally.recordLost(1);
    },
    onTimeout() {
      // The request that came just before stands instead of the one that timed out.
      if (isCounted) tally.recordLost(-1);
      isCounted = false;
    },
  };
}
