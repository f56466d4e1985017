// What check-replica tells: one line per question about the source and the role that reads it, with a verdict and what to do. Names and
// numbers, never a value.
import { z } from 'zod';

const VERDICTS = ['ok', 'warn', 'fail'] as const;

const replicaAnswerSchema = z.strictObject({
  check: z.string(),
  verdict: z.enum(VERDICTS),
  /** A sentence without its full stop. */
  found: z.string(),
  /** What to do; null where nothing needs doing. */
  advice: z.string().nullable(),
});

export const replicaCheckSchema = z.strictObject({
  /** host:port/database. */
  server: z.string(),
  role: z.string(),
  answers: z.array(replicaAnswerSchema),
});

export type ReplicaAnswer = z.output<typeof replicaAnswerSchema>;
export type ReplicaCheck = z.output<typeof replicaCheckSchema>;

/** Whether no answer is a failure; warnings pass. */
export function isReady({ answers }: ReplicaCheck): boolean {
  return answers.every(({ verdict }) => verdict !== 'fail');
}

const SIGNS: Readonly<Record<(typeof VERDICTS)[number], string>> = { ok: '✓', warn: '!', fail: '✗' };

/** Lines for people. */
export function formatReplicaCheck({ server, role, answers }: ReplicaCheck): string[] {
  const width = Math.max(...answers.map(({ check }) => check.length));
  const lines = answers.flatMap(({ check, verdict, found, advice }) => [
    `${SIGNS[verdict]} ${check.padEnd(width)}  ${found}`,
    ...(advice === null ? [] : [`  ${' '.repeat(width)}  -> ${advice}`]),
  ]);
  const count = (wanted: string) => answers.filter(({ verdict }) => verdict === wanted).length;
  return [`${server} as ${role}`, ...lines, `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failed`];
}
