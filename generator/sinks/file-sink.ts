// A folder as the place where rows go: what is asked for, and in which forms files come.
import type { FILE_FORMATS } from '../../spec/file-manifest.ts';

/** Where files go and how. binary: COPY data in the table's own format, which is text where a type has no binary encoder. */
export interface FileSink {
  readonly folder: string;
  readonly format: 'binary' | 'csv';
}

export type FileFormat = (typeof FILE_FORMATS)[number];
