// The matrix data set x metric: each data set is sampled, calibrated and generated at its own size, and the copy is compared with
// production by its workloads. Production is copied twice into scratch databases of the same server, both vacuumed and analysed as
// the copy is: one stands for production, the other gives the floor. Needs pg_dump and psql.
//
//   npm run bench -- fidelity [NAME...] --source 'postgresql://HOST/NAME' --server 'postgresql://HOST/DATABASE' --ddl FOLDER
//     [--workloads FOLDER]... [--policies FOLDER] [--fast] [--copy URL] [--scale-out] [--keep] [--results FOLDER]
//     [--production URL] [--seed S] [--runs N] [--quiet] [--output FILE] [--html FOLDER]
//
// A data set is a folder of bench/fidelity (data-set.ts says what lies in it); queries named *-NAME.sql and NAME-workload.sql in the
// folders of --workloads are added. Results that --keep writes (bench/fidelity/results, or --results) are what the next run is shown
// against. --fast: each query once and no floor, for development; --copy: a database that is filled already, for one data set;
// --production: a given database, also where dataset.yaml would make one from a spec, which moves with the generator.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fidelityPage } from '../report/fidelity-page.ts';
import { formatFidelity } from '../spec/fidelity/format-fidelity.ts';
import type { Fidelity } from '../spec/fidelity.ts';
import { type DataSet, listDataSets, readDataSet } from './fidelity/data-set.ts';
import { type MeasureOptions, measureDataSet } from './fidelity/measure.ts';
import { keepResult, makeResult, readResult } from './fidelity/results.ts';
import { measureScaleOut } from './fidelity/scale-out.ts';
import { matrixText, type Row, summaryLine } from './fidelity/summary.ts';

const ROOT = 'bench/fidelity';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: 'string', default: '' },
    server: { type: 'string' },
    ddl: { type: 'string', default: '.' },
    workloads: { type: 'string', multiple: true, default: [] },
    policies: { type: 'string', default: 'bench/datasets' },
    fast: { type: 'boolean', default: false },
    copy: { type: 'string' },
    production: { type: 'string' },
    'scale-out': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    results: { type: 'string', default: `${ROOT}/results` },
    seed: { type: 'string', default: 'bench' },
    runs: { type: 'string', default: '5' },
    quiet: { type: 'boolean', default: false },
    output: { type: 'string' },
    html: { type: 'string' },
  },
});
const { server: serverPattern, copy: copyUrl } = values;
if (serverPattern === undefined) throw new Error('--server is needed');
if ((copyUrl ?? values.production) !== undefined && positionals.length !== 1)
  throw new Error('--copy and --production need the name of their data set');
const print = (line: string) => void process.stdout.write(`${line}\n`);
const tell = (line: string) => void process.stderr.write(`${line}\n`);

function optionsOf({ name }: DataSet, server: string): MeasureOptions {
  return {
    serverPattern: server,
    productionUrl: values.production ?? values.source.replace('NAME', encodeURIComponent(name)),
    seed: values.seed,
    copyUrl: copyUrl ?? null,
    isFast: values.fast,
    warmRuns: Number(values.runs),
    tell,
  };
}

async function measure(dataSet: DataSet, server: string): Promise<Fidelity> {
  const options = optionsOf(dataSet, server);
  const fidelity = await measureDataSet(dataSet, options);
  const scaleOut = values['scale-out'] ? await measureScaleOut(dataSet, options) : null;
  if (scaleOut === null) return fidelity;
  return { ...fidelity, metrics: [...fidelity.metrics.filter(({ number }) => number !== 12), ...scaleOut] };
}

const names = positionals.length === 0 ? listDataSets(ROOT) : positionals;
const rows: Row[] = [];
const whole: Record<string, Fidelity> = {};
for (const name of names) {
  tell(`${name}:`);
  const startMs = performance.now();
  const described = readDataSet(name, { root: ROOT, ddl: values.ddl, policies: values.policies, workloads: values.workloads });
  const dataSet = values.production === undefined ? described : { ...described, production: undefined };
  const fidelity = await measure(dataSet, serverPattern);
  const seconds = Math.round((performance.now() - startMs) / 1000);
  const mode = values.fast ? 'fast' : 'full';
  const day = new Date().toISOString().slice(0, 10);
  const result = makeResult(name, fidelity, { day, mode, warmRuns: values.fast ? 0 : Number(values.runs), seconds });
  rows.push({ result, kept: readResult(values.results, name) });
  whole[name] = fidelity;
  if (!values.quiet) print(`== ${name}\n${formatFidelity(fidelity)}\n`);
  print(summaryLine(result));
  if (values.html !== undefined) fs.writeFileSync(path.join(values.html, `fidelity-${name}.html`), fidelityPage(fidelity));
  if (values.keep) keepResult(values.results, result);
}
print(`\n${matrixText(rows)}`);
if (values.output !== undefined) fs.writeFileSync(values.output, `${JSON.stringify(whole, null, 2)}\n`);
