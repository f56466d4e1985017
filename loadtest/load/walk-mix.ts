// One connection's way through a mix with flows: which request comes next, with the values that the answers before gave. A pass of a flow
// ends at its last step, or at the first that was refused, was not answered, or lacked what was to be captured.
import { randomUUID } from 'node:crypto';
import { captureValues, fillBody, fillPath } from './fill-names.ts';
import type { Mix, MixItem, MixRequest } from './mix.ts';

export interface FilledRequest {
  readonly request: MixRequest;
  readonly path: string;
  readonly body: string | null;
}

export interface FlowCount {
  started: number;
  completed: number;
  broken: number;
}

export interface MixWalk {
  /** The next one to send. A step that was not answered until now ends its flow. */
  next(): FilledRequest;
  /** The answer to the last one. */
  answer(status: number, body: string): void;
}

interface Pass {
  readonly item: MixItem;
  readonly values: Map<string, string>;
  step: number;
  isAnswered: boolean;
}

/** `first`: where in the mix it begins. `counts` (by flow) and `drawSequence` are shared by all connections. */
export function walkMix(mix: Mix, first: number, counts: readonly FlowCount[], drawSequence: () => number): MixWalk {
  let place = first;
  let pass: Pass | null = null;
  const count = ({ flow }: MixItem, what: keyof FlowCount) => {
    const counted = flow === null ? undefined : counts[flow];
    if (counted !== undefined) counted[what] += 1;
  };
  const begin = (): Pass => {
    // A mix is never empty.
    const item = mix.items[place % mix.items.length] as MixItem;
    place += 1;
    count(item, 'started');
    const values = new Map([
      ['uuid', randomUUID()],
      ['sequence', String(drawSequence())],
    ]);
    return { item, values, step: 0, isAnswered: false };
  };
  return {
    next() {
      if (pass !== null && !pass.isAnswered) {
        count(pass.item, 'broken');
        pass = null;
      }
      pass ??= begin();
      pass.isAnswered = false;
      // `answer` leaves no pass behind its last step.
      const request = pass.item.steps[pass.step] as MixRequest;
      const body = request.body === null ? null : fillBody(request.body, pass.values);
      return { request, path: fillPath(request.path, pass.values), body };
    },
    answer(status, body) {
      if (pass === null || pass.isAnswered) return;
      const { item, step } = pass;
      const captured = status >= 400 ? null : captureValues(body, item.steps[step]?.capture ?? {});
      if (captured === null) {
        count(item, 'broken');
        pass = null;
        return;
      }
      for (const [name, value] of captured) pass.values.set(name, value);
      pass.isAnswered = true;
      pass.step += 1;
      if (pass.step < item.steps.length) return;
      count(item, 'completed');
      pass = null;
    },
  };
}
