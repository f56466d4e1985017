// The source database of sample: --source, else PROD_REPLICA_URL, else libpq's own environment.
import { ShapecastError } from '../core/errors.ts';
import type { CommandContext } from './command.ts';
import { checkUrl } from './target.ts';

const LIBPQ_VARIABLES = ['PGHOST', 'PGHOSTADDR', 'PGSERVICE'];

/** The URL, or '' when libpq's environment names the server. Throws URL_MISSING, URL_INVALID. */
export function resolveSource(flag: string | undefined, environment: NodeJS.ProcessEnv): string {
  const given = flag ?? environment.PROD_REPLICA_URL;
  if (given !== undefined && given !== '') return checkUrl(given, '--source');
  if (LIBPQ_VARIABLES.some((name) => (environment[name] ?? '') !== '')) return '';
  throw new ShapecastError('URL_MISSING', { what: 'source', option: '--source', variable: 'PROD_REPLICA_URL' });
}

/** resolveSource, and the run's record says which server that is. */
export async function openSource(flag: string | undefined, { environment, note }: CommandContext): Promise<string> {
  const url = resolveSource(flag, environment);
  const { describeServer } = await import('../postgres/connect.ts');
  note({ source: describeServer(url) });
  return url;
}

/** The name of the database that the URL (or libpq's environment) leads to: it keeps the tokens of two data sets apart. */
export async function datasetOf(url: string): Promise<string> {
  const { describeServer } = await import('../postgres/connect.ts');
  const server = describeServer(url);
  return server.slice(server.lastIndexOf('/') + 1);
}
