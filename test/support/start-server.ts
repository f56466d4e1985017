// Jest's globalSetup of the database project: one embedded server for the whole run. Its URL base reaches the test files through the
// environment; the handle stays in this process, for globalTeardown.
import { startEmbeddedServer } from '../../postgres/embedded-server.ts';
import { SERVER_LOG_VARIABLE, SERVER_URL_VARIABLE, setRunningServer } from './running-server.ts';

/** Starts the server and names it in the environment. */
async function startServer(): Promise<void> {
  // Every canary test searches the server's log: let it hold every statement.
  const settings = { fsync: 'off', full_page_writes: 'off', shared_buffers: '128MB', log_min_duration_statement: '0' };
  const server = await startEmbeddedServer({ settings });
  setRunningServer(server);
  process.env[SERVER_URL_VARIABLE] = server.url('DATABASE');
  process.env[SERVER_LOG_VARIABLE] = server.logFile;
}

// biome-ignore lint/style/noDefaultExport: Jest calls the default export of a globalSetup file.
export default startServer;
