// The hook that leaves evidence of every run: a record before the work begins, and one when it has ended, however it ended. So
// a folder that cannot be written stops a run before it touches anything, and a killed run is one without an end.
import path from 'node:path';
import { exitStatusOf, ShapecastError } from '../core/errors.ts';
import { newRunId, toolCommit, toolVersion } from '../core/tool.ts';
import type { EvidencePlace, NewRecord } from '../evidence/evidence-log.ts';
import type { EvidenceFacts, RunStatus } from '../spec/evidence.ts';
import type { CommandRun, Outcome, World } from './command.ts';
import { addFacts, plainText } from './evidence-facts.ts';
import { hashInputs } from './evidence-inputs.ts';
import { resolveOperator } from './options.ts';

const DEFAULT_FOLDER = '.shapecast/evidence';

/** Where the evidence goes: SHAPECAST_EVIDENCE_DIR, else .shapecast/evidence in the current folder; signed by EVIDENCE_KEY_FILE if that is set. */
export function evidencePlace({ environment, folder }: World): EvidencePlace {
  const { SHAPECAST_EVIDENCE_DIR: given = '', EVIDENCE_KEY_FILE: key = '' } = environment;
  return {
    folder: path.resolve(folder, given === '' ? DEFAULT_FOLDER : given),
    keyFile: key === '' ? null : path.resolve(folder, key),
  };
}

/**
 * Runs the command between two records. Throws what the command throws; FILE_UNWRITABLE and the like before the work where no
 * record can be written, and after it where the second one cannot: the result stands then, and the exit status says that its
 * evidence is not whole.
 */
export async function runWithEvidence(run: CommandRun, world: World): Promise<Outcome> {
  const { command, flags, operands } = run;
  if (command.leavesNoEvidence === true || isSwitchedOff(command.name, world))
    return command.run(flags, { ...world, note: () => undefined }, operands);
  const { appendRecord } = await import('../evidence/evidence-log.ts');
  const place = evidencePlace(world);
  const start = describeStart(run, world);
  await appendRecord(place, start);
  let facts: EvidenceFacts = {};
  const note = (more: EvidenceFacts) => {
    facts = addFacts(facts, more);
  };
  const finish = (status: RunStatus, error: string | null) =>
    appendRecord(place, { ...start, completedAt: world.now().toISOString(), status, error, facts });
  let outcome: Outcome;
  try {
    outcome = await command.run(flags, { ...world, note }, operands);
  } catch (error) {
    const { status, code } = describeEnding(error, world);
    await finish(status, code).catch((cause: unknown) => tellUnwritten(cause, world));
    throw error;
  }
  try {
    await finish(outcome === 0 ? 'completed' : 'finding', null);
  } catch (error) {
    world.tell('The run is done and its result stands, but the record of its end could not be written:');
    throw error;
  }
  return outcome;
}

/** The record that a run of this command begins with. */
export function describeStart({ command, flags, operands }: CommandRun, world: World): NewRecord {
  const given = Object.entries(command.options).filter(([name, option]) => isGiven(flags[name], option.default));
  return {
    runId: newRunId(),
    command: command.name,
    options: given.map(([name]) => (flags[name] === false ? `no-${name}` : name)),
    tool: toolVersion(),
    commit: toolCommit(),
    operator: plainText(resolveOperator(typeof flags.operator === 'string' ? flags.operator : undefined), 200),
    startedAt: world.now().toISOString(),
    completedAt: null,
    status: 'started',
    error: null,
    inputs: hashInputs({ command, flags, operands }, world.folder),
    facts: {},
  };
}

function isGiven(value: unknown, fallback: unknown): boolean {
  return value !== undefined && value !== fallback;
}

function isSwitchedOff(command: string, { environment, tell }: World): boolean {
  const setting = environment.SHAPECAST_EVIDENCE ?? '';
  if (setting === '' || setting === 'on') return false;
  if (setting !== 'off')
    throw new ShapecastError('OPTION_INVALID', { option: 'SHAPECAST_EVIDENCE', reason: 'expected on or off' });
  tell(`note: SHAPECAST_EVIDENCE=off: this ${command} leaves no evidence`);
  return true;
}

function describeEnding(error: unknown, { signal }: World): { readonly status: RunStatus; readonly code: string } {
  const isOurs = error instanceof ShapecastError;
  // After Ctrl-C whatever breaks first is thrown.
  const code = isOurs ? error.code : signal.aborted ? 'INTERRUPTED' : 'BUG';
  if (code === 'INTERRUPTED') return { status: 'interrupted', code };
  const exitStatus = exitStatusOf(error);
  return { status: exitStatus === 1 ? 'finding' : exitStatus === 2 ? 'refused' : 'failed', code };
}

function tellUnwritten(error: unknown, { tell }: World): void {
  tell(`The record of this run's end could not be written: ${error instanceof ShapecastError ? error.message : 'a bug'}`);
}
