// A folder of files as a store of chunks. The manifest is there before the first file and lists a file only after it is whole; it is
// written again about once a second, so a killed run makes at most that second's files again, with the same bytes.
// Each shard writes a manifest of its own. Whoever finds that the manifests list every chunk writes the whole dataset's, whose bytes are
// those that a single run writes: two who find it at once do no harm.
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { ShapecastError } from '../../core/errors.ts';
import { writeFilesAtomically } from '../../core/files.ts';
import { toolVersion } from '../../core/tool.ts';
import { type FileManifest, fileManifestSchema, type ManifestFile } from '../../spec/file-manifest.ts';
import { type Plan, planId } from '../../spec/plan.ts';
import { type MadeChunk, madeChunk } from '../build-report.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { GenerateOptions } from '../generate-options.ts';
import { tasksOfShard } from '../shard.ts';
import { type ChunkResult, listTasks } from '../work.ts';
import type { ChunkStore } from './chunk-store.ts';
import { chunkFileName, fileFormat } from './file-names.ts';
import type { FileSink } from './file-sink.ts';
import { loadScript } from './load-script.ts';
import { isIntact, listFolder, manifestName, readManifests } from './read-manifests.ts';

const WRITE_INTERVAL_MS = 1000;

type RunOptions = Pick<GenerateOptions, 'spec' | 'band' | 'seed' | 'shard'>;

/**
 * Opens (or makes) the folder. Files of this shard are read whole and trusted by their digest, those of other shards by their size.
 * Throws FOLDER_NOT_OURS, FOLDER_OTHER_RUN, FILE_UNREADABLE, FILE_UNWRITABLE.
 */
export async function openFilesStore(sink: FileSink, plan: Plan, options: RunOptions): Promise<ChunkStore> {
  const { folder } = sink;
  const isOurs = isOfThisRun(plan, sink, options);
  const listed = readManifests(folder, { planId: planId(plan) });
  const names = new Set(listTasks(plan).map((task) => chunkFileName(plan, task, sink)));
  const intact: ManifestFile[] = [];
  for (const file of listed.values()) {
    if (!names.has(file.file)) throw new ShapecastError('FOLDER_OTHER_RUN', { folder, planId: planId(plan) });
    if (await isIntact(folder, file, isOurs(file.file))) intact.push(file);
  }
  removeTemporary(folder, isOurs);
  const store = new FilesStore(sink, plan, options, intact);
  store.write();
  return store;
}

/** Whether a file is one that this run would make. */
function isOfThisRun(plan: Plan, sink: FileSink, { shard }: RunOptions): (file: string) => boolean {
  const own = new Set(tasksOfShard(listTasks(plan), shard).map((task) => chunkFileName(plan, task, sink)));
  return (file) => own.has(file);
}

/** What a killed run left: `FILE.12345678.tmp` of files that are this run's to make. */
function removeTemporary(folder: string, isOurs: (file: string) => boolean): void {
  for (const name of listFolder(folder)) {
    const of = /^(.+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
    if (of !== undefined && (isOurs(of) || /^(manifest.*\.json|load\.sql)$/.test(of)))
      fs.rmSync(path.join(folder, name), { force: true });
  }
}

class FilesStore implements ChunkStore {
  readonly earlier: readonly MadeChunk[];
  private readonly sink: FileSink;
  private readonly plan: Plan;
  private readonly options: RunOptions;
  private readonly isOwn: (file: string) => boolean;
  private readonly files: Map<string, ManifestFile>;
  private writtenMs = 0;

  constructor(sink: FileSink, plan: Plan, options: RunOptions, intact: readonly ManifestFile[]) {
    this.sink = sink;
    this.plan = plan;
    this.options = options;
    this.isOwn = isOfThisRun(plan, sink, options);
    this.files = new Map(intact.map((file) => [file.file, file]));
    this.earlier = intact.map(chunkOfFile);
  }

  add(result: ChunkResult): void {
    const file = describeFile(this.plan, result, this.sink);
    this.files.set(file.file, file);
    if (Date.now() - this.writtenMs >= WRITE_INTERVAL_MS) this.write();
  }

  async finish(): Promise<readonly MadeChunk[]> {
    this.write();
    // Other shards may have finished meanwhile. Their manifest was written before they looked here, as ours was.
    for (const file of readManifests(this.sink.folder, { planId: planId(this.plan) }).values()) {
      if (!this.files.has(file.file) && (await isIntact(this.sink.folder, file, false))) this.files.set(file.file, file);
    }
    const fingerprint = this.fingerprint();
    if (fingerprint !== null) this.writeWhole(fingerprint);
    return this.chunks();
  }

  async giveUp(): Promise<void> {
    try {
      removeTemporary(this.sink.folder, this.isOwn);
      this.write();
    } catch {
      // The error that ended the run is the one to tell; what is lost here is made again.
    }
  }

  /** This run's manifest. */
  write(): void {
    const { shard } = this.options;
    const own = [...this.files.values()].filter(({ file }) => this.isOwn(file));
    const name = path.join(this.sink.folder, manifestName(shard));
    const fingerprint = shard === undefined ? this.fingerprint() : null;
    writeFilesAtomically(new Map([[name, this.manifest(own, shard ?? null, fingerprint)]]));
    this.writtenMs = Date.now();
  }

  private chunks(): MadeChunk[] {
    return [...this.files.values()].map(chunkOfFile);
  }

  /** Null while files are missing. */
  private fingerprint(): string | null {
    return this.files.size === listTasks(this.plan).length ? fingerprintOf(this.plan, this.chunks()) : null;
  }

  private writeWhole(fingerprint: string): void {
    const files = [...this.files.values()];
    const { folder } = this.sink;
    writeFilesAtomically(
      new Map([
        [path.join(folder, 'load.sql'), loadScript(this.plan, inOrder(files))],
        [path.join(folder, manifestName(undefined)), this.manifest(files, null, fingerprint)],
      ]),
    );
  }

  private manifest(files: readonly ManifestFile[], shard: FileManifest['shard'], fingerprint: string | null): string {
    const { spec, band, seed } = this.options;
    const manifest: FileManifest = {
      format: 'shapecast-files',
      version: 1,
      tool: toolVersion(),
      spec: spec.name,
      band,
      seed,
      planId: planId(this.plan),
      shard,
      tables: this.plan.tables.map(({ name, rows, columns }) => ({ name, rows, columns: columns.map((column) => column.name) })),
      files: inOrder(files),
      fingerprint,
    };
    return `${canonicalJson(fileManifestSchema.parse(manifest))}\n`;
  }
}

function inOrder(files: readonly ManifestFile[]): ManifestFile[] {
  return [...files].sort((left, right) => (left.file < right.file ? -1 : 1));
}

function describeFile(plan: Plan, result: ChunkResult, sink: FileSink): ManifestFile {
  const { table, chunk, rows, bytes, contentHash, blockDigests } = madeChunk(plan, result);
  const planned = plan.tables[result.task.table];
  return {
    file: result.file?.name ?? chunkFileName(plan, result.task, sink),
    table,
    chunk,
    format: planned === undefined ? 'binary' : fileFormat(planned, sink),
    rows,
    bytes: result.file?.bytes ?? 0,
    sha256: result.file?.sha256 ?? '',
    copyBytes: bytes,
    contentHash,
    blockDigests: blockDigests.toString('hex'),
  };
}

function chunkOfFile({ table, chunk, rows, copyBytes, contentHash, blockDigests }: ManifestFile): MadeChunk {
  return { table, chunk, rows, bytes: copyBytes, contentHash, blockDigests: Buffer.from(blockDigests, 'hex') };
}
