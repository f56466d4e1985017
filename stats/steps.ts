// Long work that pauses: a generator that tells at each pause how far it is and returns its result at the end. Who waits runs it to its
// end; who must hear Ctrl-C meanwhile gives the event loop a turn at each pause.

/** Work that tells its steps. */
export type Steps<Step, Result> = Generator<Step, Result, void>;

/** The result, without a pause. */
export function runToEnd<Step, Result>(steps: Steps<Step, Result>): Result {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** The same work with its steps told in other words. */
export function* mapSteps<From, To, Result>(steps: Steps<From, Result>, map: (step: From) => To): Steps<To, Result> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    yield map(next.value);
  }
}
