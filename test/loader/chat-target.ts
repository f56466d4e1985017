// A small target as generate leaves it: declared keys (one composite, one deferrable), a virtual key, odd names, NULLs in
// keys, parents without children, a partitioned table.
import type pg from 'pg';
import { type LoadOptions, type LoadResult, load } from '../../loader/load.ts';
import { ensureMarker } from '../../postgres/marker.ts';
import { startRun } from '../../postgres/marker-runs.ts';
import type { Report } from '../../spec/report.ts';
import { makeReport } from './make-report.ts';

export const chatSetup = `
  create type public.kind as enum ('plain', 'rich');
  create table public.users (id int primary key, username text not null, score numeric(10, 2));
  create table public.conversations (id int primary key, "ownerId" int references public.users (id));
  create schema "Odd";
  create table "Odd"."Mess.ages" (
    id bigint primary key,
    "conversationId" int not null references public.conversations (id),
    "senderId" int,
    kind public.kind not null,
    body text,
    "createdAt" timestamptz not null
  );
  create table public.members ("conversationId" int, "userId" int, primary key ("conversationId", "userId"));
  create table public.invites (id int primary key, conversation int, member int,
    foreign key (conversation, member) references public.members match full deferrable initially deferred);
  create table public.reads (id int, "messageId" bigint) partition by range (id);
  create table public.reads_low partition of public.reads for values from (0) to (300);
  create table public.reads_high partition of public.reads default;
  insert into public.users select i, 'user' || i, i * 1.5 from generate_series(1, 50) i;
  insert into public.conversations select i, nullif(i % 20, 0) from generate_series(1, 60) i;
  insert into "Odd"."Mess.ages"
    select i, 1 + (i * i) % 40, 1 + i % 50, (array['plain', 'rich'])[1 + i % 2]::public.kind, nullif(repeat('x', i % 97), ''),
           timestamptz '2024-01-01 00:00:00Z' + i * interval '1 minute'
    from generate_series(1, 1000) i;
  insert into public.members select c, u from generate_series(1, 60) c, generate_series(1, 3) u;
  insert into public.invites select i, i, 1 from generate_series(1, 30) i;
  insert into public.invites values (31, null, null);
  insert into public.reads select i, 1 + i % 1000 from generate_series(1, 600) i;`;

/** The report of the target as chatSetup made it. */
export async function makeChatReport(client: pg.Client): Promise<Report> {
  const report = await describeChat(client);
  await ensureMarker(client);
  await startRun(client, { ...markerRun, planId: report.planId });
  return report;
}

const markerRun = { runId: 'gen', seed: 'a', band: 'dev', specName: 'chat', toolVersion: '0' };

function describeChat(client: pg.Client): Promise<Report> {
  const message = '"Odd"."Mess.ages"';
  return makeReport(
    client,
    [
      { child: 'public.conversations', columns: ['ownerId'], parent: 'public.users', to: ['id'], isVirtual: false },
      { child: message, columns: ['conversationId'], parent: 'public.conversations', to: ['id'], isVirtual: false },
      { child: message, columns: ['senderId'], parent: 'public.users', to: ['id'], isVirtual: true },
      {
        child: 'public.invites',
        columns: ['member', 'conversation'],
        parent: 'public.members',
        to: ['userId', 'conversationId'],
        isVirtual: false,
      },
      { child: 'public.reads', columns: ['messageId'], parent: message, to: ['id'], isVirtual: true },
    ],
    { 'public.users': { score: 'value', username: 'length' }, [message]: { body: 'length', id: 'value' } },
  );
}

/** Loads, with the lines that were printed. */
export async function loadChat(
  url: string,
  report: Report,
  change: Partial<LoadOptions> = {},
): Promise<{ result: LoadResult; lines: string[] }> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const result = await load({ url, report, schema: null, operator: 'tester', print, environment: {}, ...change });
  return { result, lines };
}

/** The failed verdicts, as `question subject: found`. */
export function listFindings(result: LoadResult): string[] {
  return result.verdicts
    .filter((verdict) => !verdict.passed)
    .map((verdict) => `${verdict.question} ${verdict.subject}: ${verdict.found}`);
}
