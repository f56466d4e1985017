// Where the servers of two explanations differ in what steers plans: another plan may then be no fault of the data. Pure.
import type { Explanation } from '../explanation.ts';

type ServerFacts = Pick<Explanation, 'serverMajor' | 'settings'>;

/** A line each for another major version and for each setting of the planner that differs, by name. */
export function compareServers(baseline: ServerFacts, now: ServerFacts): string[] {
  const names = [...new Set([...Object.keys(baseline.settings), ...Object.keys(now.settings)])].sort();
  const versions =
    baseline.serverMajor === now.serverMajor
      ? []
      : [`PostgreSQL ${baseline.serverMajor} in the baseline, ${now.serverMajor} now`];
  return [
    ...versions,
    ...names
      .filter((name) => isDifferent(baseline.settings[name], now.settings[name]))
      .map((name) => `${name}: ${describe(baseline.settings[name])} in the baseline, ${describe(now.settings[name])} now`),
  ];
}

/** Without the value of one side all that is known is that it is not the default. */
function isDifferent(one: string | null | undefined, two: string | null | undefined): boolean {
  if (one === undefined || two === undefined) return one !== two;
  return one !== null && two !== null && one !== two;
}

function describe(setting: string | null | undefined): string {
  if (setting === undefined) return 'the default';
  return setting ?? 'not the default';
}
