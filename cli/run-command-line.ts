// Parses a command line, runs its command, and turns every ending into an exit status: 0 done, 1 a finding, 2 the user's
// mistake, 3 a server or file that failed us, 70 our bug. Errors go to stderr as a code, a sentence and the next step.
import yargs, { type Argv } from 'yargs';
import { exitStatusOf, ShapecastError } from '../core/errors.ts';
import { toolVersion } from '../core/tool.ts';
import type { Command, OptionTable, Outcome, World } from './command.ts';
import { runWithEvidence } from './evidence.ts';
import { nameUnknown } from './name-unknown.ts';

const DEBUG_OPTION = '--debug';

/** The exit status of the command line `argv` (without node and script), which may name one of the commands. Never throws. */
export async function runCommandLine(argv: readonly string[], commands: readonly Command[], context: World): Promise<number> {
  try {
    return await parseAndRun(argv, commands, context);
  } catch (thrown) {
    const error = explainAbort(thrown, argv, context);
    printError(error, context, argv.includes(DEBUG_OPTION));
    return exitStatusOf(error);
  }
}

/** After Ctrl-C whatever breaks first is thrown: an aborted wait, a cut connection. They all mean the same. */
function explainAbort(thrown: unknown, argv: readonly string[], context: World): unknown {
  if (!context.signal.aborted || thrown instanceof ShapecastError) return thrown;
  return new ShapecastError('INTERRUPTED', { what: argv[0] ?? 'shapecast' }, { cause: thrown });
}

async function parseAndRun(argv: readonly string[], commands: readonly Command[], context: World): Promise<Outcome> {
  let outcome: Outcome = 0;
  const parser = createParser(argv, commands, async (command, flags, operands) => {
    outcome = await runWithEvidence({ command, flags, operands }, context);
  });
  // With a callback yargs hands over what --help and --version print instead of printing it itself.
  await new Promise<void>((resolve, reject) => {
    parser
      .parseAsync([...argv], {}, (_error, _flags, output) => {
        if (output !== '') context.print(output);
      })
      .then(() => resolve(), reject);
  });
  return outcome;
}

type RunCommand = (command: Command, flags: Record<string, unknown>, operands: readonly string[]) => Promise<void>;

function createParser(argv: readonly string[], commands: readonly Command[], run: RunCommand): Argv {
  const parser = yargs()
    .scriptName('shapecast')
    .usage('$0 COMMAND [options]')
    .version(toolVersion())
    .option('debug', {
      type: 'boolean',
      default: false,
      describe: 'Print where an error happened',
    })
    .locale('en')
    .wrap(110)
    .strict()
    .demandCommand(1, 'Give a command')
    .recommendCommands()
    .exitProcess(false)
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError'
        ? usageError(nameUnknown(error?.message ?? message, argv, commands))
        : error;
    });
  for (const command of commands) addCommand(parser, command, run);
  return parser;
}

function addCommand(parser: Argv, command: Command, run: RunCommand): void {
  const { operands } = command;
  parser.command(
    operands === undefined ? command.name : `${command.name} <${operands.name}...>`,
    command.summary,
    (builder) => declareOptions(builder, command),
    async (flags) => {
      const given = operands === undefined ? [] : (flags[operands.name] as string[]);
      await run(command, flags, given.map(String));
    },
  );
}

function declareOptions(builder: Argv, command: Command): Argv {
  const { operands, options, example } = command;
  if (operands !== undefined) {
    builder.positional(operands.name, { type: 'string', array: true, describe: operands.description, demandOption: true });
  }
  return builder
    .options(requireValues(options))
    .example(example, '')
    .check((flags) => refuseRepeated(flags, options));
}

/** `--output` without a value is a mistake, not an empty text, unless the option says otherwise. */
function requireValues(options: OptionTable): OptionTable {
  const entries = Object.entries(options);
  return Object.fromEntries(
    entries.map(([name, option]) => [name, option.type === 'boolean' ? option : { requiresArg: true, ...option }]),
  );
}

/** yargs would hand on a list where one value is declared. Throws OPTION_INVALID. */
function refuseRepeated(flags: Record<string, unknown>, options: OptionTable): true {
  const repeated = Object.keys(options).find((name) => options[name]?.array !== true && Array.isArray(flags[name]));
  if (repeated === undefined) return true;
  throw new ShapecastError('OPTION_INVALID', { option: `--${repeated}`, reason: 'it is given more than once' });
}

/** yargs repeats what was typed, and a misplaced connection URL holds a password. */
function usageError(message: string): ShapecastError {
  const sentence = message.split(/\s+/).join(' ').trim();
  return new ShapecastError('USAGE', { reason: sentence.replace(/[\w+]+:\/\/\S+/g, '(a URL)').replace(/[.:]$/, '') });
}

function printError(error: unknown, context: World, debug: boolean): void {
  if (error instanceof ShapecastError) {
    context.tell(`error ${error.code}: ${error.message}`);
    context.tell(`  ${error.hint}`);
  } else {
    // Its message is not ours and may hold a row value or a connection string.
    const kind = error instanceof Error ? error.name : typeof error;
    context.tell(`error BUG: Internal error: an unexpected ${kind}.`);
    context.tell(
      '  This is a bug in shapecast: please report it with the command that you ran. --debug prints where it happened.',
    );
  }
  if (debug && error instanceof Error) context.tell(describeChain(error));
}

/** Where the error and its causes happened: frames and names only, because the message of a driver may quote a row. */
function describeChain(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = [error.name, ...frames].join('\n');
  return error.cause instanceof Error ? `${own}\ncaused by: ${describeChain(error.cause)}` : own;
}
