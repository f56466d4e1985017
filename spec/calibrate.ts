// From a pack to a spec: every table with its rows, every reference with its fan-out, every column with a distribution, and
// beside each number why it was chosen. Pure: the same pack gives the same spec.

import { calibrateMarginals } from './calibrate/calibrate-marginals.ts';
import { calibrateTable } from './calibrate/calibrate-table.ts';
import { indexPack } from './calibrate/pack-index.ts';
import { resolveSharedKeys } from './calibrate/shared-keys.ts';
import { namedRecord } from './named-record.ts';
import type { Pack } from './pack.ts';
import type { Spec } from './spec.ts';
import { structureOfPack } from './structure.ts';

export interface CalibrateOptions {
  /** The spec's name. */
  readonly name: string;
  /** Written into the description. */
  readonly now: Date;
}

/** Bands of a calibrated spec: production's own size first, as `scale` times the pack's rows. */
const BAND_SCALES = { dev: { scale: 1 }, staging: { scale: 20 }, perf: { scale: 60 } } as const;

/** The spec that describes the pack, ready for formatSpec. A column without a builder is marked `unsupported`, never left out. */
export function calibrate(pack: Pack, options: CalibrateOptions): Spec {
  const index = indexPack(pack);
  const shared = resolveSharedKeys(pack);
  const { provenance } = pack;
  const tables = namedRecord(pack.structure.tables.map((table) => [table.name, calibrateTable(index, shared, table)]));
  return {
    format: 'shapecast-spec',
    version: 1,
    name: options.name,
    description: `Calibrated on ${options.now.toISOString().slice(0, 10)} from the pack of ${provenance.day} (run ${provenance.runId})`,
    ...(provenance.window === null ? {} : { windowEnd: provenance.window.to }),
    bands: { dev: { ...BAND_SCALES.dev }, staging: { ...BAND_SCALES.staging }, perf: { ...BAND_SCALES.perf } },
    tables: calibrateMarginals(index, tables),
    structure: structureOfPack(pack),
  };
}
