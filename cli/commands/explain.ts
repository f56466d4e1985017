// explain: a workload's plans on the target, held to its assertions and to a baseline; on production the trees alone.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { readTextFile, refuseExisting, refuseGitTree, writeFileAtomically } from '../../core/files.ts';
import type { Explanation } from '../../spec/explanation.ts';
import { defineCommand } from '../command.ts';
import { factsOfExplanation } from '../evidence-of.ts';
import { forceOption, jsonOption, targetOption, wholeNumber } from '../options.ts';
import { openSource } from '../source.ts';
import { withTarget } from '../target.ts';

/** `shapecast explain`; exit 1 when an assertion does not hold, a query fails or has another plan than in the baseline. */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'Run a workload with EXPLAIN: plans, rows and times, held to its assertions and to a baseline',
  example: 'shapecast explain --target postgresql://localhost/dev --workload spec/chat-workload.sql --baseline before.json',
  options: {
    target: targetOption,
    workload: { type: 'string', demandOption: true, describe: 'The queries (SQL), with parameters bound by rank' },
    baseline: { type: 'string', describe: 'What an earlier run wrote with --output: a query with another plan is a finding' },
    output: { type: 'string', describe: 'Write the explanation to this file (JSON)' },
    runs: { type: 'number', default: 5, describe: 'Warm runs of queries that take 1 ms or more' },
    'statement-timeout': { type: 'number', default: 60, describe: 'Seconds after which the server ends a statement' },
    'plans-only': {
      type: 'boolean',
      default: false,
      describe:
        'Inside the boundary: plan the workload on --source, run none of its queries, and write the trees: names of tables, columns, indexes and partitions, without a figure or a value of a setting',
    },
    'what-if': {
      type: 'string',
      array: true,
      describe: "Try this index ('create index ...'), in a transaction that is rolled back; repeatable",
    },
    'index-values': {
      type: 'boolean',
      default: false,
      describe:
        'Drop each index that keeps no rule, in a transaction that is rolled back, and tell what the workload costs without it',
    },
    source: { type: 'string', describe: 'With --plans-only: production, read only (default: PROD_REPLICA_URL, then PGHOST)' },
    force: forceOption,
    json: jsonOption,
  },
  async run(flags, context) {
    const file = (name: string) => path.resolve(context.folder, name);
    const { parseWorkload } = await import('../../spec/workload.ts');
    const workload = parseWorkload(readTextFile(file(flags.workload)), flags.workload);
    const { parseExplanation } = await import('../../spec/explanation.ts');
    const baseline = flags.baseline === undefined ? null : parseExplanation(readTextFile(file(flags.baseline)), flags.baseline);
    const options = {
      workload,
      warmRuns: wholeNumber('--runs', flags.runs, 1),
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      startProgress: context.startProgress,
      signal: context.signal,
    };
    const { checkIndexStatement } = await import('../../spec/workload/index-statement.ts');
    const whatIf = (flags['what-if'] ?? []).map(checkIndexStatement);
    if (flags['plans-only'] && (whatIf.length > 0 || flags['index-values']))
      throw new ShapecastError('OPTION_INVALID', { option: '--plans-only', reason: 'nothing is made or dropped on production' });
    if (flags.output !== undefined) prepareOutput(file(flags.output), { isForced: flags.force, isInside: flags['plans-only'] });
    const { explainWorkload } = await import('../../loader/explain.ts');
    const explain = async (): Promise<Explanation> => {
      if (flags['plans-only'])
        return explainWorkload({ ...options, url: await openSource(flags.source, context), mode: 'planned' });
      if (flags.source !== undefined)
        throw new ShapecastError('OPTION_INVALID', {
          option: '--source',
          reason: 'production is only planned: add --plans-only',
        });
      return withTarget({ command: 'explain', target: flags.target }, context, (url) =>
        explainWorkload({ ...options, url, mode: 'measured', whatIf, hasIndexValues: flags['index-values'] }),
      );
    };
    const found = await explain();
    if (flags.output !== undefined) writeFileAtomically(file(flags.output), `${JSON.stringify(found, null, 2)}\n`);
    const { compareExplanations, isRegression } = await import('../../spec/explanation/compare-explanations.ts');
    const { formatExplanation } = await import('../../spec/explanation/format-explanation.ts');
    const explanation: Explanation = baseline === null ? found : { ...found, changes: compareExplanations(baseline, found) };
    const isPassed =
      explanation.queries.every(({ assertions, state }) => state !== 'failed' && assertions.every(({ isMet }) => isMet)) &&
      explanation.changes?.some(isRegression) !== true;
    context.note(factsOfExplanation(explanation, isPassed));
    if (flags.json && baseline !== null) {
      const { compareServers } = await import('../../spec/explanation/compare-servers.ts');
      for (const line of compareServers(baseline, found)) context.tell(line);
    }
    context.print(flags.json ? JSON.stringify(explanation, null, 2) : formatExplanation(explanation, baseline));
    return isPassed ? 0 : 1;
  },
});

/** Before anything runs: what was written before stays, and trees of production do not go where they could be committed unread. */
function prepareOutput(file: string, { isForced, isInside }: { readonly isForced: boolean; readonly isInside: boolean }): void {
  if (!isForced) refuseExisting([file]);
  if (isInside) refuseGitTree(file);
}
