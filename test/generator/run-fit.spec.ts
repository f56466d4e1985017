// The fit's line of progress, and Ctrl-C in the middle of it.

import { randomCase } from '../../bench/random-plans/random-case.ts';
import type { Progress } from '../../core/progress.ts';
import type { ProfilesStep } from '../../generator/plan/profiles/add-profiles.ts';
import { examinePlan, examinePlanInSteps } from '../../generator/plan/resolve-plan.ts';
import { runFit } from '../../generator/run-fit.ts';
import type { Steps } from '../../stats/steps.ts';

interface Line {
  readonly label: string;
  readonly total: number;
  readonly quietMs: number;
  swaps: number;
  closedWith: number | undefined;
}

function collectLines() {
  const lines: Line[] = [];
  const startProgress = (label: string, total: number, _unit: string, quietMs = 0): Progress => {
    const line: Line = { label, total, quietMs, swaps: 0, closedWith: undefined };
    lines.push(line);
    return {
      advance: (amount) => {
        line.swaps += amount;
      },
      finish: (end) => {
        line.closedWith = end;
      },
    };
  };
  return { lines, startProgress };
}

const step = (table: string, done: number, swaps: number): ProfilesStep => ({ table, done, of: 2, swaps, mostSwaps: 100 });

test('each table has a line with its swaps, closed with those that were tried', async () => {
  const { lines, startProgress } = collectLines();
  let nowMs = 0;
  function* steps(): Steps<ProfilesStep, null> {
    yield step('public.a', 0, 10);
    nowMs = 1500;
    yield step('public.a', 0, 30);
    yield step('public.b', 1, 40);
    nowMs = 3000;
    yield step('public.b', 1, 90);
    return null;
  }

  await runFit(steps(), { startProgress }, () => nowMs);

  expect(lines).toEqual([
    { label: 'fit public.a (1 of 2)', total: 100, quietMs: 2000, swaps: 30, closedWith: 30 },
    // Nothing was said of the first: half a second later it is time to.
    { label: 'fit public.b (2 of 2)', total: 100, quietMs: 500, swaps: 90, closedWith: 90 },
  ]);
});

test('an abort between two steps ends the fit at the next one', async () => {
  const abort = new AbortController();
  const { lines, startProgress } = collectLines();
  let swaps = 0;
  function* steps(): Steps<ProfilesStep, string> {
    for (;;) {
      swaps += 1;
      yield step('public.a', 0, swaps);
    }
  }
  // A timer fires only where the event loop gets its turns, as a signal's handler does.
  setTimeout(() => abort.abort(), 20);

  await expect(runFit(steps(), { startProgress, signal: abort.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });

  expect(swaps).toBeGreaterThan(1);
  expect(lines[0]?.closedWith).toBe(swaps);
});

test('a plan made in steps is the plan', async () => {
  let steps = 0;
  for (let number = 1; number <= 20; number += 1) {
    const { catalog, seed, spec } = randomCase(number);
    const request = { spec, catalog, band: 'dev' as const, seed, scale: 1, rows: new Map<string, number>() };
    const progress = { advance: () => (steps += 1), finish: () => undefined };

    const { plan } = await runFit(examinePlanInSteps(request), { startProgress: () => progress });

    expect(plan).toEqual(examinePlan(request).plan);
  }
  expect(steps).toBeGreaterThan(20);
});
