// Verdicts that no test server can be brought to give at will: lag, TLS over a network, versions to come.
import { judgeReplica, type ReplicaFacts } from '../../sync/judge-replica.ts';

const standby = {
  hasFeedback: false,
  maxDelayMs: -1,
  delaySetting: 'max_standby_streaming_delay',
  lagBytes: 0,
  lagSeconds: 0,
} as const;
const good: ReplicaFacts = {
  serverMajor: 15,
  standby,
  role: {
    name: 'reader',
    isSuperuser: false,
    mayCreateDatabases: false,
    mayCreateRoles: false,
    mayReplicate: false,
    mayCreateSchemas: false,
    bypassesPolicies: false,
    connectionLimit: -1,
    isReadOnlyByDefault: true,
    hasStatementTimeout: true,
    writingRoles: [],
    writable: [],
    creatable: [],
  },
  session: { isEncrypted: true, tlsVersion: 'TLSv1.3', sizeBytes: 1e9, largeObjects: 0 },
  unreadable: [],
  transport: 'network',
  sslMode: 'verify-full',
  tools: 15,
};
const verdicts = (facts: Partial<ReplicaFacts>) =>
  judgeReplica({ ...good, ...facts })
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ check, verdict }) => `${check}: ${verdict}`);
const plain = { ...good.session, isEncrypted: false, tlsVersion: null };

test.each<[string, Partial<ReplicaFacts>, string[]]>([
  ['nothing to say against a standby whose replay waits', {}, []],
  ['a network without TLS', { session: plain, sslMode: 'prefer' }, ['encryption: fail']],
  ['loopback without TLS', { session: plain, sslMode: 'disable', transport: 'loopback' }, []],
  ['TLS with a server of any name', { sslMode: 'verify-ca' }, ['encryption: warn']],
  ['lag of an hour', { standby: { ...standby, lagSeconds: 3600, lagBytes: 1e6 } }, ['lag: warn']],
  ['a standby that never replayed', { standby: { ...standby, lagSeconds: null, lagBytes: null } }, ['lag: warn']],
  ['a server of a version to come', { serverMajor: 19 }, ['version: warn']],
  ['tools that are missing', { tools: { reason: 'pg_dump cannot be used: it is not on the PATH' } }, ['client tools: fail']],
])('%s', (_, facts, expected) => {
  expect(verdicts(facts)).toEqual(expected);
});

test('a name with a line break stays on its line', () => {
  const role = { ...good.role, writable: [{ schema: 'public', name: 'evil\n✓ writing' }], creatable: ['a\nb'] };

  expect(judgeReplica({ ...good, role }).filter(({ found }) => found.includes('\n'))).toEqual([]);
});
