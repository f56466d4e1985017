// What a target should hold, as the report or the target's own chunk ledger has it. The ledger is the truth of a run that was broken off:
// it counts the chunks that are in, and keeps the digest of every block (32 bytes each; 2.3 MB for 300 million rows). The report
// has the sums alone, so that it stays a page.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { normaliseTableKey } from '../../core/identifiers.ts';
import { readChunks, type StoredChunk } from '../../postgres/chunk-ledger.ts';
import { formatContentHash } from '../../postgres/content-hash.ts';
import { type HashedColumns, readHashedColumns } from '../../postgres/hashed-columns.ts';
import { type Marker, type MarkerRun, readMarker } from '../../postgres/marker.ts';
import type { Report } from '../../spec/report.ts';
import { fingerprintOf } from '../fingerprint.ts';

export interface ExpectedTable {
  readonly rows: number;
  readonly contentHash: string;
  /** null: all that the server does not compute. */
  readonly hashed: HashedColumns | null;
  /** Numbers of the chunks that are in; null: all. */
  readonly chunks: ReadonlySet<number> | null;
}

/** How the run was asked for. */
export type KnownRun = Pick<Report, 'spec' | 'band' | 'seed'> & { readonly scale: number | null };

export interface Expected {
  readonly kind: 'report' | 'ledger' | 'nothing';
  readonly planId: string | null;
  readonly fingerprint: string | null;
  readonly run: KnownRun | null;
  /** By table key. */
  readonly tables: ReadonlyMap<string, ExpectedTable>;
}

/** Nothing is known: hashes are told and not compared. */
export const NOTHING_EXPECTED: Expected = { kind: 'nothing', planId: null, fingerprint: null, run: null, tables: new Map() };

/** The report's figures, once the block digests of the target's ledger, where it has them all, give the report's fingerprint. */
export async function expectReport(client: pg.Client, report: Report): Promise<Expected> {
  const { planId, fingerprint, spec, band, seed, scale } = report;
  const chunks = (await readMarker(client)) === null ? [] : await readChunks(client, planId);
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (rows === report.rowsLoaded && chunks.length > 0 && fingerprintOf(report, chunks) !== fingerprint)
    throw new ShapecastError('FINGERPRINT_LEDGER_DIFFERS', { planId });
  const tables = report.tables.map(
    (table) =>
      [
        normaliseTableKey(table.name),
        {
          rows: table.rows,
          contentHash: table.contentHash,
          hashed: { columns: table.hashedColumns, constants: table.constants ?? {} },
          chunks: null,
        },
      ] as const,
  );
  return { kind: 'report', planId, fingerprint, run: { spec, band, seed, scale }, tables: new Map(tables) };
}

/** The figures of the target's ledger; null where there is none. Throws MARKER_FOREIGN. */
export async function expectLedger(client: pg.Client): Promise<Expected | null> {
  const marker = await readMarker(client);
  const run = lastRun(marker);
  if (marker === null || run === null) return null;
  const columns = await readHashedColumns(client);
  const chunks = await readChunks(client, run.planId);
  const tables = new Map(
    [...new Set(chunks.map(({ table }) => table))].map((key) => {
      const own = chunks.filter(({ table }) => table === key);
      return [normaliseTableKey(key), expectChunks(own, columns.get(key) ?? null)] as const;
    }),
  );
  return {
    kind: 'ledger',
    planId: run.planId,
    fingerprint: null,
    run: { spec: run.specName, band: run.band as KnownRun['band'], seed: run.seed, scale: null },
    tables,
  };
}

function lastRun(marker: Marker | null): MarkerRun | null {
  return marker?.runs.at(-1) ?? null;
}

function expectChunks(chunks: readonly StoredChunk[], hashed: HashedColumns | null): ExpectedTable {
  return {
    rows: chunks.reduce((sum, { rows }) => sum + rows, 0),
    contentHash: formatContentHash(chunks.reduce((sum, { contentHash }) => sum + BigInt(`0x${contentHash}`), 0n)),
    hashed,
    chunks: new Set(chunks.map(({ chunk }) => chunk)),
  };
}
