// The gateway of the demo: the command line of `serve`, run beside the steps that need it. It ends with them, however they end.
import { serveCommand } from '../commands/serve.ts';
import { runCommandLine } from '../run-command-line.ts';

/** What a command line runs in. */
export type StepContext = Parameters<typeof runCommandLine>[2];

/** Runs the action on the gateway's address once it listens, and ends the gateway. null: the gateway did not start; it has said why. */
export async function withGateway(
  argv: readonly string[],
  context: StepContext,
  action: (address: string) => Promise<number>,
): Promise<number | null> {
  const stop = new AbortController();
  let listening: (address: string) => void = () => undefined;
  const started = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const print = (line: string) => {
    context.print(line);
    const address = /^queries +(http:\S+)$/.exec(line)?.[1];
    // It says where it is when it listens.
    if (address !== undefined) listening(address);
  };
  const ended = runCommandLine(argv, [serveCommand], {
    ...context,
    print,
    // What it says while it stops is about Ctrl-C, which nobody has pressed.
    tell: (line) => (stop.signal.aborted ? undefined : context.tell(line)),
    signal: AbortSignal.any([context.signal, stop.signal]),
  });
  const address = await Promise.race([started, ended.then(() => null)]);
  if (address === null) return null;
  try {
    return await action(address);
  } finally {
    stop.abort();
    await ended;
  }
}
