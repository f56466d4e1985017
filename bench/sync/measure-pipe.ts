// The floor: psql's own COPY out of one server piped into psql's COPY into the other, a table at a time on each of so many pairs, the largest
// first. No program of ours is in between.
import { withClient } from '../../postgres/connect.ts';
import { runProgram } from '../gates/run-program.ts';

export interface PipeRequest {
  readonly sourceUrl: string;
  readonly targetUrl: string;
  readonly format: 'text' | 'binary';
  readonly jobs: number;
}

export interface PipeMeasurement {
  readonly seconds: number;
}

const PIPE =
  'psql -X -q -v ON_ERROR_STOP=1 -d "$SOURCE" -c "$OUT" | PGOPTIONS="-c synchronous_commit=off" psql -X -q -v ON_ERROR_STOP=1 -d "$TARGET" -c "$IN"';

/** Until the last row of the last table is in. */
export async function measurePipe({ format, jobs, sourceUrl, targetUrl }: PipeRequest): Promise<PipeMeasurement> {
  const tables = await withClient(sourceUrl, { applicationName: 'shapecast bench' }, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by pg_relation_size(oid) desc`,
    );
    return rows.map(({ name }) => name);
  });
  const startMs = performance.now();
  const run = async () => {
    for (let table = tables.shift(); table !== undefined; table = tables.shift())
      await runProgram('bash', ['-o', 'pipefail', '-c', PIPE], {
        SOURCE: sourceUrl,
        TARGET: targetUrl,
        OUT: `copy ${table} to stdout (format ${format})`,
        IN: `copy ${table} from stdin (format ${format})`,
      });
  };
  await Promise.all(Array.from({ length: jobs }, run));
  return { seconds: (performance.now() - startMs) / 1000 };
}
