// Records as events of the Elastic Common Schema (ECS 8.11), one JSON object a line, for whatever collects logs.
// https://www.elastic.co/guide/en/ecs/8.11/ecs-event.html: kind, category, type and outcome take the values listed there only.
import type { EvidenceRecord } from '../spec/evidence.ts';

/** A record with the hash that the next one links to. */
export type ShownRecord = EvidenceRecord & { readonly hash: string };

const NANOSECONDS_PER_MS = 1_000_000;

const TYPES: Readonly<Record<string, readonly string[]>> = {
  generate: ['creation', 'change'],
  teardown: ['deletion'],
};

/** One event. */
export function formatEcs(record: ShownRecord): string {
  const { facts, tool } = record;
  const [name, version] = tool.split(' ');
  return JSON.stringify({
    '@timestamp': record.completedAt ?? record.startedAt,
    ecs: { version: '8.11.0' },
    message: `${name} ${record.command}: ${record.status}`,
    event: {
      kind: 'event',
      category: ['database'],
      type: record.completedAt === null ? ['start'] : ['end', ...(TYPES[record.command] ?? ['access'])],
      action: `${name}-${record.command}`,
      outcome: outcomeOf(record),
      id: record.hash,
      sequence: record.sequence,
      dataset: 'shapecast.evidence',
      start: record.startedAt,
      ...endOf(record),
      ...(record.error === null ? {} : { code: record.error }),
    },
    user: { name: record.operator },
    service: { name, type: 'shapecast', version },
    labels: {
      run_id: record.runId,
      previous: record.previous,
      ...(record.commit === null ? {} : { commit: record.commit }),
      ...(facts.source === undefined ? {} : { source: facts.source }),
      ...(facts.target === undefined ? {} : { target: facts.target }),
      ...(facts.verdict === undefined ? {} : { verdict: facts.verdict }),
      ...(facts.entry === undefined ? {} : { entry: facts.entry.kind, note: facts.entry.note }),
      ...(facts.rules === undefined ? {} : { rules: facts.rules.state }),
      ...(typeof facts.rules?.commit === 'string' ? { rules_commit: facts.rules.commit } : {}),
      ...prefixed('hash', facts.hashes ?? {}),
      ...prefixed('count', facts.counts ?? {}),
      ...prefixed('input', Object.fromEntries(record.inputs.map(({ option, sha256 }) => [option, sha256]))),
    },
  });
}

function outcomeOf({ status }: EvidenceRecord): 'success' | 'failure' | 'unknown' {
  return status === 'completed' ? 'success' : status === 'started' ? 'unknown' : 'failure';
}

function endOf({ startedAt, completedAt }: EvidenceRecord): object {
  if (completedAt === null) return {};
  return { end: completedAt, duration: Math.max(0, Date.parse(completedAt) - Date.parse(startedAt)) * NANOSECONDS_PER_MS };
}

/** Labels are keywords: every value is a text. */
function prefixed(prefix: string, values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, String(value)]));
}
