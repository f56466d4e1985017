// console: psql on the source, read-only, with a record of who looked and for how long; of what was asked there is none.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { operatorOption, wholeNumber } from '../options.ts';
import { openSource } from '../source.ts';

export const consoleCommand = defineCommand({
  name: 'console',
  summary: 'Open psql on the source, read-only and without history, and record who did',
  example: 'shapecast console --source postgresql://shapecast_reader@replica/app',
  options: {
    source: { type: 'string', describe: 'Source database URL (default: PROD_REPLICA_URL)' },
    command: { type: 'string', describe: 'SQL to run instead of asking on the terminal' },
    'statement-timeout': { type: 'number', default: 60, describe: 'Seconds after which the server ends a statement' },
    'allow-writing-role': {
      type: 'boolean',
      default: false,
      describe:
        'Go on with a role that may write to a primary; only default_transaction_read_only stops it then, and the session can turn that off',
    },
    tools: { type: 'string', describe: 'Folder of psql (default: the PATH)' },
    operator: operatorOption,
  },
  async run(flags, context) {
    const { terminal } = context;
    const sql = flags.command ?? null;
    if (sql === null && terminal === undefined) throw new ShapecastError('CONSOLE_NO_TERMINAL', {});
    const url = await openSource(flags.source, context);
    const { openConsole } = await import('../../sync/console.ts');
    const options = {
      url,
      sql,
      folder: flags.tools === undefined ? null : path.resolve(context.folder, flags.tools),
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      allowsWritingRole: flags['allow-writing-role'],
      signal: context.signal,
      tell: context.tell,
    };
    const status =
      sql === null && terminal !== undefined ? await terminal.lend(() => openConsole(options)) : await openConsole(options);
    context.note({ verdict: status === 0 ? 'closed' : 'ended by an error of a statement' });
    return status === 0 ? 0 : 1;
  },
});
