// A data set of the fidelity bench: a folder of files under bench/fidelity, each optional but the queries.
//   oltp.sql, joins.sql   queries with parameters bound by rank; scale-out.sql: more of them for the run with a cut production
//   policy.yaml           else NAME.yaml of --policies; spec.yaml is laid over the calibrated spec, else NAME.spec.yaml there
//   indexes.sql           made on every side, where production comes without
//   dataset.yaml          what stands for production, and when its rows came to be
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ShapecastError } from '../../core/errors.ts';
import { normaliseTableKey } from '../../core/identifiers.ts';
import { parseYamlText } from '../../spec/parse-document.ts';
import { type Policy, policySchema } from '../../spec/policy.ts';
import { parseWorkload, type Workload } from '../../spec/workload.ts';

const dataSetSchema = z.strictObject({
  /** Production is generated from a spec of ours instead of being given. */
  production: z.strictObject({ spec: z.string(), ddl: z.string(), scale: z.number().positive(), seed: z.string() }).optional(),
  scaleOut: z
    .strictObject({
      /** Of the rows with a time, as many are before the cut. */
      share: z.number().gt(0).lt(1),
      /** Table to the column that says when a row came to be. */
      times: z.record(z.string(), z.string()),
    })
    .optional(),
});

type DataSetConfig = z.output<typeof dataSetSchema>;

export interface DataSet extends DataSetConfig {
  readonly name: string;
  readonly policy: Policy;
  /** Makes the tables, and what indexes.sql adds. */
  readonly createSql: string;
  /** Only what indexes.sql adds. */
  readonly indexesSql: string;
  readonly specOverlay: string | null;
  readonly workload: Workload;
  /** Without the queries of the shared folders, whose literals mean nothing at another size. */
  readonly scaleOutWorkload: Workload;
}

export interface DataSetFolders {
  readonly root: string;
  /** NAME.sql makes the tables. */
  readonly ddl: string;
  readonly policies: string;
  /** NAME-workload.sql and *-NAME.sql are queries too. */
  readonly workloads: readonly string[];
}

/** The data set of that name. Throws DOCUMENT_INVALID, DOCUMENT_UNPARSABLE; BUG where it has no query. */
export function readDataSet(name: string, folders: DataSetFolders): DataSet {
  const own = (file: string) => path.join(folders.root, name, file);
  const config = parseDataSet(readOptional(own('dataset.yaml')) ?? '{}', own('dataset.yaml'));
  const policyFile = firstOf(own('policy.yaml'), path.join(folders.policies, `${name}.yaml`));
  const ddlFile = config.production?.ddl ?? path.join(folders.ddl, `${name}.sql`);
  const indexesSql = readOptional(own('indexes.sql')) ?? '';
  const ownQueries = [own('oltp.sql'), own('joins.sql')].filter((file) => fs.existsSync(file));
  const shared = folders.workloads.flatMap((folder) => listShared(folder, name));
  const more = [own('scale-out.sql')].filter((file) => fs.existsSync(file));
  return {
    ...config,
    name,
    policy: policySchema.parse(
      parseYamlText(policyFile === null ? '{}' : fs.readFileSync(policyFile, 'utf8'), 'policy', policyFile ?? ''),
    ),
    createSql: `${fs.readFileSync(ddlFile, 'utf8')}\n${indexesSql}`,
    indexesSql,
    specOverlay: firstOf(own('spec.yaml'), path.join(folders.policies, `${name}.spec.yaml`)),
    workload: readWorkloads([...ownQueries, ...shared]),
    scaleOutWorkload: readWorkloads([...ownQueries, ...more]),
  };
}

/** What dataset.yaml says, with table keys as catalogs write them. */
export function parseDataSet(text: string, file: string): DataSetConfig {
  const config = dataSetSchema.parse(parseYamlText(text, 'spec', file));
  if (config.scaleOut === undefined) return config;
  const times = Object.entries(config.scaleOut.times).map(([table, column]) => [normaliseTableKey(table), column]);
  return { ...config, scaleOut: { ...config.scaleOut, times: Object.fromEntries(times) } };
}

/** Data sets that have a folder. */
export function listDataSets(root: string): string[] {
  const folders = fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'results');
  return folders.map(({ name }) => name).sort();
}

function listShared(folder: string, name: string): string[] {
  const files = fs.readdirSync(folder).filter((file) => file === `${name}-workload.sql` || file.endsWith(`-${name}.sql`));
  return files.map((file) => path.join(folder, file));
}

function readWorkloads(files: readonly string[]): Workload {
  if (files.length === 0) throw new ShapecastError('BUG', { what: 'a data set without queries' });
  return { queries: files.flatMap((file) => parseWorkload(fs.readFileSync(file, 'utf8'), file).queries) };
}

function firstOf(...files: readonly string[]): string | null {
  return files.find((file) => fs.existsSync(file)) ?? null;
}

function readOptional(file: string): string | null {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}
