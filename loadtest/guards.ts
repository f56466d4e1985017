// What must hold before the first request is sent: not production unless somebody says so, and a host that was allowed.
import { ShapecastError } from '../core/errors.ts';
import { isLoopback } from '../postgres/server-address.ts';
import { isPlainUrl } from '../spec/load-scenario.ts';

/** LOADTEST_BASE_URL instead of the scenario's targets, where it is set. Throws OPTION_INVALID, which does not repeat it. */
export function resolveTargets(targets: readonly string[], environment: NodeJS.ProcessEnv): readonly string[] {
  const given = environment.LOADTEST_BASE_URL ?? '';
  if (given === '') return targets;
  if (isPlainUrl(given)) return [given];
  throw new ShapecastError('OPTION_INVALID', {
    option: 'LOADTEST_BASE_URL',
    reason: 'expected http:// or https://, a host, and neither a login nor a query string',
  });
}

/**
 * Throws LOADTEST_PRODUCTION_REFUSED under NODE_ENV=production without LOADTEST_ALLOW_PROD=true, LOADTEST_HOST_REFUSED for a host off
 * LOADTEST_ALLOWED_HOSTS (comma-separated names, compared without case; unset: loopback only).
 */
export function refuseUnsafeLoad(targets: readonly string[], environment: NodeJS.ProcessEnv): void {
  const isProduction = environment.NODE_ENV?.trim().toLowerCase() === 'production';
  if (isProduction && environment.LOADTEST_ALLOW_PROD !== 'true') throw new ShapecastError('LOADTEST_PRODUCTION_REFUSED', {});
  const allowed = (environment.LOADTEST_ALLOWED_HOSTS ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  for (const target of targets) {
    const host = new URL(target).hostname.replace(/^\[(.*)\]$/, '$1');
    // A list that is given is the whole list: loopback may be a tunnel to anywhere.
    if (allowed.length === 0 ? !isLoopback(host) : !allowed.includes(host))
      throw new ShapecastError('LOADTEST_HOST_REFUSED', { host });
  }
}

/** LOADTEST_BEARER, or null. Throws OPTION_INVALID, which does not repeat it. */
export function readLoadBearer(environment: NodeJS.ProcessEnv): string | null {
  const bearer = environment.LOADTEST_BEARER ?? '';
  if (bearer === '') return null;
  if (/^[\x21-\x7e]+$/.test(bearer)) return bearer;
  throw new ShapecastError('OPTION_INVALID', { option: 'LOADTEST_BEARER', reason: 'a bearer has no spaces and no line ends' });
}
