// compare --plans: a workload on production and on the copy, both named by the user; the figures of FIDELITY with their floors.
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { readTextFile, writeFileAtomically } from '../core/files.ts';
import type { Comparison } from '../spec/compare.ts';
import type { Pack } from '../spec/pack.ts';
import type { Policy } from '../spec/policy.ts';
import type { CommandContext, Outcome } from './command.ts';
import { wholeNumber } from './options.ts';
import { readPolicy } from './policy-file.ts';
import { openSource } from './source.ts';
import { checkUrl, withTarget } from './target.ts';

export interface ComparePlansFlags {
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly floor: string | undefined;
  readonly workload: string | undefined;
  readonly policy: string | undefined;
  readonly indexDecisions: boolean;
  readonly runs: number;
  readonly statementTimeout: number;
  readonly html: string | undefined;
  readonly output: string | undefined;
  readonly json: boolean;
}

/** Compares, prints, writes the files; 1 when a figure misses its target. `compareColumns` measures the target by the pack. */
export async function runComparePlans(
  flags: ComparePlansFlags,
  pack: Pack | null,
  compareColumns: (url: string) => Promise<Comparison | null>,
  context: CommandContext,
): Promise<Outcome> {
  const { folder, signal, startProgress } = context;
  if (flags.workload === undefined)
    throw new ShapecastError('OPTION_INVALID', { option: '--workload', reason: '--plans needs a file of queries' });
  const { parseWorkload } = await import('../spec/workload.ts');
  const workload = parseWorkload(readTextFile(path.resolve(folder, flags.workload)), flags.workload);
  const policy = readPolicy(flags.policy, folder);
  const warmRuns = wholeNumber('--runs', flags.runs, 1);
  const statementTimeoutMs = wholeNumber('--statement-timeout', flags.statementTimeout, 1) * 1000;
  const sourceUrl = await openSource(flags.source, context);
  const floorUrl = flags.floor === undefined ? null : checkUrl(flags.floor, '--floor');
  const { comparePlans } = await import('../loader/compare-plans.ts');
  const fidelity = await withTarget({ command: 'compare', target: flags.target }, context, async (targetUrl) =>
    comparePlans({
      sourceUrl,
      targetUrl,
      floorUrl,
      hasFloor: true,
      hasIndexDecisions: flags.indexDecisions,
      workload,
      ...shapeKnowledge(pack, policy),
      columns: await compareColumns(targetUrl),
      warmRuns,
      statementTimeoutMs,
      startProgress,
      signal,
    }),
  );
  const text = JSON.stringify(fidelity, null, 2);
  if (flags.output !== undefined) writeFileAtomically(path.resolve(folder, flags.output), `${text}\n`);
  if (flags.html !== undefined) {
    const { fidelityPage } = await import('../report/fidelity-page.ts');
    writeFileAtomically(path.resolve(folder, flags.html), fidelityPage(fidelity));
  }
  const { formatFidelity } = await import('../spec/fidelity/format-fidelity.ts');
  context.print(flags.json ? text : formatFidelity(fidelity));
  const isMissed =
    fidelity.metrics.some(({ verdict }) => verdict === 'missed') ||
    fidelity.headline.some(({ share, target }) => target !== null && share < target);
  context.note({ verdict: isMissed ? 'missed' : 'met' });
  return isMissed ? 1 : 0;
}

/** What neither catalog declares: references, values that stand for NULL, integers that hold times. */
export function shapeKnowledge(pack: Pack | null, policy: Policy) {
  const tables = pack?.structure.tables ?? [];
  return {
    relationships: [
      ...policy.relationships,
      ...tables.flatMap(({ name, foreignKeys }) => foreignKeys.map((key) => ({ ...key, table: name }))),
    ],
    sentinels: [
      ...policy.sentinels,
      ...tables.flatMap(({ name, columns }) =>
        columns.flatMap(({ name: column, sentinel }) =>
          sentinel === undefined ? [] : [{ table: name, column, value: sentinel }],
        ),
      ),
    ],
    epochs: [
      ...policy.epochColumns,
      ...tables.flatMap(({ name, columns }) =>
        columns.flatMap(({ name: column, epoch }) => (epoch === undefined ? [] : [{ table: name, column, unit: epoch }])),
      ),
    ],
  };
}
