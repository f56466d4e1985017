// The verdicts of check-replica, a question each. Pure: facts in, answers out, in the order in which a person would repair them.
import { formatTableKey, type QualifiedName } from '../core/identifiers.ts';
import { formatBytes, formatSeconds } from '../core/progress.ts';
import type { Unreadable } from '../postgres/catalog/unreadable.ts';
import type { ReadingRole } from '../postgres/reading-role.ts';
import type { SessionFacts } from '../postgres/session-facts.ts';
import type { Standby } from '../postgres/standby.ts';
import type { ReplicaAnswer } from '../spec/replica-check.ts';
import { describeUnreadable } from './refuse-unreadable.ts';

export interface ReplicaFacts {
  readonly serverMajor: number;
  readonly standby: Standby | null;
  readonly role: ReadingRole;
  readonly session: SessionFacts;
  readonly unreadable: readonly Unreadable[];
  readonly transport: 'socket' | 'loopback' | 'network';
  /** libpq's word for how far the server is trusted to be who it says. */
  readonly sslMode: string;
  /** Of pg_dump; or why the tools cannot be used. */
  readonly tools: number | { readonly reason: string };
}

/** One answer per question. */
export function judgeReplica(facts: ReplicaFacts): ReplicaAnswer[] {
  return [
    judgeVersion(facts.serverMajor),
    judgeTools(facts.tools),
    judgeStandby(facts.standby),
    judgeLag(facts.standby),
    judgeConflicts(facts.standby),
    judgeEncryption(facts),
    judgeAttributes(facts.role),
    judgeWrites(facts.role),
    judgeDefaults(facts.role),
    judgeGrants(facts.unreadable),
    judgeHiddenRows(facts.unreadable),
    judgeLargeObjects(facts.session),
    answer('size', 'ok', `${formatBytes(facts.session.sizeBytes)} with indexes; a snapshot can be exported`),
  ];
}

function answer(check: string, verdict: ReplicaAnswer['verdict'], found: string, advice: string | null = null): ReplicaAnswer {
  // A name may hold a line break, and an answer is one line.
  return { check, verdict, found: found.replaceAll(/\p{Cc}/gu, '?'), advice };
}

const NEWEST_TESTED = 18;

function judgeVersion(major: number): ReplicaAnswer {
  if (major <= NEWEST_TESTED) return answer('version', 'ok', `PostgreSQL ${major}`);
  return answer('version', 'warn', `PostgreSQL ${major}, newer than what shapecast was tested with`, 'Try it on a copy first.');
}

function judgeTools(tools: ReplicaFacts['tools']): ReplicaAnswer {
  if (typeof tools === 'number') return answer('client tools', 'ok', `pg_dump ${tools}, and psql`);
  const advice = 'sync needs both, at least as new as the server: install them, or name their folder with --tools.';
  return answer('client tools', 'fail', tools.reason, advice);
}

function judgeStandby(standby: Standby | null): ReplicaAnswer {
  if (standby !== null) return answer('replica', 'ok', 'a standby');
  return answer('replica', 'warn', 'a primary: a long snapshot holds back its vacuum', 'Point PROD_REPLICA_URL at a standby.');
}

const MUCH_LAG_SECONDS = 300;

function judgeLag(standby: Standby | null): ReplicaAnswer {
  if (standby === null) return answer('lag', 'ok', 'none: not a standby');
  const { lagSeconds, lagBytes } = standby;
  if (lagSeconds === null || lagBytes === null)
    return answer('lag', 'warn', 'unknown: it streams from no primary', 'Check that replication runs; rows may be old.');
  const found = `${formatSeconds(lagSeconds)}, ${formatBytes(lagBytes)} received and not replayed`;
  if (lagSeconds <= MUCH_LAG_SECONDS) return answer('lag', 'ok', found);
  return answer('lag', 'warn', found, 'What is copied is so old. Wait, or look for what holds replay back.');
}

function judgeConflicts(standby: Standby | null): ReplicaAnswer {
  if (standby === null) return answer('long snapshot', 'ok', 'nothing is replayed here that could cancel it');
  const { hasFeedback, maxDelayMs, delaySetting } = standby;
  if (hasFeedback)
    return answer(
      'long snapshot',
      'ok',
      'hot_standby_feedback is on: the primary keeps the rows that it needs, and its vacuum waits',
    );
  if (maxDelayMs < 0) return answer('long snapshot', 'ok', `${delaySetting} is -1: replay waits for it, and lag grows meanwhile`);
  const found = `it may be cancelled when it has held up replay for ${formatSeconds(maxDelayMs / 1000)} (${delaySetting}; hot_standby_feedback is off)`;
  const advice = `For a copy that takes longer: set hot_standby_feedback = on, or a standby of its own with ${delaySetting} = -1.`;
  return answer('long snapshot', 'warn', found, advice);
}

function judgeEncryption({ transport, session, sslMode }: ReplicaFacts): ReplicaAnswer {
  if (transport === 'socket') return answer('encryption', 'ok', 'a Unix socket: nothing crosses a network');
  if (!session.isEncrypted && transport === 'loopback') return answer('encryption', 'ok', 'none, and none needed: loopback');
  if (!session.isEncrypted)
    return answer(
      'encryption',
      'fail',
      'none: rows and login cross the network in clear',
      'Add sslmode=verify-full&sslrootcert=FILE to the URL.',
    );
  const found = `${session.tlsVersion ?? 'TLS'}, sslmode ${sslMode}`;
  if (sslMode === 'verify-full') return answer('encryption', 'ok', found);
  return answer('encryption', 'warn', `${found}: the server's name is not checked`, 'Use sslmode=verify-full with sslrootcert.');
}

const SETUP = 'sync/replica-setup.sql makes a role that has only what is needed.';

function judgeAttributes(role: ReadingRole): ReplicaAnswer {
  if (role.isSuperuser) return answer('role', 'fail', 'a superuser', SETUP);
  const more = [
    role.mayCreateDatabases ? 'CREATEDB' : null,
    role.mayCreateRoles ? 'CREATEROLE' : null,
    role.mayReplicate ? 'REPLICATION' : null,
  ].filter((word) => word !== null);
  if (more.length > 0) return answer('role', 'fail', `it has ${more.join(', ')}, which reading does not need`, SETUP);
  const { connectionLimit: limit } = role;
  const found = `no superuser, ${role.bypassesPolicies ? 'BYPASSRLS' : 'no BYPASSRLS'}, ${limit < 0 ? 'no connection limit' : `${limit} connections`}`;
  const isTight = limit >= 0 && limit < LEAST_CONNECTIONS;
  return answer('role', isTight ? 'warn' : 'ok', found, isTight ? `sync with two jobs needs ${LEAST_CONNECTIONS}.` : null);
}

/** Two readers, pg_dump, and the session that cancels. */
const LEAST_CONNECTIONS = 4;

function judgeWrites(role: ReadingRole): ReplicaAnswer {
  if (role.isSuperuser) return answer('writing', 'fail', 'a superuser may write everywhere', SETUP);
  const found = [
    ...role.writingRoles.map((name) => `is a member of ${name}`),
    ...(role.writable.length === 0 ? [] : [`may change ${listNames(role.writable)}`]),
    ...(role.mayCreateSchemas ? ['may create schemas in the database'] : []),
    ...(role.creatable.length === 0 ? [] : [`may create in the schemas ${role.creatable.slice(0, SHOWN).join(', ')}`]),
  ];
  if (found.length === 0) return answer('writing', 'ok', 'no right to write, create, or reach the files of the server');
  const advice = 'Revoke it: a standby refuses to write, but the same login works on the primary. Rights of PUBLIC count too.';
  return answer('writing', 'fail', `it ${found.join('; it ')}`, advice);
}

function judgeDefaults({ isReadOnlyByDefault, hasStatementTimeout }: ReadingRole): ReplicaAnswer {
  if (isReadOnlyByDefault && hasStatementTimeout)
    return answer('defaults', 'ok', 'its sessions begin read-only and with a statement time-out');
  const missing = [
    isReadOnlyByDefault ? null : 'default_transaction_read_only is off',
    hasStatementTimeout ? null : 'statement_timeout is 0',
  ].filter((word) => word !== null);
  return answer(
    'defaults',
    'warn',
    missing.join('; '),
    'shapecast sets both itself; for whoever logs in by hand: alter role ... set ...',
  );
}

const SHOWN = 5;

function listNames(names: readonly QualifiedName[]): string {
  const shown = names.slice(0, SHOWN).map(formatTableKey);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function judgeGrants(unreadable: readonly Unreadable[]): ReplicaAnswer {
  const missing = unreadable.filter(({ reason }) => reason === 'grant' || reason === 'schema');
  if (missing.length === 0) return answer('grants', 'ok', 'every table and sequence may be read');
  const advice = 'Grant USAGE on the schemas and SELECT on these: pg_dump and the copy need both.';
  return answer('grants', 'fail', `it may not read ${listNames(missing)}`, advice);
}

function judgeHiddenRows(unreadable: readonly Unreadable[]): ReplicaAnswer {
  const policies = unreadable.filter(({ reason }) => reason === 'policy');
  const unlogged = unreadable.filter(({ reason }) => reason === 'unlogged');
  if (policies.length + unlogged.length === 0) return answer('hidden rows', 'ok', 'no policy hides rows, no table is unlogged');
  const found = [
    ...(policies.length === 0 ? [] : [`${listNames(policies)}: ${describeUnreadable('policy')}`]),
    ...(unlogged.length === 0 ? [] : [`${listNames(unlogged)}: ${describeUnreadable('unlogged')}`]),
  ];
  const advice = 'Give the role BYPASSRLS, or give the tables rows: none in the rules.';
  return answer('hidden rows', policies.length > 0 ? 'fail' : 'warn', found.join('; '), advice);
}

function judgeLargeObjects({ largeObjects }: SessionFacts): ReplicaAnswer {
  if (largeObjects === 0) return answer('large objects', 'ok', 'none');
  return answer(
    'large objects',
    'warn',
    `${largeObjects}, which no rule can mask`,
    'largeObjects: skip in the rules leaves them behind.',
  );
}
