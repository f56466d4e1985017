// A secret is named on the command line, never written there: cmd:COMMAND, env:NAME or file:PATH.
// Neither a command's output nor its stderr is ever shown: a failing vault client may print what it holds.
import { exec } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { ShapecastError } from './errors.ts';
import { systemCodeOf } from './system-code.ts';

const COMMAND_TIMEOUT_MS = 60_000;
const MAX_SECRET_BYTES = 64 * 1024;

export interface SecretSource {
  /** The option that holds the reference, for messages: `--salt-from`. */
  readonly option: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * The text that the reference points at, without white space at its ends; never empty. `cmd:` runs a shell command
 * (at most 60 s). Throws SECRET_REFERENCE_INVALID or SECRET_UNAVAILABLE; neither repeats the reference.
 */
export async function resolveSecret(reference: string, source: SecretSource): Promise<string> {
  const match = /^(cmd|env|file):(.+)$/s.exec(reference);
  if (match === null) throw new ShapecastError('SECRET_REFERENCE_INVALID', { option: source.option });
  const [, kind, rest = ''] = match;
  const secret = (await readSecret(kind === 'cmd' ? 'cmd' : kind === 'env' ? 'env' : 'file', rest, source)).trim();
  if (secret === '') throw unavailable(source, 'it is empty');
  return secret;
}

async function readSecret(kind: 'cmd' | 'env' | 'file', rest: string, source: SecretSource): Promise<string> {
  switch (kind) {
    case 'cmd':
      return runCommand(rest, source);
    case 'env': {
      const value = source.environment[rest];
      if (value === undefined) throw unavailable(source, 'the variable is not set');
      return value;
    }
    case 'file':
      return readSecretFile(rest, source);
  }
}

async function runCommand(command: string, source: SecretSource): Promise<string> {
  try {
    const { stdout } = await promisify(exec)(command, {
      env: source.environment,
      timeout: COMMAND_TIMEOUT_MS,
      maxBuffer: MAX_SECRET_BYTES,
      ...(source.signal === undefined ? {} : { signal: source.signal }),
    });
    return stdout;
  } catch (cause) {
    // No `cause` is kept: exec's error carries the command and its output.
    throw unavailable(source, describeCommandFailure(cause));
  }
}

function describeCommandFailure(cause: unknown): string {
  const status = systemCodeOf(cause);
  return typeof status === 'number' ? `the command ended with status ${status}` : 'the command did not end by itself';
}

function readSecretFile(file: string, source: SecretSource): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw unavailable(source, `the file cannot be read (${systemCodeOf(cause) ?? 'unknown reason'})`);
  }
}

function unavailable(source: SecretSource, reason: string): ShapecastError {
  return new ShapecastError('SECRET_UNAVAILABLE', { option: source.option, reason });
}
