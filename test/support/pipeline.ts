// The main job through the doors of its stages: sample and calibrate one database, generate into another, load. The spec passes
// through its text, as a user's does.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { generate } from '../../generator/generate.ts';
import { load } from '../../loader/load.ts';
import { createTokeniser } from '../../sampler/protect/tokens.ts';
import { samplePack } from '../../sampler/sample.ts';
import { formatScanReport, isClean, scanPackText } from '../../sampler/scan/scan.ts';
import { calibrate } from '../../spec/calibrate.ts';
import type { Pack } from '../../spec/pack.ts';
import type { Plan } from '../../spec/plan.ts';
import type { Policy } from '../../spec/policy.ts';
import type { Report } from '../../spec/report.ts';
import type { RunRecord } from '../../spec/run-record.ts';
import { parseSpec, type Spec } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';

const NOW = new Date('2024-12-31T12:00:00Z');

export interface Calibrated {
  readonly pack: Pack;
  /** The spec as calibrate would write it. */
  readonly specText: string;
  /** What the outgoing gate says against the pack; null when it passes. */
  readonly scanFindings: string | null;
}

/** Measures the database and fits a spec; the same rows give the same text. */
export async function calibrateDatabase(url: string, policy: Policy, name: string): Promise<Calibrated> {
  const pack = await sampleDatabase(url, policy, name);
  const scan = scanPackText(canonicalJson(pack), 'pack', policy.reviewedStrings);
  const specText = formatSpec(calibrate({ ...pack, provenance: { ...pack.provenance, runId: 'fixed' } }, { name, now: NOW }));
  return { pack, specText, scanFindings: isClean(scan) ? null : formatScanReport(scan) };
}

/** The pack of the database; with a `shape`, measured on exactly its axes. */
export async function sampleDatabase(url: string, policy: Policy, name: string, shape?: Pack): Promise<Pack> {
  const options = {
    url,
    policy,
    windowDays: null,
    readers: 2,
    statementTimeoutMs: 600_000,
    operator: 'test',
    now: NOW,
    tokeniser: createTokeniser({ salt: createHash('sha256').update('no secret').digest(), dataset: name }),
    ...(shape === undefined ? {} : { shape }),
  };
  const { pack } = await samplePack(options, { seeds: { label: 1n, bucket: 2n } });
  return pack;
}

export interface FillOptions {
  readonly spec: Spec;
  readonly url: string;
  readonly createSql: string;
  readonly seed: string;
  readonly scale: number;
  readonly workers: number;
}

export interface Filled {
  readonly plan: Plan;
  readonly report: Report;
  readonly record: RunRecord;
}

/** Generates into the database and asks it whether it holds what the report says. */
export async function fillDatabase(options: FillOptions): Promise<Filled> {
  const { url } = options;
  let plan: Plan | null = null;
  const report = await generate({
    ...options,
    band: 'dev',
    target: { kind: 'postgres', url },
    operator: 'test',
    environment: {},
    onPlan: (resolved) => {
      plan = resolved;
    },
  });
  if (plan === null) throw new Error('generate told no plan');
  const record = await load({ url, report, schema: null, operator: 'test', print: () => undefined, environment: {} });
  return { plan, report, record };
}

/** The spec of a text. */
export function readSpec(text: string): Spec {
  return parseSpec(text, 'spec.yaml');
}
