import fs from 'node:fs';
import { addProfiles } from '../generator/plan/profiles/add-profiles.ts';
import { examinePlan } from '../generator/plan/resolve-plan.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { withClient } from '../postgres/connect.ts';
import { parseSpec } from '../spec/spec.ts';

const [file, url, scale = '1'] = process.argv.slice(2) as [string, string, string];
const spec = parseSpec(fs.readFileSync(file, 'utf8'), file);
const catalog = await withClient(url, { applicationName: 'x' }, (client) => readCatalog(client));
const bare = {
  ...spec,
  tables: Object.fromEntries(Object.entries(spec.tables).map(([k, t]) => [k, { ...t, marginals: undefined }])),
};
let t0 = performance.now();
const { plan } = examinePlan({ spec: bare as never, catalog, band: 'dev', seed: 'a', scale: Number(scale), rows: new Map() });
console.log('plain plan', Math.round(performance.now() - t0), 'ms');
t0 = performance.now();
let last = t0;
const done = addProfiles({
  tables: plan.tables,
  spec,
  seed: 'a',
  onTable: (t) => {
    const n = performance.now();
    console.log('  +', Math.round(n - last), 'ms; fitting', t);
    last = n;
  },
});
console.log('profiles', Math.round(performance.now() - t0), 'ms', JSON.stringify(done.tables).length);
for (const [at, s] of done.shapes) {
  console.log(
    plan.tables[at]?.name,
    s.size,
    'in order',
    [...s.inHeapOrder].join(),
    'lags',
    s.lags
      .map(
        (l) => `${l.column}<-${l.reference}.${l.since} short ${l.shortProfiles} parts ${l.parts.length} never ${l.isNeverBefore}`,
      )
      .join('; '),
  );
  for (const r of s.residuals)
    console.log('   ', r.before === null ? 'UNUSED' : `${r.before.toFixed(3)} -> ${r.after!.toFixed(3)}`, r.axes.join(' x '));
}
