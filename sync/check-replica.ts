// check-replica: whether a source, and the role that reads it, are fit for sample and sync. Reads the catalog and settings alone, in the very
// kind of snapshot that those take, so that a role that cannot export one is found out too.
import { ShapecastError } from '../core/errors.ts';
import { readUnreadable } from '../postgres/catalog/unreadable.ts';
import { findClientTools } from '../postgres/client-tools.ts';
import { describeServer } from '../postgres/connect.ts';
import { openSnapshot, type Snapshot } from '../postgres/read-only-snapshot.ts';
import { readReadingRole } from '../postgres/reading-role.ts';
import { isLoopback, isSocketFolder, resolveServerAddress } from '../postgres/server-address.ts';
import { readSessionFacts } from '../postgres/session-facts.ts';
import { readStandby } from '../postgres/standby.ts';
import type { ReplicaCheck } from '../spec/replica-check.ts';
import { judgeReplica, type ReplicaFacts } from './judge-replica.ts';

export interface CheckReplicaOptions {
  readonly url: string;
  /** The folder of pg_dump and psql; null: the PATH. */
  readonly toolFolder: string | null;
  readonly signal: AbortSignal;
}

const STATEMENT_TIMEOUT_MS = 60_000;
const LOCK_TIMEOUT_MS = 5000;

/** Throws CONNECT_FAILED, SERVER_TOO_OLD, URL_UNSUPPORTED, QUERY_FAILED, INTERRUPTED. */
export async function checkReplica({ url, toolFolder, signal }: CheckReplicaOptions): Promise<ReplicaCheck> {
  const snapshot = await openSnapshot(url, {
    readers: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    applicationName: 'shapecast check-replica',
    signal,
  });
  try {
    const facts = await readFacts(url, snapshot, toolFolder);
    return { server: describeServer(url), role: facts.role.name.replaceAll(/\p{Cc}/gu, '?'), answers: judgeReplica(facts) };
  } finally {
    await snapshot.close();
  }
}

async function readFacts(url: string, { clients, serverMajor }: Snapshot, toolFolder: string | null): Promise<ReplicaFacts> {
  const [client] = clients;
  if (client === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
  const role = await readReadingRole(client);
  if (role === null) throw new ShapecastError('BUG', { what: 'a session without a role' });
  const { host, sslMode } = resolveServerAddress(url, process.env);
  return {
    serverMajor,
    role,
    standby: await readStandby(client),
    session: await readSessionFacts(client),
    unreadable: await readUnreadable(client),
    transport: isSocketFolder(host) ? 'socket' : isLoopback(host) ? 'loopback' : 'network',
    sslMode,
    tools: await askTools(toolFolder, serverMajor),
  };
}

/** Without tools everything else can still be said. */
async function askTools(folder: string | null, serverMajor: number): Promise<ReplicaFacts['tools']> {
  try {
    const { major } = await findClientTools(folder, serverMajor);
    return major;
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'SYNC_TOOL_MISSING')
      return { reason: error.message.replace(/\.$/, '') };
    throw error;
  }
}
