// What must hold before the first request is sent: not production unless somebody says so, and a host that was allowed.
import { ShapecastError } from '../core/errors.ts';
import { isLoopback } from '../postgres/server-address.ts';
import { isPlainUrl, type LoadScenario } from '../spec/load-scenario.ts';

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

/** The secret of that name, or null. Throws OPTION_INVALID, which does not repeat it. */
export function readBearer(name: 'LOADTEST_BEARER' | 'METRICS_BEARER', environment: NodeJS.ProcessEnv): string | null {
  const bearer = environment[name] ?? '';
  if (bearer === '') return null;
  if (/^[\x21-\x7e]+$/.test(bearer)) return bearer;
  throw new ShapecastError('OPTION_INVALID', { option: name, reason: 'a bearer has no spaces and no line ends' });
}

/** Throws LOADTEST_MUTATIONS_REFUSED for a scenario that changes data, unless that was allowed. */
export function refuseMutations({ mutates, name }: LoadScenario, areAllowed: boolean): void {
  if (mutates && !areAllowed) throw new ShapecastError('LOADTEST_MUTATIONS_REFUSED', { scenario: name });
}

/** The address of a gateway's metrics, judged as a target is. Throws OPTION_INVALID and what refuseUnsafeLoad throws. */
export function checkMetricsUrl(url: string, environment: NodeJS.ProcessEnv): string {
  if (!isPlainUrl(url))
    throw new ShapecastError('OPTION_INVALID', {
      option: '--metrics',
      reason: 'expected http:// or https://, a host, and neither a login nor a query string',
    });
  refuseUnsafeLoad([url], environment);
  return url;
}
