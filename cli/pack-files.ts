// The three files that sample writes side by side.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { formatDayStamp } from './stamps.ts';

export interface PackFiles {
  readonly pack: string;
  readonly mapping: string;
  readonly report: string;
}

/**
 * The files for a pack of that day. Where another pack's report of the day lies in the folder already, this one's takes
 * the pack's name too: a signed report is never replaced by the next extraction. Reads the folder. Throws OPTION_INVALID
 * when the pack's name does not end in .json.
 */
export function packFiles(pack: string, day: Date): PackFiles {
  const folder = path.dirname(pack);
  const name = path.basename(pack, '.json');
  if (!pack.endsWith('.json') || name === '') {
    throw new ShapecastError('OPTION_INVALID', { option: '--output', reason: 'the name must end in .json' });
  }
  const report = path.join(folder, `extraction-report-${formatDayStamp(day)}.md`);
  return {
    pack,
    mapping: path.join(folder, `${name}_mapping.json`),
    report: fs.existsSync(report) ? path.join(folder, `extraction-report-${formatDayStamp(day)}-${name}.md`) : report,
  };
}
