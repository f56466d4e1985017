// The forms that dumps of PostgreSQL have, told by how a file begins: the archives and scripts of pg_dump, base backups, exports of rows. A text
// that only speaks of them has none of these beginnings.
import path from 'node:path';
import { mailAddressDetector } from '../core/detectors/mail-addresses.ts';
import type { Packing, PeekedFile } from './peek-file.ts';
import { readTarEntries } from './tar-entries.ts';

export interface DumpFormat {
  readonly format: string;
  /** false: it was read whole, and there is no row in it. */
  readonly hasRows: boolean;
}

type Beginning = Pick<PeekedFile, 'head' | 'isWhole'>;

const ARCHIVE = 'PGDMP';
/** Lines before the title of a script: comments, and what newer versions of pg_dump begin with. */
const MOST_TITLE_LINES = 20;
const SCRIPT_TITLE = /^-- PostgreSQL database (?:cluster )?dump\s*$/;
const SCRIPT_NAME = /(?:^[^.]+|\.(?:sql|psql|dump|dmp|pgdump|backup|bak|txt|out))$/i;
const TABLE_NAME = /\.(?:csv|tsv)$/i;
/** Lines of an export that hold a mail address, from which on it is one of people. */
const LEAST_MAIL_LINES = 20;
const MADE_UP_MAIL = /@(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)\b/i;

const DUMP_BY_NAME =
  /\.(?:sql|psql|dump|dmp|pgdump|backup)\.[a-z0-9]+$|(?:^|[^a-z])(?:pg_?dump|dump|backup|basebackup|pgdata)(?:[^a-z]|$)|^base\.tar\./i;

/** The form of a dump, or null for any other file. */
export function dumpFormatOf(
  file: string,
  { head, packing, isWhole }: Beginning & { readonly packing: Packing },
): DumpFormat | null {
  const name = path.basename(file);
  if (packing !== 'none' && packing !== 'gzip')
    // Nobody looks into these here; a name that says dump is believed.
    return DUMP_BY_NAME.test(name) ? { format: `a dump by its name, packed by ${packing}`, hasRows: true } : null;
  const found = formatOf(packing === 'gzip' ? name.replace(/\.gz$/i, '') : name, { head, isWhole });
  return found === null || packing === 'none' ? found : { ...found, format: `${found.format}, gzip` };
}

function formatOf(name: string, beginning: Beginning): DumpFormat | null {
  return archiveFormat(name, beginning) ?? tarFormat(beginning) ?? backupFormat(name, beginning) ?? textFormat(name, beginning);
}

function archiveFormat(name: string, { head, isWhole }: Beginning): DumpFormat | null {
  // The magic word, then the version 1.x.
  if (head.toString('latin1', 0, ARCHIVE.length) !== ARCHIVE || head[ARCHIVE.length] !== 1) return null;
  const hasRows = !isWhole || head.includes('TABLE DATA') || head.includes('BLOBS');
  return { format: `pg_dump, ${name === 'toc.dat' ? 'directory' : 'custom'} format`, hasRows };
}

function tarFormat({ head, isWhole }: Beginning): DumpFormat | null {
  for (const { name, content, isCut } of readTarEntries(head)) {
    const inner = formatOf(path.posix.basename(name), { head: content, isWhole: isWhole && !isCut });
    if (inner === null) continue;
    if (name === 'toc.dat') return { format: 'pg_dump, tar format', hasRows: inner.hasRows };
    return { format: `${inner.format}, in a tar archive`, hasRows: inner.hasRows };
  }
  return null;
}

function backupFormat(name: string, { head }: Beginning): DumpFormat | null {
  const isLabel = name === 'backup_label' && head.toString('latin1', 0, 20) === 'START WAL LOCATION: ';
  const isManifest =
    name === 'backup_manifest' && /^\{\s*"PostgreSQL-Backup-Manifest-Version"/.test(head.toString('latin1', 0, 200));
  return isLabel || isManifest ? { format: 'base backup', hasRows: true } : null;
}

function textFormat(name: string, { head, isWhole }: Beginning): DumpFormat | null {
  const lines = head.toString('utf8').split(/\r?\n/);
  // The last line of a head may be cut off.
  if (!isWhole) lines.pop();
  if (hasTitle(lines)) return { format: 'pg_dump, plain SQL', hasRows: !isWhole || lines.some((_, at) => isRowAfter(lines, at)) };
  if (SCRIPT_NAME.test(name) && lines.some((_, at) => isCopyWithRow(lines, at)))
    return { format: 'SQL with rows (COPY)', hasRows: true };
  if (TABLE_NAME.test(name) && countMailLines(lines) >= LEAST_MAIL_LINES)
    return { format: 'rows with mail addresses', hasRows: true };
  return null;
}

function hasTitle(lines: readonly string[]): boolean {
  for (const line of lines.slice(0, MOST_TITLE_LINES)) {
    if (SCRIPT_TITLE.test(line)) return true;
    if (!/^(?:\ufeff?--.*|\\restrict .*|\s*)$/.test(line)) return false;
  }
  return false;
}

function isRowAfter(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  const next = lines[at + 1];
  return line.startsWith('INSERT INTO ') || (/^COPY .* FROM stdin;$/.test(line) && next !== undefined && next !== '\\.');
}

/** A COPY whose next line has as many fields as it names columns: no tutorial's. */
function isCopyWithRow(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  const row = lines[at + 1];
  const [from, to] = [line.indexOf('('), line.lastIndexOf(')')];
  if (!line.startsWith('COPY ') || from < 0 || line.slice(to) !== ') FROM stdin;') return false;
  if (row === undefined || row === '\\.') return false;
  return row.split('\t').length === line.slice(from, to).split(',').length;
}

function countMailLines(lines: readonly string[]): number {
  return lines.filter((line) => mailAddressDetector.isIn(line.slice(0, 2000)) && !MADE_UP_MAIL.test(line)).length;
}
