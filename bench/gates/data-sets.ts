// The data sets that the gates are measured on. Each has five million rows in the largest table of its dev band, so that one scale gives
// both the number of rows that is asked for.
import fs from 'node:fs';
import { packageFolder } from '../../core/tool.ts';
import { parseSpec, type Spec } from '../../spec/spec.ts';

export interface DataSet {
  readonly name: 'chat' | 'plain';
  readonly specFile: string;
  readonly createFile: string;
}

/** Of the largest table in the dev band. */
export const DEV_ROWS = 5_000_000;

/** chat: the built-in spec with its whole model; plain: a wide and a narrow table without one. */
export function listDataSets(): readonly DataSet[] {
  const root = packageFolder();
  return [
    { name: 'chat', specFile: `${root}/spec/chat.yaml`, createFile: `${root}/spec/chat.sql` },
    { name: 'plain', specFile: `${root}/bench/gates/plain/plain.yaml`, createFile: `${root}/bench/gates/plain/plain.sql` },
  ];
}

/** The scale of the dev band at which the largest table has so many rows. */
export function scaleOf(rows: number): number {
  return rows / DEV_ROWS;
}

export function readSpec(specFile: string): Spec {
  return parseSpec(fs.readFileSync(specFile, 'utf8'), specFile);
}
