// The handle of the run's server. Jest may load globalSetup and globalTeardown as two copies of a module, so it hangs on the process.
import type { EmbeddedServer } from '../../postgres/embedded-server.ts';

/** The URL of the run's server, with `DATABASE` where the name of the database goes. */
export const SERVER_URL_VARIABLE = 'SHAPECAST_TEST_SERVER_URL';

/** The log file of the run's server, which holds every statement. */
export const SERVER_LOG_VARIABLE = 'SHAPECAST_TEST_SERVER_LOG';

const key = Symbol.for('shapecast.test.server');

/** Keeps the server for takeRunningServer. */
export function setRunningServer(server: EmbeddedServer): void {
  Reflect.set(process, key, server);
}

/** The server that was kept, once. */
export function takeRunningServer(): EmbeddedServer | null {
  // Only setRunningServer writes under this symbol.
  const server = (Reflect.get(process, key) as EmbeddedServer | undefined) ?? null;
  Reflect.deleteProperty(process, key);
  return server;
}
