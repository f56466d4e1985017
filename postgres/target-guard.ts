// What must hold before a target is so much as connected to: not production, and a host that was allowed.
// The host is judged by server-address.ts, which also makes the connection: no spelling of a URL can lead past the guard.
import { ShapecastError } from '../core/errors.ts';
import { isLoopback, isSocketFolder, resolveServerAddress } from './server-address.ts';

/**
 * Throws PRODUCTION_REFUSED under NODE_ENV=production, HOST_REFUSED for a host off SHAPECAST_ALLOWED_HOSTS (comma-separated names,
 * compared without case; unset: loopback only). Unix sockets are always allowed. No network: names are not looked up.
 */
export function refuseUnsafeTarget(command: string, url: string, environment: NodeJS.ProcessEnv): void {
  refuseProduction(command, environment);
  const allowed = readAllowedHosts(environment.SHAPECAST_ALLOWED_HOSTS);
  // connect() reads the process's own environment; a caller that passes another one must not be judged by that alone.
  for (const place of [environment, process.env]) {
    const { host } = resolveServerAddress(url, place);
    if (!isAllowed(host, allowed)) throw new ShapecastError('HOST_REFUSED', { host });
  }
}

/** Throws PRODUCTION_REFUSED under NODE_ENV=production. */
export function refuseProduction(command: string, environment: NodeJS.ProcessEnv): void {
  if (environment.NODE_ENV?.trim().toLowerCase() === 'production') throw new ShapecastError('PRODUCTION_REFUSED', { command });
}

function readAllowedHosts(text: string | undefined): readonly string[] {
  const hosts = (text ?? '').split(',').map((host) => host.trim().toLowerCase());
  return hosts.filter((host) => host !== '');
}

// A list that is given is the whole list: loopback may be a tunnel to anywhere.
function isAllowed(host: string, allowed: readonly string[]): boolean {
  if (isSocketFolder(host)) return true;
  return allowed.length === 0 ? isLoopback(host) : allowed.includes(host.toLowerCase());
}
