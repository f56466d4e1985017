// The gateway of the demo: the command line of `serve`, run beside the steps that need it. It ends with them, however they end.
import { serveCommand } from '../commands/serve.ts';
import { runCommandLine } from '../run-command-line.ts';

/** What a command line runs in. */
export type StepContext = Parameters<typeof runCommandLine>[2];

/** Where the gateway is. */
export interface GatewayPlaces {
  readonly queries: string;
  readonly metrics: string;
}

/** Runs the action on the gateway's places once it listens, and ends the gateway. null: the gateway did not start; it has said why. */
export async function withGateway(
  argv: readonly string[],
  context: StepContext,
  action: (places: GatewayPlaces) => Promise<number>,
): Promise<number | null> {
  const stop = new AbortController();
  let listening: (places: GatewayPlaces) => void = () => undefined;
  const started = new Promise<GatewayPlaces>((resolve) => {
    listening = resolve;
  });
  let queries = '';
  const print = (line: string) => {
    context.print(line);
    // It says where it is when it listens, the metrics last.
    const [, what = '', address = ''] = /^(queries|metrics) +(http:\S+)$/.exec(line) ?? [];
    if (what === 'queries') queries = address;
    if (what === 'metrics') listening({ queries, metrics: address });
  };
  const ended = runCommandLine(argv, [serveCommand], {
    ...context,
    print,
    // What it says while it stops is about Ctrl-C, which nobody has pressed.
    tell: (line) => (stop.signal.aborted ? undefined : context.tell(line)),
    signal: AbortSignal.any([context.signal, stop.signal]),
  });
  const places = await Promise.race([started, ended.then(() => null)]);
  if (places === null) return null;
  try {
    return await action(places);
  } finally {
    stop.abort();
    await ended;
  }
}
