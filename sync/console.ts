// console: a person's look at production's replica. A session's default of read-only transactions can be switched off in it, so on a server that
// takes writes the role itself must have no right to write.
import { ShapecastError } from '../core/errors.ts';
import { withClient } from '../postgres/connect.ts';
import { openPsql, type PsqlOptions } from '../postgres/open-psql.ts';
import { mayWrite, readReadingRole } from '../postgres/reading-role.ts';
import { readServerMajor } from '../postgres/server-version.ts';
import { readStandby } from '../postgres/standby.ts';

export interface ConsoleOptions extends PsqlOptions {
  /** Also with a role that may write. */
  readonly allowsWritingRole: boolean;
  /** A remark for the person. */
  readonly tell: (line: string) => void;
}

/** psql's exit status. Throws CONSOLE_ROLE_WRITES, CONSOLE_CUT_OFF, SYNC_TOOL_MISSING and what connecting throws. */
export async function openConsole(options: ConsoleOptions): Promise<number> {
  await judgeRole(options);
  const status = await openPsql(options);
  // 2: psql lost its connection, or got none.
  if (status === 2 || status === null) throw new ShapecastError('CONSOLE_CUT_OFF', {});
  return status;
}

const STATEMENT_TIMEOUT_MS = 30_000;

async function judgeRole({ url, allowsWritingRole, tell }: ConsoleOptions): Promise<void> {
  const limits = { applicationName: 'shapecast console', statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const { role, isStandby } = await withClient(url, limits, async (client) => {
    await readServerMajor(client);
    return { role: await readReadingRole(client), isStandby: (await readStandby(client)) !== null };
  });
  if (role === null || !mayWrite(role)) return;
  // A standby takes no writes from anybody.
  if (!isStandby && !allowsWritingRole) throw new ShapecastError('CONSOLE_ROLE_WRITES', {});
  tell(
    `note: this role may write${isStandby ? ' where it is no standby' : ', and only the setting default_transaction_read_only keeps it from it'}; shapecast check-replica says what`,
  );
}
