// The plan of a data set, decided once: what only makes rows reads it from its file.
import fs from 'node:fs';
import { resolvePlan } from '../../generator/plan/resolve-plan.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { withClient } from '../../postgres/connect.ts';
import type { Plan } from '../../spec/plan.ts';
import { readSpec } from './data-sets.ts';

/** Of every run of the bench, so that its rows are always the same. */
export const SEED = 'bench';

export interface PlanRequest {
  readonly url: string;
  readonly specFile: string;
  readonly scale: number;
  readonly planFile: string;
}

/** Decides the plan of the dev band at that scale for the tables of the database. */
export async function writePlan({ planFile, scale, specFile, url }: PlanRequest): Promise<void> {
  const catalog = await withClient(url, { applicationName: 'shapecast bench' }, (client) => readCatalog(client));
  const plan = resolvePlan({ spec: readSpec(specFile), catalog, band: 'dev', seed: SEED, scale, rows: new Map() });
  fs.writeFileSync(planFile, JSON.stringify(plan));
}

/** The plan of a file that writePlan wrote. */
export function readPlan(planFile: string): Plan {
  const plan: Plan = JSON.parse(fs.readFileSync(planFile, 'utf8'));
  return plan;
}
