// Every variable of the environment that shapecast reads, once: `shapecast env` and docs/environment.md are made of this table, and a test
// fails when the code reads one that is not here.

/** url: a PostgreSQL URL, which may hold a password. webUrl: http. secret: its value is never shown. */
export type VariableKind = 'setting' | 'url' | 'webUrl' | 'secret';

export interface EnvironmentVariable {
  readonly name: string;
  readonly kind: VariableKind;
  /** A sentence without its full stop. */
  readonly meaning: string;
}

const variable = (name: string, kind: VariableKind, meaning: string): EnvironmentVariable => ({ name, kind, meaning });

/** In the order in which they are shown. */
export const environmentVariables: readonly EnvironmentVariable[] = [
  variable(
    'PROD_REPLICA_URL',
    'url',
    'The source of sample, suggest, sync, verify-shadow, check-replica and console: production, better a standby of it',
  ),
  variable('DATABASE_URL', 'url', 'The target of generate, load, compare, explain and teardown'),
  variable('SHADOW_DATABASE_URL', 'url', 'The shadow that sync replaces and verify-shadow checks'),
  variable(
    'SHAPECAST_ALLOWED_HOSTS',
    'setting',
    'Hosts of targets and shadows, with commas; unset: loopback and Unix sockets alone',
  ),
  variable('NODE_ENV', 'setting', 'production: nothing is written to a target, and no load is made'),
  variable('ANONYMIZATION_SALT', 'secret', 'The salt of sample, at least 32 random bytes as hex or base64'),
  variable(
    'MASKING_KEY',
    'secret',
    'The key of the masks of sync, which verify-shadow needs for digests: at least 32 random bytes as hex or base64',
  ),
  variable('SHAPECAST_EVIDENCE', 'setting', 'off: runs leave no evidence, and say so'),
  variable('SHAPECAST_EVIDENCE_DIR', 'setting', 'The folder of the evidence log; unset: .shapecast/evidence'),
  variable('EVIDENCE_KEY_FILE', 'setting', 'The file with the private Ed25519 key (JWK) that signs the evidence log'),
  variable('TMPDIR', 'setting', 'The temporary folder: masked dumps lie in its shapecast-dumps/, where purge looks for them'),
  variable('LOADTEST_BASE_URL', 'webUrl', 'Where loadtest sends its requests'),
  variable('LOADTEST_ALLOWED_HOSTS', 'setting', 'Hosts that loadtest may send to, with commas; unset: loopback alone'),
  variable('LOADTEST_ALLOW_PROD', 'setting', 'true: loadtest runs under NODE_ENV=production too'),
  variable('LOADTEST_BEARER', 'secret', 'The token that loadtest sends'),
  variable('METRICS_BEARER', 'secret', 'The token that serve asks of whoever reads its metrics'),
  variable('PGHOST', 'setting', 'As in libpq, as all of the following: the host of a URL that names none'),
  variable('PGHOSTADDR', 'setting', 'That libpq is set up by the environment; the address itself is not used'),
  variable('PGPORT', 'setting', 'The port'),
  variable('PGDATABASE', 'setting', 'The database'),
  variable('PGUSER', 'setting', 'The login'),
  variable('PGPASSWORD', 'secret', 'The password'),
  variable('PGPASSFILE', 'setting', 'The password file; unset: ~/.pgpass'),
  variable('PGSERVICE', 'setting', 'The name of a service in the service file'),
  variable('PGSERVICEFILE', 'setting', 'The service file; unset: ~/.pg_service.conf'),
  variable('PGSYSCONFDIR', 'setting', "The folder of the system's service file"),
  variable('PGSSLMODE', 'setting', 'How to encrypt: disable, allow, prefer, require, verify-ca or verify-full'),
  variable('PGSSLROOTCERT', 'setting', 'The certificates that sign servers'),
  variable('PGSSLCERT', 'setting', 'The certificate to log in by'),
  variable('PGSSLKEY', 'setting', 'The file of its key'),
  variable('PGOPTIONS', 'setting', 'Settings for the session'),
];
