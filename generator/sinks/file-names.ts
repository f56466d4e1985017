// What the files of a folder are called and how each is written, by the plan alone: so every run of a plan means the same files.
import type { Plan, PlanTable } from '../../spec/plan.ts';
import type { ChunkTask } from '../work.ts';
import type { FileFormat, FileSink } from './file-sink.ts';

const EXTENSIONS: Readonly<Record<FileFormat, string>> = { binary: 'bin', text: 'copy', csv: 'csv' };
const MOST_NAME_CHARACTERS = 100;

/** The format of a table's files. */
export function fileFormat(table: PlanTable, sink: Pick<FileSink, 'format'>): FileFormat {
  return sink.format === 'csv' ? 'csv' : table.format;
}

/** `003_public.messages_000017.bin`. The number tells tables apart whose names differ in what a file name cannot hold. */
export function chunkFileName(plan: Plan, task: ChunkTask, sink: Pick<FileSink, 'format'>): string {
  const table = plan.tables[task.table] as PlanTable;
  const name = table.name.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, MOST_NAME_CHARACTERS);
  const extension = EXTENSIONS[fileFormat(table, sink)];
  return `${String(task.table).padStart(3, '0')}_${name}_${String(task.chunk).padStart(6, '0')}.${extension}`;
}
