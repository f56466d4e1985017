// What the gateway says of its pool on its metrics port. The bearer goes to the address that was given and nowhere else: a redirect is an
// error, and so is an answer that is too long or none of a gateway.
import { ShapecastError } from '../../core/errors.ts';
import { systemCodeOf } from '../../core/system-code.ts';

export interface PoolState {
  readonly open: number;
  readonly idle: number;
  readonly queue: number;
  /** Since the gateway started. */
  readonly statements: number;
  readonly waitedSeconds: number;
}

const TIMEOUT_MS = 2000;
const LONGEST_ANSWER = 4_000_000;

/** Throws LOADTEST_METRICS_UNREADABLE; uses the network. */
export async function readPoolState(url: string, bearer: string | null): Promise<PoolState> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw unreadable(url, `status ${response.status}`);
    }
    return parsePoolState(url, await readAtMost(url, response));
  } catch (cause) {
    if (cause instanceof ShapecastError) throw cause;
    const reason = systemCodeOf(cause) ?? systemCodeOf(cause instanceof Error ? cause.cause : null) ?? 'no answer';
    throw unreadable(url, String(reason), cause);
  }
}

async function readAtMost(url: string, { body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const part of body ?? []) {
    length += part.byteLength;
    if (length > LONGEST_ANSWER) throw unreadable(url, 'the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsePoolState(url: string, text: string): PoolState {
  const lines = new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );
  const number = (name: string) => {
    const value = Number(lines.get(name) ?? Number.NaN);
    if (!Number.isFinite(value)) throw unreadable(url, `no ${name.replace(/\{.*/, '')} in the answer`);
    return value;
  };
  return {
    open: number('shapecast_pool_sessions{state="open"}'),
    idle: number('shapecast_pool_sessions{state="idle"}'),
    queue: number('shapecast_pool_queue'),
    statements: number('shapecast_pool_wait_seconds_count'),
    waitedSeconds: number('shapecast_pool_wait_seconds_sum'),
  };
}

function unreadable(url: string, reason: string, cause?: unknown): ShapecastError {
  return new ShapecastError('LOADTEST_METRICS_UNREADABLE', { metrics: new URL(url).origin, reason }, { cause });
}
