// The git program, asked about a checkout that may be hostile: by commands that read objects alone (no index, so no filter and no
// fsmonitor), with nothing of git's environment, no hooks, no fetching of missing objects and no replaced ones.
import { execFileSync } from 'node:child_process';
import { systemCodeOf } from './system-code.ts';

const TIMEOUT_MS = 20_000;
const SETTINGS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat'];

/** What git printed; `missing`: it is not installed; else the status that it ended with, null when it was ended. */
export type GitAnswer =
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly status: number | null };

/** Runs git in the folder, without a shell; at most 20 s. Its words on stderr are dropped. */
export function runGit(folder: string, argv: readonly string[]): GitAnswer {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  try {
    const text = execFileSync('git', [...settings, ...argv], {
      cwd: folder,
      encoding: 'utf8',
      env: gitEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
    });
    return { kind: 'printed', text };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return { kind: 'missing' };
    return { kind: 'failed', status: statusOf(error) };
  }
}

/** GIT_DIR and its like would point at another checkout; protocols are off because a partial clone fetches what it lacks. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(GIT|SSH_ASKPASS)/i.test(name));
  return {
    ...Object.fromEntries(others),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

function statusOf(error: unknown): number | null {
  if (error === null || typeof error !== 'object' || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}
