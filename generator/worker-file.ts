// Which file a worker thread runs: always the compiled one, because Node 20 does not strip types. Decided here only.
import path from 'node:path';
import { packageFolder } from '../core/tool.ts';

/** The absolute path of the compiled worker; `node bin/build.js` makes it. */
export function workerFile(): string {
  return path.join(packageFolder(), 'dist', 'generator', 'worker.js');
}
