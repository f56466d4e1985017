// A copy from a standby: what its settings mean for the snapshot, in words, and the copy again from its beginning with a new snapshot when
// the server cancelled the old one. One table alone cannot start over: it would come from another moment than the tables before it, and
// references between them would break.
import { exitStatusOf, ShapecastError } from '../core/errors.ts';
import type { Snapshot } from '../postgres/read-only-snapshot.ts';
import { type Standby, watchConflicts } from '../postgres/standby.ts';

const GRACE_MS = 1000;

/** What the source does with the snapshot, for a person; `null`: it is no standby. Pure. */
export function describeStandby(standby: Standby | null): string {
  if (standby === null) return 'the source is not a replica: its vacuum waits for the snapshot as long as the copy takes';
  const { hasFeedback, maxDelayMs, delaySetting } = standby;
  const delay = `${delaySetting} is ${maxDelayMs < 0 ? '-1' : `${maxDelayMs / 1000} s`}`;
  if (maxDelayMs < 0)
    return `the source is a replica that waits with its replay for the copy (${delay}), and falls behind meanwhile`;
  if (hasFeedback)
    return `the source is a replica with hot_standby_feedback: vacuum on its primary waits for the snapshot; a lock there (ALTER, TRUNCATE) cancels the copy when it waits longer than ${delay} allows`;
  return `the source is a replica without hot_standby_feedback: a vacuum on its primary cancels the copy when it has to wait for longer than ${delay} allows, and the copy starts over`;
}

/** Tells the log and the person that the copy starts over. */
export function onceMore({ mostRestarts, log, tell }: Told): (restarts: number) => void {
  return (restarts) => {
    const line = `the standby cancelled the snapshot for its replay: the copy starts over with a new one, ${restarts} of at most ${mostRestarts} times`;
    log(line);
    tell(`note: ${line}`);
  };
}

interface Told {
  readonly mostRestarts: number;
  readonly log: (line: string) => void;
  readonly tell: (line: string) => void;
}

export interface Attempt {
  readonly snapshot: Snapshot;
  /** Raised by Ctrl-C and by `fail`. */
  readonly signal: AbortSignal;
  readonly fail: () => void;
  /** How often the copy has started over. */
  readonly restarts: number;
}

export interface AttemptOptions {
  /** How often the copy may start over, 0 or more. */
  readonly mostRestarts: number;
  readonly signal: AbortSignal;
  readonly open: (signal: AbortSignal) => Promise<Snapshot>;
  readonly onRestart: (restarts: number) => void;
}

/** Runs the action in a snapshot, and again in a new one when a standby cancelled it. Throws SYNC_STANDBY_CONFLICT after the last attempt. */
export async function withSnapshot<Result>(
  options: AttemptOptions,
  action: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  for (let restarts = 0; ; restarts += 1) {
    const outcome = await tryOnce(options, restarts, action);
    if (outcome.state === 'done') return outcome.result;
    if (restarts >= options.mostRestarts)
      throw new ShapecastError('SYNC_STANDBY_CONFLICT', { times: restarts + 1 }, { cause: outcome.cause });
    options.onRestart(restarts + 1);
  }
}

type Outcome<Result> =
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'conflict'; readonly cause: unknown };

async function tryOnce<Result>(
  { open, signal }: AttemptOptions,
  restarts: number,
  action: (attempt: Attempt) => Promise<Result>,
): Promise<Outcome<Result>> {
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const snapshot = await open(either);
  const conflicts = snapshot.isReplica ? watchConflicts(snapshot.clients) : null;
  try {
    return { state: 'done', result: await action({ snapshot, signal: either, fail: () => abort.abort(), restarts }) };
  } catch (cause) {
    // The message may come after the failure, but not after a refusal of ours.
    const isRefusal = [1, 2].includes(exitStatusOf(cause));
    if (signal.aborted || (await conflicts?.happened(isRefusal ? 0 : GRACE_MS)) !== true) throw cause;
    return { state: 'conflict', cause };
  } finally {
    await snapshot.close();
  }
}
