// The manifests of deploy/kubernetes, read as a cluster would, with their command lines run through our own parser.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Command } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { parseDestination, parseShard } from '../../cli/generate-sink.ts';
import { runCommandLine } from '../../cli/run-command-line.ts';
import { silentProgress } from '../../core/progress.ts';

const folder = path.resolve(import.meta.dirname, '../../deploy/kubernetes');

const jobSchema = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  spec: z.object({
    completionMode: z.literal('Indexed').optional(),
    completions: z.int().optional(),
    template: z.object({
      spec: z.object({
        restartPolicy: z.literal('Never'),
        volumes: z.array(z.object({ name: z.string() })).default([]),
        containers: z
          .array(
            z.object({
              args: z.array(z.string()),
              env: z.array(
                z.union([
                  z.object({ name: z.string(), valueFrom: z.object({ secretKeyRef: z.object({ name: z.string() }) }) }),
                  z.object({ name: z.literal('SHAPECAST_EVIDENCE_DIR'), value: z.string() }),
                ]),
              ),
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
            }),
          )
          .length(1),
      }),
    }),
  }),
});

function readJob(name: string) {
  const { spec } = jobSchema.parse(parse(fs.readFileSync(path.join(folder, name), 'utf8')));
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error('no container');
  return { spec, container, volumes: spec.template.spec.volumes };
}

/** The flags that the command would run with. */
async function flagsOf(args: readonly string[]): Promise<{ command: string; flags: Record<string, unknown> }> {
  let seen: { command: string; flags: Record<string, unknown> } | null = null;
  const listening = commands.map(
    (command): Command => ({
      ...command,
      run: async (flags) => {
        seen = { command: command.name, flags };
        return 0;
      },
    }),
  );
  const told: string[] = [];
  const status = await runCommandLine(args, listening, {
    environment: { SHAPECAST_EVIDENCE: 'off' },
    folder,
    now: () => new Date(0),
    signal: new AbortController().signal,
    print: () => undefined,
    output: process.stdout,
    tell: (line) => told.push(line),
    startProgress: () => silentProgress,
    confirm: async () => false,
  });
  if (status !== 0 || seen === null) throw new Error(told.join('\n'));
  return seen;
}

test('each index of the Job is one of its shards, and together they are all', async () => {
  const { spec, container } = readJob('generate.yaml');
  const indexes = Array.from({ length: spec.completions ?? 0 }, (_, index) => index);

  const runs = await Promise.all(
    indexes.map((index) => flagsOf(container.args.map((text) => text.replace('$(JOB_COMPLETION_INDEX)', String(index))))),
  );

  expect(spec.completionMode).toBe('Indexed');
  expect(indexes.length).toBeGreaterThan(1);
  expect(runs.map(({ command }) => command)).toEqual(indexes.map(() => 'generate'));
  expect(runs.map(({ flags }) => parseShard(String(flags.shard)))).toEqual(
    indexes.map((index) => ({ index, of: indexes.length })),
  );
  const flags = runs[0]?.flags ?? {};
  expect(parseDestination({ to: undefined, table: undefined, format: 'binary', shard: '0/1', ...flags }, folder)).toEqual({
    kind: 'postgres',
  });
  // Paths on the command line are on a volume that is mounted.
  for (const option of ['spec', 'create', 'output-dir']) {
    const mount = container.volumeMounts.find(({ mountPath }) => `${String(flags[option])}/`.startsWith(`${mountPath}/`));
    expect(readJob('generate.yaml').volumes.map(({ name }) => name)).toContain(mount?.name);
  }
});

test('teardown parses too, and asks nobody', async () => {
  const { container } = readJob('teardown.yaml');

  expect(await flagsOf(container.args)).toMatchObject({ command: 'teardown', flags: { confirm: false } });
});

test('evidence goes to a volume, because the root is read only', () => {
  for (const name of ['generate.yaml', 'teardown.yaml']) {
    const { container } = readJob(name);
    const folders = container.env.flatMap((variable) => ('value' in variable ? [variable.value] : []));

    expect(folders).toEqual(['/work/evidence']);
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain('/work');
  }
});

test('the target comes from a secret and nothing else', () => {
  for (const name of ['generate.yaml', 'teardown.yaml']) {
    const { container } = readJob(name);

    const secrets = container.env.flatMap((variable) => ('valueFrom' in variable ? [variable] : []));
    expect(secrets.map((variable) => variable.name)).toEqual(['DATABASE_URL', 'SHAPECAST_ALLOWED_HOSTS']);
    expect(new Set(secrets.map(({ valueFrom }) => valueFrom.secretKeyRef.name))).toEqual(new Set(['shapecast-target']));
    expect(fs.readFileSync(path.join(folder, name), 'utf8')).not.toMatch(/postgres(ql)?:\/\//);
  }
});
