// The report of a run, from its file.
import { readTextFile } from '../core/files.ts';
import { checkDocument, parseJsonText } from '../spec/parse-document.ts';
import { type Report, reportSchema } from '../spec/report.ts';

/** Throws FILE_UNREADABLE, DOCUMENT_INVALID. */
export function readReport(file: string): Report {
  return checkDocument(reportSchema, parseJsonText(readTextFile(file), 'report', file), 'report', file);
}
