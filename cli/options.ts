// Options that several commands share, declared once. Every value from the command line is a string, number or boolean
// that yargs has checked; ranges are checked by the functions below.
import os from 'node:os';
import { ShapecastError } from '../core/errors.ts';
import { operatorName } from '../core/tool.ts';
import { BANDS } from '../spec/spec.ts';

export const jsonOption = {
  type: 'boolean',
  default: false,
  describe: 'Print the result as JSON on stdout',
} as const;

export const targetOption = {
  type: 'string',
  describe: 'Target database URL (default: DATABASE_URL; without it the embedded server in .shapecast/server)',
} as const;

export const operatorOption = {
  type: 'string',
  describe: 'Who runs this, for the record (default: the login name)',
} as const;

export const forceOption = {
  type: 'boolean',
  default: false,
  describe: 'Overwrite what was written before',
} as const;

export const bandOption = { choices: BANDS, default: 'dev' as const, describe: 'Size band of the spec' } as const;

export const packOption = { type: 'string', demandOption: true, describe: 'The pack (shape-metrics-YYYYMMDD.json)' } as const;

/** The operator as given, else the login name. */
export function resolveOperator(flag: string | undefined): string {
  return flag === undefined || flag === '' ? operatorName() : flag;
}

/** The number checked to be whole and at least `least`. Throws OPTION_INVALID. */
export function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ShapecastError('OPTION_INVALID', { option, reason: `expected a whole number of at least ${least}` });
}

/** The number checked to be finite and above zero. Throws OPTION_INVALID. */
export function positiveNumber(option: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ShapecastError('OPTION_INVALID', { option, reason: 'expected a number above 0' });
}

/** Half of the processor's threads, at least 1: the server needs the other half. */
export function defaultWorkers(): number {
  return Math.max(1, Math.floor(os.availableParallelism() / 2));
}
