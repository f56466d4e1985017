// The copy of `sync` alone, in a process of its own: from the first COPY to the last, into tables that are there and empty. What is before it
// (the plan) and after it (keys and indexes) is the same with and without masks.
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { packageFolder } from '../../core/tool.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { connect } from '../../postgres/connect.ts';
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { checkNamedDocument, parseYamlText } from '../../spec/parse-document.ts';
import { type SyncRules, syncRulesSchema } from '../../spec/sync-rules.ts';
import { copyTables } from '../../sync/copy-tables.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { planSync } from '../../sync/plan-sync.ts';

export interface CopyRequest {
  readonly sourceUrl: string;
  readonly targetUrl: string;
  /** A file in sync/examples without its ending; `keep`: chat-sql with every rule `keep`. */
  readonly rules: string;
  readonly jobs: number;
}

export interface CopyMeasurement {
  readonly seconds: number;
  readonly rows: number;
  /** Of this process, user and system. */
  readonly processorSeconds: number;
  /** Of the servers' processes behind the connections; null where they run on another machine. */
  readonly serverSeconds: number | null;
  /** The most of this process, from its start. */
  readonly peakMegabytes: number;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly seconds: number }[];
}

/** Measures in this process, which should do nothing else. */
export async function measureCopy({ jobs, rules, sourceUrl, targetUrl }: CopyRequest): Promise<CopyMeasurement> {
  const abort = new AbortController();
  const snapshot = await openSnapshot(sourceUrl, {
    readers: jobs,
    statementTimeoutMs: 0,
    lockTimeoutMs: 0,
    signal: abort.signal,
  });
  const writers = await Promise.all(snapshot.clients.map(() => connect(targetUrl, { applicationName: 'shapecast bench' })));
  try {
    const [source] = snapshot.clients;
    if (source === undefined) throw new Error('no connection');
    const { tables } = planSync(await readCatalog(source), readExample(rules));
    const pairs = snapshot.clients.flatMap((reader, at) => {
      const writer = writers[at];
      return writer === undefined ? [] : [{ source: reader, shadow: writer }];
    });
    for (const { shadow } of pairs) await shadow.query('set synchronous_commit = off');
    const finished: { table: string; rows: number; seconds: number }[] = [];
    const hash = createKeyedHash(new Uint8Array(32).fill(7));
    const backends = await Promise.all([...snapshot.clients, ...writers].map(readProcessId));
    const serverCpu = readProcessorSeconds(backends);
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    const copied = await copyTables({
      tables,
      pairs,
      hash,
      signal: abort.signal,
      fail: () => abort.abort(),
      progress: { advance: () => undefined, finish: () => undefined },
      onCopied: (table, rows) => finished.push({ table, rows, seconds: (performance.now() - startMs) / 1000 }),
    });
    const { system, user } = process.cpuUsage(cpu);
    const seconds = (performance.now() - startMs) / 1000;
    const serverCpuNow = readProcessorSeconds(backends);
    return {
      seconds,
      serverSeconds: serverCpu === null || serverCpuNow === null ? null : serverCpuNow - serverCpu,
      rows: copied.reduce((sum, { rows }) => sum + rows, 0),
      processorSeconds: (user + system) / 1e6,
      peakMegabytes: process.resourceUsage().maxRSS / 1000,
      tables: finished,
    };
  } finally {
    await Promise.all(writers.map((writer) => writer.end()));
    await snapshot.close();
  }
}

async function readProcessId(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>('select pg_backend_pid() as id');
  return rows[0]?.id ?? 0;
}

const TICKS_A_SECOND = 100;

/** User and system time of processes of this machine (Linux); null where one is not. */
function readProcessorSeconds(processes: readonly number[]): number | null {
  try {
    const ticks = processes.map((id) => {
      const text = fs.readFileSync(`/proc/${id}/stat`, 'utf8');
      if (!text.includes('(postgres)')) throw new Error('another machine');
      // The name in brackets may hold spaces; the 14th and 15th fields are those of the 12th and 13th behind it.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

function readExample(name: string): SyncRules {
  const file = `${name === 'keep' ? 'chat-sql' : name}.yaml`;
  const text = fs.readFileSync(path.join(packageFolder(), 'sync/examples', file), 'utf8');
  const rules = checkNamedDocument(syncRulesSchema, parseYamlText(text, 'rules', file), 'rules', file);
  if (name !== 'keep') return rules;
  const tables = Object.entries(rules.tables).map(([table, given]) => {
    const columns = Object.keys(given.columns).map((column) => [column, { kind: 'keep' }]);
    return [table, { ...given, columns: Object.fromEntries(columns) }];
  });
  return syncRulesSchema.parse({ ...rules, tables: Object.fromEntries(tables) });
}
