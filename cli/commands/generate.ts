// generate: rows from a spec, a band and a seed, into the target or nowhere; and the report that load checks them by.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { writeFileAtomically } from '../../core/files.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import { formatBytes, formatCount, formatSeconds } from '../../core/progress.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import type { StreamedTable } from '../../generator/stream-table.ts';
import { driftLines, warningLines } from '../../spec/format-drift.ts';
import { jointLine, modeLine } from '../../spec/format-joint.ts';
import { type Preflight, preflightSchema } from '../../spec/preflight.ts';
import type { Report } from '../../spec/report.ts';
import type { Spec } from '../../spec/spec.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { factsOfReport } from '../evidence-of.ts';
import { type Destination, parseDestination, parseShard, sinkOptions } from '../generate-sink.ts';
import {
  bandOption,
  defaultWorkers,
  jsonOption,
  operatorOption,
  positiveNumber,
  resolveOperator,
  targetOption,
  wholeNumber,
} from '../options.ts';
import { shownPath } from '../shown-path.ts';
import { parseRows, readSpecAndSchema } from '../spec-files.ts';
import { formatDayStamp, formatTimeStamp } from '../stamps.ts';
import { givenTarget, withScratchDatabase, withTarget } from '../target.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Generate the rows of a spec: same seed, same bytes',
  example: 'shapecast generate --spec spec.yaml --band dev --seed 2026-q1 --target postgresql://localhost/dev',
  options: {
    spec: { type: 'string', describe: 'Spec file (default: the built-in chat spec)' },
    band: bandOption,
    seed: { type: 'string', demandOption: true, describe: 'Any text; the same text gives the same rows' },
    target: targetOption,
    create: { type: 'string', describe: 'SQL file that makes the tables when none is there (built-in spec: its own)' },
    rows: { type: 'string', array: true, describe: 'table=N: exactly N rows in that table; repeatable' },
    scale: { type: 'number', describe: "Multiplies the band's size" },
    workers: { type: 'number', describe: 'Generating threads (default: half of the cores); does not change the rows' },
    'keep-indexes': {
      type: 'boolean',
      default: false,
      describe: 'Leave keys, constraints and indexes of the target as they are while rows go in: slower, nothing is dropped',
    },
    unlogged: {
      type: 'boolean',
      default: false,
      describe:
        'Make the tables unlogged: faster, and empty after a crash of the server; a later run without it makes them logged',
    },
    ...sinkOptions,
    'dry-run': {
      type: 'boolean',
      default: false,
      describe: 'Print how large it would be and what stands in its way, and make nothing',
    },
    operator: operatorOption,
    'output-dir': { type: 'string', default: '.', describe: 'Folder for report_BAND_TIMESTAMP.json and seeds/' },
    'archive-seed': { type: 'boolean', default: false, describe: 'Write the seed to seeds/BAND_DATE.txt in that folder' },
    json: jsonOption,
  },
  async run(flags, context) {
    if (flags.unlogged && flags['keep-indexes'])
      throw new ShapecastError('OPTION_INVALID', {
        option: '--unlogged',
        reason: 'it changes the tables, which --keep-indexes forbids',
      });
    const destination = parseDestination(flags, context.folder);
    const options = {
      ...readSpecAndSchema(flags.spec, flags.create, context.folder),
      band: flags.band,
      seed: flags.seed,
      scale: flags.scale === undefined ? undefined : positiveNumber('--scale', flags.scale),
      rows: parseRows(flags.rows ?? []),
      shard: parseShard(flags.shard),
      workers: wholeNumber('--workers', flags.workers ?? defaultWorkers(), 1),
      keepIndexes: flags['keep-indexes'],
      unlogged: flags.unlogged,
      operator: resolveOperator(flags.operator),
      startProgress: context.startProgress,
      warn: context.tell,
      signal: context.signal,
      environment: context.environment,
    };
    const given = givenTarget(flags.target, context);
    const onTarget = <Result>(action: (url: string) => Promise<Result>) =>
      withTarget({ command: 'generate', target: flags.target }, context, action);
    if (flags['dry-run']) {
      const isMade = given !== null && (await onTarget((url) => hasAnyTable(url, options.spec)));
      const look = (url: string) => examineTarget({ ...options, target: { kind: 'null', url } }, isMade, given);
      tellPreflight(await (isMade ? onTarget(look) : withScratchDatabase(look)), flags.json, context);
      return 0;
    }
    // Without a target, rows that go elsewhere still need the structure of their tables; a scratch database gives it. A target
    // that is only looked at gets no tables.
    const onStructure = <Result>(action: (url: string, createSql: string | undefined) => Promise<Result>) =>
      given === null ? withScratchDatabase((url) => action(url, options.createSql)) : onTarget((url) => action(url, undefined));
    if (destination.kind === 'stdout') {
      const { streamTable } = await import('../../generator/stream-table.ts');
      const streamed = await onStructure((url, createSql) =>
        streamTable({ ...options, createSql, target: { kind: 'null', url } }, { ...destination, output: context.output }),
      );
      context.tell(formatStreamed(destination.table, streamed));
      return 0;
    }
    const { generateShard } = await import('../../generator/generate.ts');
    const { report, chunks, rowsMade } = await (destination.kind === 'postgres'
      ? onTarget((url) => generateShard({ ...options, target: { kind: 'postgres', url } }))
      : onStructure((url, createSql) => generateShard({ ...options, createSql, target: sinkOf(destination, url) })));
    if (report === null) {
      context.note({ counts: { rows: rowsMade, chunks: chunks.done }, verdict: 'unfinished' });
      context.print(flags.json ? JSON.stringify({ rowsMade, chunks }, null, 2) : formatUnfinished(rowsMade, chunks));
      return 0;
    }
    context.note(factsOfReport(report));
    const folder = path.resolve(context.folder, flags['output-dir']);
    const file = writeReport(report, folder, context);
    if (flags['archive-seed']) archiveSeed(report, folder, context);
    context.print(flags.json ? JSON.stringify(report, null, 2) : formatResult(report, file));
    return report.status === 'completed' ? 0 : 1;
  },
});

/** Where the rows go that do not go into the target. */
function sinkOf(destination: Exclude<Destination, { kind: 'stdout' }>, url: string): GenerateOptions['target'] {
  if (destination.kind !== 'files') return { kind: 'null', url };
  const { folder, format } = destination;
  return { kind: 'files', url, sink: { folder, format } };
}

/** Whether the database has a table of that name for any table of the spec. */
async function hasAnyTable(url: string, spec: Spec): Promise<boolean> {
  const { withClient } = await import('../../postgres/connect.ts');
  const { readCatalog } = await import('../../postgres/catalog/read-catalog.ts');
  const catalog = await withClient(url, { applicationName: 'shapecast generate' }, (client) => readCatalog(client));
  return catalog.tables.some((table) => Object.hasOwn(spec.tables, formatTableKey(table)));
}

/** What generate would do and refuse. Where the tables are not made yet, the database is a scratch one: they are made there. */
async function examineTarget(options: GenerateOptions, isMade: boolean, given: string | null): Promise<Preflight> {
  const { preflight } = await import('../../generator/preflight.ts');
  if (!isMade && options.createSql !== undefined) {
    const { withClient } = await import('../../postgres/connect.ts');
    const { createSchema } = await import('../../postgres/create-schema.ts');
    const sql = options.createSql;
    await withClient(options.target.url, { applicationName: 'shapecast generate' }, (client) => createSchema(client, sql));
  }
  return preflight(options, { isTarget: isMade, diskUrl: given });
}

/** Sizes on stdout, warnings on stderr. Throws PLAN_IMPOSSIBLE when generate would refuse. */
function tellPreflight(found: Preflight, isJson: boolean, context: CommandContext): void {
  const refused = new Set(found.problems.map(({ path }) => path));
  const differences = found.drift.filter(({ severity, path }) => severity === 'warning' && !refused.has(path));
  for (const line of [...driftLines(differences), ...warningLines(found.warnings)]) context.tell(line);
  context.print(isJson ? JSON.stringify(preflightSchema.parse(found), null, 2) : formatPreflight(found));
  if (found.problems.length > 0) throw new ShapecastError('PLAN_IMPOSSIBLE', { problems: found.problems });
}

function formatPreflight({ tables, rows, bytes, disk, time, placement, problems }: Preflight): string {
  const lines = tables.map(
    (table) =>
      [table.name, table.rows, `${formatBytes(table.bytes)} ${table.format}, ${formatBytes(table.diskBytes)} on disk`] as const,
  );
  const free = disk.freeBytes === null ? `free space cannot be seen: ${disk.reason}` : `${formatBytes(disk.freeBytes)} free`;
  return [
    ...formatRows(lines),
    ...tables.flatMap(({ joint, name }) => (joint === null ? [] : [jointLine(name, joint)])),
    ...tables.flatMap(({ name, references }) => references.map((reference) => modeLine(name, reference))),
    ...placement.map(({ sql, because }) => `citus   ${sql}; -- ${because}`),
    `rows    ${formatCount(rows)}`,
    `volume  about ${formatBytes(bytes)} over COPY`,
    `disk    about ${formatBytes(disk.neededBytes)} for tables and indexes; ${free}`,
    ...(time === null ? [] : [formatTime(time)]),
    `dry run: nothing was made${problems.length === 0 ? '' : '; generate would refuse this'}`,
  ].join('\n');
}

function formatTime({ seconds, rowsSeconds, keysSeconds, workers }: NonNullable<Preflight['time']>): string {
  const by = workers === 1 ? '1 worker' : `${workers} workers`;
  return `time    about ${formatSeconds(seconds)} by ${by}: rows ${formatSeconds(rowsSeconds)}, keys and indexes ${formatSeconds(keysSeconds)}`;
}

function writeReport(report: Report, folder: string, context: CommandContext): string {
  const file = path.join(folder, `report_${report.band}_${formatTimeStamp(context.now())}.json`);
  writeFileAtomically(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

function archiveSeed(report: Report, folder: string, context: CommandContext): void {
  const file = path.join(folder, 'seeds', `${report.band}_${formatDayStamp(context.now())}.txt`);
  writeFileAtomically(file, `${report.seed}\n`);
  context.tell(`seed archived in ${shownPath(file)}`);
}

function formatResult(report: Report, file: string): string {
  return [
    ...formatRows(report.tables.map((table) => [table.name, table.rows, formatBytes(table.bytes)] as const)),
    `rows         ${formatCount(report.rowsLoaded)} (${formatCount(Math.round(report.rowsPerSecond))} rows/s)`,
    `fingerprint  ${report.fingerprint}`,
    `report       ${shownPath(file)}`,
  ].join('\n');
}

/** A shard that was not the last one. */
function formatUnfinished(rowsMade: number, { done, of }: { readonly done: number; readonly of: number }): string {
  return [
    `rows    ${formatCount(rowsMade)} made by this shard`,
    `chunks  ${formatCount(done)} of ${formatCount(of)} are in; the shard that makes the last one puts keys and indexes back, and writes the report`,
  ].join('\n');
}

function formatStreamed(table: string, { format, rows, contentHash, isWhole }: StreamedTable): string {
  if (!isWhole) return `${table}: the reader closed the stream after about ${formatCount(rows)} rows`;
  return `${table}: ${formatCount(rows)} rows as ${format}, content hash ${contentHash}`;
}

function formatRows(tables: readonly (readonly [name: string, rows: number, note: string])[]): string[] {
  const width = Math.max(0, ...tables.map(([name]) => name.length));
  return tables.map(([name, rows, note]) => `${name.padEnd(width)}  ${formatCount(rows).padStart(13)} rows  ${note}`);
}
