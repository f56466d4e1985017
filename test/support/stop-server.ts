// Jest's globalTeardown of the database project.
import { takeRunningServer } from './running-server.ts';

/** Stops the server that start-server.ts started. */
async function stopServer(): Promise<void> {
  await takeRunningServer()?.stop();
}

// biome-ignore lint/style/noDefaultExport: Jest calls the default export of a globalTeardown file.
export default stopServer;
