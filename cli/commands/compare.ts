// compare: the same sampler over the target, and the two packs side by side, marginal by marginal.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { writeFileAtomically } from '../../core/files.ts';
import type { Drift } from '../../spec/compare-structure.ts';
import type { Pack } from '../../spec/pack.ts';
import { policySchema } from '../../spec/policy.ts';
import { structureOfPack } from '../../spec/structure.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { runComparePlans } from '../compare-plans.ts';
import { jsonOption, resolveOperator, targetOption, wholeNumber } from '../options.ts';
import { randomSalt } from '../salt.ts';
import { withTarget } from '../target.ts';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: "Measure how close a database (or another pack) is to a pack's shape",
  example: 'shapecast compare --pack shape-metrics-20260131.json --target postgresql://localhost/dev',
  options: {
    pack: { type: 'string', describe: 'The pack (shape-metrics-YYYYMMDD.json); may be left out with --plans' },
    target: targetOption,
    with: { type: 'string', describe: 'Another pack to compare with, instead of a database' },
    readers: { type: 'number', default: 2, describe: 'Connections that read at once' },
    output: { type: 'string', describe: 'Also write the comparison to this file (JSON)' },
    json: jsonOption,
    plans: {
      type: 'boolean',
      default: false,
      describe: 'Run a workload on production and on the target, and compare plans, rows and time',
    },
    workload: { type: 'string', describe: 'With --plans: the queries (SQL), with parameters bound by rank' },
    source: {
      type: 'string',
      describe: 'With --plans: production, read only (default: PROD_REPLICA_URL, then PGHOST and its like)',
    },
    floor: {
      type: 'string',
      describe: 'With --plans: a copy of production, analysed again, as the floor (default: production measured twice)',
    },
    policy: { type: 'string', describe: 'With --plans: policy file with relationships that neither pack nor catalog has' },
    'index-decisions': {
      type: 'boolean',
      default: false,
      describe:
        'With --plans: drop each index that keeps no rule in a transaction that is rolled back, on production and target; locks each table for that long',
    },
    runs: { type: 'number', default: 5, describe: 'With --plans: warm runs of queries that take 1 ms or more' },
    'statement-timeout': {
      type: 'number',
      default: 60,
      describe: 'With --plans: seconds after which the server ends a statement',
    },
    html: { type: 'string', describe: 'With --plans: also write a page with pictures to this file' },
  },
  async run(flags, context) {
    const { readPackFile } = await import('../../spec/read-pack.ts');
    const { comparePacks, formatComparison } = await import('../../spec/compare.ts');
    const read = (file: string) => readPackFile(path.resolve(context.folder, file), { now: context.now() });
    const readers = wholeNumber('--readers', flags.readers, 1);
    if (flags.plans) {
      const pack = flags.pack === undefined ? null : read(flags.pack);
      const compareColumns = async (url: string) =>
        pack === null ? null : comparePacks(pack, await sampleAgain(pack, url, readers, context));
      const named = { indexDecisions: flags['index-decisions'], statementTimeout: flags['statement-timeout'] };
      return runComparePlans({ ...flags, ...named }, pack, compareColumns, context);
    }
    if (flags.pack === undefined)
      throw new ShapecastError('OPTION_INVALID', { option: '--pack', reason: 'compare needs a pack, or --plans' });
    const reference = read(flags.pack);
    const { driftLines } = await import('../../spec/format-drift.ts');
    const tellDrift = (drift: readonly Drift[]) => {
      for (const line of driftLines(drift)) context.tell(line);
    };
    const compareTarget = async (url: string) => {
      const drift = await findTargetDrift(reference, url);
      tellDrift(drift);
      return { ...comparePacks(reference, await sampleAgain(reference, url, readers, context)), drift };
    };
    const comparePack = (file: string) => {
      const compared = comparePacks(reference, read(file));
      tellDrift(compared.drift);
      return compared;
    };
    const comparison =
      flags.with === undefined
        ? await withTarget({ command: 'compare', target: flags.target }, context, compareTarget)
        : comparePack(flags.with);
    context.note({ counts: { marginals: comparison.marginals.length }, verdict: comparison.isOk ? 'ok' : 'apart' });
    const text = JSON.stringify(comparison, null, 2);
    if (flags.output !== undefined) writeFileAtomically(path.resolve(context.folder, flags.output), `${text}\n`);
    context.print(flags.json ? text : formatComparison(comparison));
    return 0;
  },
});

/** How the target's structure differs from the pack's: whole, where the second pack would show only what the first one has. */
async function findTargetDrift(reference: Pack, url: string): Promise<Drift[]> {
  const { withClient } = await import('../../postgres/connect.ts');
  const { readCatalog } = await import('../../postgres/catalog/read-catalog.ts');
  const { structureOfCatalog } = await import('../../postgres/catalog/catalog-structure.ts');
  const { compareStructures, toDrift } = await import('../../spec/compare-structure.ts');
  const catalog = await withClient(url, { applicationName: 'shapecast compare' }, (client) => readCatalog(client));
  return compareStructures(structureOfPack(reference), structureOfCatalog(catalog)).map(toDrift);
}

/** The target measured on exactly the reference's axes. Synthetic rows need no protection and their tokens meet nobody's. */
async function sampleAgain(reference: Pack, url: string, readers: number, context: CommandContext): Promise<Pack> {
  const { samplePack } = await import('../../sampler/sample.ts');
  const { createTokeniser } = await import('../../sampler/protect/tokens.ts');
  const { pack } = await samplePack({
    url,
    policy: policySchema.parse({}),
    windowDays: null,
    readers,
    statementTimeoutMs: 600_000,
    operator: resolveOperator(undefined),
    now: context.now(),
    tokeniser: createTokeniser({ salt: randomSalt(), dataset: 'compare' }),
    shape: reference,
    startProgress: context.startProgress,
    signal: context.signal,
    warn: context.tell,
  });
  return pack;
}
