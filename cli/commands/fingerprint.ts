// fingerprint: every table's content hash recomputed from the target, held against its run's, and what differs named by block and row.
import path from 'node:path';
import { normaliseTableKey } from '../../core/identifiers.ts';
import { formatRecheck } from '../../spec/format-recheck.ts';
import { BANDS } from '../../spec/spec.ts';
import { defineCommand } from '../command.ts';
import { factsOfRecheck } from '../evidence-of.ts';
import { defaultWorkers, jsonOption, positiveNumber, targetOption, wholeNumber } from '../options.ts';
import { readReport } from '../read-report.ts';
import { parseRows, readSpecAndSchema } from '../spec-files.ts';
import { withTarget } from '../target.ts';

export const fingerprintCommand = defineCommand({
  name: 'fingerprint',
  summary: "Recompute each table's content hash from the target, and name the blocks that are not those of its run",
  example: 'shapecast fingerprint --target postgresql://localhost/dev --spec spec.yaml',
  options: {
    target: targetOption,
    config: { type: 'string', describe: "The report to compare with (default: the target's own chunk ledger)" },
    schema: { type: 'string', describe: 'Look only at tables of this schema' },
    table: { type: 'string', array: true, describe: 'Look only at this table (schema.table); repeatable' },
    'hash-only': {
      type: 'boolean',
      default: false,
      describe: 'Print the hash of every table, whoever filled it, and compare nothing',
    },
    spec: {
      type: 'string',
      describe: 'The spec of the run, to name blocks and rows (default: the built-in chat spec, if the run was of it)',
    },
    band: { choices: BANDS, describe: "Band of the run (default: the report's or ledger's)" },
    seed: { type: 'string', describe: "Seed of the run (default: the report's or ledger's)" },
    rows: { type: 'string', array: true, describe: 'table=N, as the run had it; repeatable' },
    scale: { type: 'number', describe: "--scale of the run (default: the report's; needed with the ledger alone)" },
    readers: { type: 'number', describe: 'Connections that read at once (default: half of the cores)' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { spec } = readSpecAndSchema(flags.spec, undefined, context.folder);
    const plan = {
      spec,
      band: flags.band,
      seed: flags.seed,
      scale: flags.scale === undefined ? undefined : positiveNumber('--scale', flags.scale),
      rows: parseRows(flags.rows ?? []),
      isGiven: flags.spec !== undefined,
    };
    const { recheck } = await import('../../generator/recheck.ts');
    const result = await withTarget({ command: 'fingerprint', target: flags.target }, context, (url) =>
      recheck({
        url,
        schema: flags.schema ?? null,
        only: (flags.table ?? []).map(normaliseTableKey),
        report: flags.config === undefined || flags['hash-only'] ? null : readReport(path.resolve(context.folder, flags.config)),
        isCompared: !flags['hash-only'],
        plan,
        readers: wholeNumber('--readers', flags.readers ?? defaultWorkers(), 1),
        startProgress: context.startProgress,
        signal: context.signal,
        environment: context.environment,
      }),
    );
    context.note(factsOfRecheck(result));
    context.print(flags.json ? JSON.stringify(result, null, 2) : formatRecheck(result));
    return result.status === 'different' ? 1 : 0;
  },
});
