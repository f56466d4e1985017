// Each target is connected to once before the load: a server that is not there is said so instead of measured. With https the certificate is
// checked here, because autocannon does not.
import net from 'node:net';
import tls from 'node:tls';
import { ShapecastError } from '../../core/errors.ts';
import { systemCodeOf } from '../../core/system-code.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Throws LOADTEST_UNREACHABLE for the first target that cannot be connected to. */
export async function checkTargets(targets: readonly string[]): Promise<void> {
  for (const target of targets) await checkTarget(new URL(target));
}

async function checkTarget({ hostname, origin, port, protocol }: URL): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = protocol === 'https:';
  await new Promise<void>((resolve, reject) => {
    const options = { host, port: Number(port === '' ? (isSecure ? 443 : 80) : port) };
    const named = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = isSecure ? tls.connect({ ...options, ...named }) : net.connect(options);
    const fail = (reason: string, cause?: unknown) => {
      socket.destroy();
      reject(new ShapecastError('LOADTEST_UNREACHABLE', { target: origin, reason }, { cause }));
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => fail('no answer in time'));
    socket.on('error', (cause) => fail(String(systemCodeOf(cause) ?? 'unknown reason'), cause));
    socket.on(isSecure ? 'secureConnect' : 'connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
