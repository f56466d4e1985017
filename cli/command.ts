// What a command is: its name, one sentence, its options, an example and what it does. A command file exports one such
// value and imports its stage only when it runs, so `--help` stays quick and works without a database driver.
import type { Writable } from 'node:stream';
import type { InferredOptionTypes, Options } from 'yargs';
import type { Progress } from '../core/progress.ts';
import type { SampleTuning } from '../sampler/sample.ts';
import type { EvidenceFacts } from '../spec/evidence.ts';

/** `quietMs`: nothing is said of work that ends sooner. */
export type StartProgress = (label: string, total: number, unit: string, quietMs?: number) => Progress;

/** A person's terminal. */
export interface Terminal {
  /** Runs the action while Ctrl-C belongs to the program that it starts on the terminal. */
  readonly lend: <Result>(action: () => Promise<Result>) => Promise<Result>;
}

/** The world outside, handed in so that tests can hand in another. */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that relative paths are relative to. */
  readonly folder: string;
  readonly now: () => Date;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line of the result, to stdout. */
  readonly print: (line: string) => void;
  /** Where bytes of a result go: stdout. */
  readonly output: Writable;
  /** A remark to the person at the terminal, to stderr. */
  readonly tell: (line: string) => void;
  readonly startProgress: StartProgress;
  /** Asks for a yes; false when nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Where stdin is one. */
  readonly terminal?: Terminal;
  /** Fixed by the demo, so that its pack, and so its rows, are the same every time. Everybody else leaves it alone. */
  readonly sampleTuning?: SampleTuning;
}

/** What a command gets: the world, and a place for what the evidence log should know of its run. */
export interface CommandContext extends World {
  /** Adds facts to the run's record; of hashes and counts those of the same name are replaced. Never a secret or a row's value. */
  readonly note: (facts: EvidenceFacts) => void;
}

/** 0: done. 1: a finding. Everything else is thrown. */
export type Outcome = 0 | 1;

export type OptionTable = Record<string, Options>;

/** Operands (arguments without a name), at most one kind per command. */
export interface Operands {
  readonly name: string;
  readonly description: string;
}

interface CommandParts<Table extends OptionTable> {
  readonly name: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  readonly example: string;
  readonly operands?: Operands;
  readonly options: Table;
  /** Touches no data: its runs are not recorded. */
  readonly leavesNoEvidence?: true;
  readonly run: (flags: InferredOptionTypes<Table>, context: CommandContext, operands: readonly string[]) => Promise<Outcome>;
}

/** A command with the types of its options forgotten, for the list of commands. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly operands?: Operands;
  readonly options: OptionTable;
  readonly leavesNoEvidence?: true;
  readonly run: (flags: Record<string, unknown>, context: CommandContext, operands: readonly string[]) => Promise<Outcome>;
}

/** A command as it was typed. */
export interface CommandRun {
  readonly command: Command;
  readonly flags: Record<string, unknown>;
  readonly operands: readonly string[];
}

/** Ties the type of the flags that `run` takes to the options declared beside it. */
export function defineCommand<const Table extends OptionTable>(parts: CommandParts<Table>): Command {
  // yargs has checked the flags against this very table before `run` sees them.
  return { ...parts, run: (flags, context, operands) => parts.run(flags as InferredOptionTypes<Table>, context, operands) };
}
