// The files that a command line names as its input, by their digests: what was done is only known with what it was done by.
import fs from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '../core/canonical-json.ts';
import { type EvidenceRecord, MOST_NAMES } from '../spec/evidence.ts';
import type { CommandRun } from './command.ts';
import { plainText } from './evidence-facts.ts';

/** Options whose value is a file that is read. */
const INPUT_OPTIONS = [
  'policy',
  'pack',
  'with',
  'spec',
  'create',
  'workload',
  'baseline',
  'config',
  'scenario',
  'rules',
  'cadence',
  'run',
  'comparison',
  'explanation',
  'load',
];

/** One entry per file that is there now; a missing one is the command's to complain about. Reads the files. */
export function hashInputs({ command, flags, operands }: CommandRun, folder: string): EvidenceRecord['inputs'] {
  const named = INPUT_OPTIONS.flatMap((option) => {
    const file = command.options[option] === undefined ? undefined : flags[option];
    return typeof file === 'string' ? [{ option, file }] : [];
  });
  const given = operands.map((file) => ({ option: command.operands?.name ?? 'operand', file }));
  return [...named, ...given].slice(0, MOST_NAMES).flatMap(({ option, file }) => {
    const sha256 = hashFile(path.resolve(folder, file));
    return sha256 === null ? [] : [{ option, file: plainText(path.basename(file), 300), sha256 }];
  });
}

function hashFile(file: string): string | null {
  try {
    // A pipe can be read once, and that is the command's.
    return fs.statSync(file).isFile() ? sha256Hex(fs.readFileSync(file)) : null;
  } catch {
    return null;
  }
}
