// Measurements in fresh processes, so that none compiles or fills a heap for another. The child is the same script with --child.

import { type GenerateMeasurement, type GenerateRequest, measureGenerate } from './measure-generate.ts';
import { measureRows, type RowsMeasurement, type RowsRequest } from './measure-rows.ts';
import { runProgram } from './run-program.ts';
import { type BytesRequest, type WrittenTable, writeBytes } from './write-bytes.ts';
import { type PlanRequest, writePlan } from './write-plan.ts';

/** Decides a plan and writes it to the file. */
export async function planInChild(request: PlanRequest): Promise<void> {
  await ask({ kind: 'plan', request });
}

/** Writes a plan's rows as binary COPY files. */
export async function writeBytesInChild(request: BytesRequest): Promise<readonly WrittenTable[]> {
  return JSON.parse(await ask({ kind: 'bytes', request }));
}

/** Rows of one table made and let go, on one thread. */
export async function measureRowsInChild(request: RowsRequest): Promise<RowsMeasurement> {
  return JSON.parse(await ask({ kind: 'rows', request }));
}

/** The whole of `generate`. */
export async function measureGenerateInChild(request: GenerateRequest): Promise<GenerateMeasurement> {
  return JSON.parse(await ask({ kind: 'generate', request }));
}

type Question =
  | { readonly kind: 'plan'; readonly request: PlanRequest }
  | { readonly kind: 'bytes'; readonly request: BytesRequest }
  | { readonly kind: 'rows'; readonly request: RowsRequest }
  | { readonly kind: 'generate'; readonly request: GenerateRequest };

async function ask(question: Question): Promise<string> {
  const [, script = ''] = process.argv;
  const { stdout } = await runProgram(process.execPath, ['--expose-gc', script, '--child', JSON.stringify(question)]);
  return stdout;
}

/** What a child does with the value of --child: its answer as JSON on stdout. */
export async function answerChild(text: string): Promise<void> {
  const question: Question = JSON.parse(text);
  process.stdout.write(`${JSON.stringify((await answer(question)) ?? null)}\n`);
}

function answer(question: Question): unknown {
  switch (question.kind) {
    case 'plan':
      return writePlan(question.request);
    case 'bytes':
      return writeBytes(question.request);
    case 'rows':
      return measureRows(question.request);
    case 'generate':
      return measureGenerate(question.request);
  }
}
