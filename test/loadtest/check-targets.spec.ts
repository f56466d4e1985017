// Before the load: a server that is not there, and one whose certificate nobody vouches for, are told instead of measured.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { checkTargets } from '../../loadtest/load/check-targets.ts';
import { selfSigned } from './self-signed.ts';

async function withPort(server: http.Server, action: (port: number) => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // A server that listens on a port has an address of this kind.
    await action((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a server that is there is enough for http', async () => {
  await withPort(http.createServer(), async (port) => {
    await expect(checkTargets([`http://127.0.0.1:${port}`, `http://localhost:${port}/api`])).resolves.toBeUndefined();
  });
});

test('https needs a certificate that is vouched for', async () => {
  await withPort(https.createServer(selfSigned), async (port) => {
    await expect(checkTargets([`https://127.0.0.1:${port}`])).rejects.toMatchObject({
      code: 'LOADTEST_UNREACHABLE',
      data: { target: `https://127.0.0.1:${port}`, reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });
});

test('the first server that is not there is named', async () => {
  await withPort(http.createServer(), async (port) => {
    await expect(checkTargets([`http://127.0.0.1:${port}`, 'http://127.0.0.1:1'])).rejects.toMatchObject({
      code: 'LOADTEST_UNREACHABLE',
      data: { target: 'http://127.0.0.1:1', reason: 'ECONNREFUSED' },
    });
  });
});
