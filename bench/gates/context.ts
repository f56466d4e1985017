// What every gate gets: the cluster, the sizes, and what several gates need and only one should make.
import fs from 'node:fs';
import path from 'node:path';
import { planInChild, writeBytesInChild } from './child.ts';
import type { Cluster } from './cluster.ts';
import { type DataSet, scaleOf } from './data-sets.ts';
import { provideTemplate, type Shape } from './databases.ts';
import type { GateResult } from './reading.ts';
import type { WrittenTable } from './write-bytes.ts';

export interface GateContext {
  readonly cluster: Cluster;
  readonly dataSets: readonly DataSet[];
  /** Of the largest table of each data set. */
  readonly rows: number;
  readonly runs: number;
  readonly cores: number;
  /** Tables that G1 looks at: their names with or without schema; empty for all. */
  readonly tables: readonly string[];
  readonly isProfiled: boolean;
  /** Progress, a line. */
  readonly tell: (line: string) => void;
}

export interface Gate {
  readonly name: string;
  /** What is measured against what. */
  readonly title: string;
  readonly run: (context: GateContext) => Promise<GateResult['readings']>;
}

/** The file with the data set's plan for tables of that shape, of so many rows in the largest. */
export async function providePlan({ cluster, tell }: GateContext, dataSet: DataSet, shape: Shape, rows: number): Promise<string> {
  const template = await provideTemplate(cluster, dataSet, shape);
  const planFile = path.join(cluster.folder, `${template}.${rows}.plan.json`);
  if (fs.existsSync(planFile)) return planFile;
  tell(`${dataSet.name}: deciding the plan`);
  await planInChild({ url: cluster.url(template), specFile: dataSet.specFile, scale: scaleOf(rows), planFile });
  return planFile;
}

/** The data set's rows as binary COPY files, the longest table first, each table in as many files as there are cores. */
export async function provideBytes(context: GateContext, dataSet: DataSet): Promise<readonly WrittenTable[]> {
  const folder = path.join(context.cluster.folder, `${dataSet.name}_bytes`);
  const index = path.join(folder, 'index.json');
  if (fs.existsSync(index)) {
    const known: readonly WrittenTable[] = JSON.parse(fs.readFileSync(index, 'utf8'));
    return known;
  }
  const planFile = await providePlan(context, dataSet, 'bare', context.rows);
  context.tell(`${dataSet.name}: writing the bytes for the reference`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const written = await writeBytesInChild({ planFile, folder, pieces: context.cores });
  fs.writeFileSync(index, JSON.stringify(written));
  return written;
}
