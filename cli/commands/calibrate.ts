// calibrate: a pack becomes a spec that a person can read and change. The pack passes the outgoing gate once more first:
// it may come from another place than our own sample.
import path from 'node:path';
import { sha256Hex } from '../../core/canonical-json.ts';
import { readTextFile, refuseExisting, writeFileAtomically } from '../../core/files.ts';
import { defineCommand } from '../command.ts';
import { mergeSpecText } from '../merge-spec.ts';
import { forceOption, packOption } from '../options.ts';
import { readReviewedStrings } from '../policy-file.ts';
import { shownPath } from '../shown-path.ts';

export const calibrateCommand = defineCommand({
  name: 'calibrate',
  summary: 'Turn a pack into a spec: fitted distributions, each with its reason',
  example: 'shapecast calibrate --pack shape-metrics-20260131.json --output spec.yaml',
  options: {
    pack: packOption,
    output: { type: 'string', demandOption: true, describe: 'The spec to write (YAML)' },
    spec: { type: 'string', describe: 'Spec whose tables and columns replace the fitted ones of the same name' },
    force: forceOption,
    name: { type: 'string', describe: "The spec's name (default: the name of the pack file)" },
    policy: { type: 'string', describe: 'Policy whose reviewedStrings the scan allows' },
    'allow-unsigned': { type: 'boolean', default: false, describe: 'Accept an unsigned pack (this version signs none)' },
  },
  async run(flags, context) {
    const { scanPackText, isClean, formatScanReport } = await import('../../sampler/scan/scan.ts');
    const { readPackFile } = await import('../../spec/read-pack.ts');
    const { calibrate } = await import('../../spec/calibrate.ts');
    const { formatSpec } = await import('../../spec/spec-text.ts');
    const output = path.resolve(context.folder, flags.output);
    if (!flags.force) refuseExisting([output]);
    const packFile = path.resolve(context.folder, flags.pack);
    const scan = scanPackText(readTextFile(packFile), flags.pack, readReviewedStrings(flags.policy, context.folder));
    if (!isClean(scan)) {
      context.print(formatScanReport(scan));
      context.tell('The pack was refused; no spec was written.');
      return 1;
    }
    const pack = readPackFile(packFile, { now: context.now() });
    if (!flags['allow-unsigned']) context.tell('note: the pack is not signed; this version of shapecast signs none.');
    const fitted = formatSpec(calibrate(pack, { name: flags.name ?? path.basename(flags.pack, '.json'), now: context.now() }));
    const text = flags.spec === undefined ? fitted : mergeSpecText(fitted, path.resolve(context.folder, flags.spec), formatSpec);
    writeFileAtomically(output, text);
    context.note({ hashes: { spec: sha256Hex(text) }, counts: { tables: pack.structure.tables.length } });
    context.print(`spec ${shownPath(output)}: ${pack.structure.tables.length} tables`);
    return 0;
  },
});
