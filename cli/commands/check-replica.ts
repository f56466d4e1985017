// check-replica: is the source, and the role that reads it, fit for sample and sync? It only reads.
import path from 'node:path';
import { formatReplicaCheck, isReady } from '../../spec/replica-check.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';
import { openSource } from '../source.ts';

export const checkReplicaCommand = defineCommand({
  name: 'check-replica',
  summary: 'Check the source and its reading role: standby, lag, rights, encryption, tools; says what to do',
  example: 'shapecast check-replica --source postgresql://shapecast_reader@replica/app',
  options: {
    source: { type: 'string', describe: 'Source database URL (default: PROD_REPLICA_URL)' },
    tools: { type: 'string', describe: 'Folder of pg_dump and psql (default: the PATH)' },
    json: jsonOption,
  },
  async run(flags, context) {
    const url = await openSource(flags.source, context);
    const { checkReplica } = await import('../../sync/check-replica.ts');
    const toolFolder = flags.tools === undefined ? null : path.resolve(context.folder, flags.tools);
    const result = await checkReplica({ url, toolFolder, signal: context.signal });
    const failures = result.answers.filter(({ verdict }) => verdict === 'fail').length;
    const isPassed = isReady(result);
    context.note({ counts: { questions: result.answers.length, failures }, verdict: isPassed ? 'passed' : 'failed' });
    if (flags.json) context.print(JSON.stringify(result, null, 2));
    else for (const line of formatReplicaCheck(result)) context.print(line);
    return isPassed ? 0 : 1;
  },
});
