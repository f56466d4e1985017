// The sampler's options with everything that a test does not care about filled in, and ways into a pack.
import { createTokeniser } from '../../../sampler/protect/tokens.ts';
import { type SampleOptions, type SampleTuning, samplePack } from '../../../sampler/sample.ts';
import type { Marginal, Pack } from '../../../spec/pack.ts';
import { type Policy, policySchema } from '../../../spec/policy.ts';

/** A fixed salt for tests. */
export const SALT = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256);

/** Fixed seeds: equal runs give equal packs. */
export const TUNING: SampleTuning = { seeds: { label: 4_242n, bucket: 777n } };

/** Options for a run over the database. */
export function sampleOptions(url: string, policy: Partial<Policy> = {}, rest: Partial<SampleOptions> = {}): SampleOptions {
  return {
    url,
    policy: policySchema.parse(policy),
    windowDays: null,
    readers: 2,
    statementTimeoutMs: 60_000,
    operator: 'tester',
    now: new Date('2024-06-15T10:00:00Z'),
    tokeniser: createTokeniser({ salt: SALT, dataset: 'test' }),
    ...rest,
  };
}

/** The pack of a run. */
export async function sampleOf(url: string, policy: Partial<Policy> = {}, rest: Partial<SampleOptions> = {}): Promise<Pack> {
  return (await samplePack(sampleOptions(url, policy, rest), TUNING)).pack;
}

/** The one-axis marginal of that kind over a column, or over a child's key. Throws when there is none. */
export function marginalOf(pack: Pack, table: string, kind: string, over: string): Marginal {
  const found = pack.marginals.find(({ table: name, axes: [axis] }) => {
    if (name !== table || axis?.kind !== kind) return false;
    return axis.kind === 'degree' ? `${axis.child}(${axis.columns.join(', ')})` === over : axis.column === over;
  });
  if (found === undefined) throw new Error(`no ${kind} of ${table} over ${over}`);
  return found;
}

/** bin -> count of the finest level. */
export function finest(marginal: Marginal): Map<number, number> {
  return new Map(
    marginal.cells.flatMap(([level, bin, count]) =>
      level === 0 && bin !== undefined && count !== undefined ? [[bin, count]] : [],
    ),
  );
}

/** The pack without what differs from run to run. */
export function withoutRunId(pack: Pack): Pack {
  return { ...pack, provenance: { ...pack.provenance, runId: 'run' } };
}
