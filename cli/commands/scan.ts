// scan: the outgoing gate, one pack after the other.
import path from 'node:path';
import { readTextFile } from '../../core/files.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';
import { readReviewedStrings } from '../policy-file.ts';

export const scanCommand = defineCommand({
  name: 'scan',
  summary: 'Search packs for anything that must not leave: one line per check',
  example: 'shapecast scan shape-metrics-20260131.json',
  operands: { name: 'pack', description: 'Pack files' },
  options: {
    policy: { type: 'string', describe: 'Policy whose reviewedStrings are allowed' },
    json: jsonOption,
  },
  async run(flags, context, operands) {
    const { scanPackText, isClean, formatScanReport } = await import('../../sampler/scan/scan.ts');
    const reviewed = readReviewedStrings(flags.policy, context.folder);
    const reports = operands.map((file) => ({
      file,
      report: scanPackText(readTextFile(path.resolve(context.folder, file)), file, reviewed),
    }));
    context.note({ counts: { packs: reports.length, unclean: reports.filter(({ report }) => !isClean(report)).length } });
    if (flags.json) {
      context.print(
        JSON.stringify(
          reports.map(({ file, report }) => ({ file, clean: isClean(report), checks: report.checks })),
          null,
          2,
        ),
      );
    } else {
      for (const { file, report } of reports) context.print(`${file}\n${formatScanReport(report)}`);
    }
    return reports.every(({ report }) => isClean(report)) ? 0 : 1;
  },
});
