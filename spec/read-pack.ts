// The one way in for a pack: read, checked against the schema, not expired. Everything after it trusts the pack.
import { type Problem, ShapecastError } from '../core/errors.ts';
import { readTextFile } from '../core/files.ts';
import { PACK_FORMAT, PACK_LIFETIME_DAYS, PACK_VERSION, type Pack, packSchema, TOKEN_PATTERN } from './pack.ts';
import { checkDocument, parseJsonText } from './parse-document.ts';

const MS_PER_DAY = 86_400_000;

/**
 * The pack in the file. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, PACK_VERSION_UNKNOWN, DOCUMENT_INVALID with every fault, or
 * PACK_EXPIRED from the day of expiry on (UTC). Reads the disk; the detectors of scan are the caller's to run.
 */
export function readPackFile(file: string, options: { readonly now: Date }): Pack {
  const pack = parsePack(readTextFile(file), file);
  refuseExpired(pack, file, options.now);
  return pack;
}

/** The pack in JSON text, whatever its age. Throws DOCUMENT_UNPARSABLE, PACK_VERSION_UNKNOWN or DOCUMENT_INVALID. */
export function parsePack(text: string, file: string): Pack {
  const value = parseJsonText(text, 'pack', file);
  refuseOtherVersion(value, file);
  const pack = checkDocument(packSchema, value, 'pack', file);
  const problems = listTokenProblems(pack);
  if (problems.length > 0) throw new ShapecastError('DOCUMENT_INVALID', { document: 'pack', file, problems });
  return pack;
}

function refuseOtherVersion(value: unknown, file: string): void {
  if (value === null || typeof value !== 'object' || !('format' in value) || !('version' in value)) return;
  if (value.format !== PACK_FORMAT || value.version === PACK_VERSION) return;
  throw new ShapecastError('PACK_VERSION_UNKNOWN', { file, version: PACK_VERSION });
}

/** Tokens that are not exactly 16 hex digits. The schema lets them pass so that scan can name them in a check of its own. */
function listTokenProblems(pack: Pack): Problem[] {
  return pack.marginals.flatMap((marginal, at) =>
    marginal.axes.flatMap((axis, axisAt) => {
      const labels = axis.kind === 'category' ? axis.labels : [];
      return labels.flatMap((label, labelAt) =>
        'token' in label && !TOKEN_PATTERN.test(label.token)
          ? [{ path: `marginals.${at}.axes.${axisAt}.labels.${labelAt}.token`, message: 'expected 16 lower-case hex digits' }]
          : [],
      );
    }),
  );
}

/** The first day on which the pack is refused. Throws DOCUMENT_INVALID for a day that no calendar has. */
export function expiryOfPack({ provenance }: Pack, file: string): string {
  const dayMs = Date.parse(`${provenance.day}T00:00:00Z`);
  if (Number.isNaN(dayMs)) {
    const problems = [{ path: 'provenance.day', message: 'expected a day of the calendar' }];
    throw new ShapecastError('DOCUMENT_INVALID', { document: 'pack', file, problems });
  }
  const latest = new Date(dayMs + PACK_LIFETIME_DAYS * MS_PER_DAY).toISOString().slice(0, 10);
  // A pack cannot lengthen its own life: the earlier of its `expires` and its day plus 90 days counts.
  const [expires = latest] = [provenance.expires, latest].sort();
  return expires;
}

function refuseExpired(pack: Pack, file: string, now: Date): void {
  const expires = expiryOfPack(pack, file);
  if (now.toISOString().slice(0, 10) >= expires) throw new ShapecastError('PACK_EXPIRED', { file, expires });
}
