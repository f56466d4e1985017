// suggest: references, times and sentinels that the database does not declare, as a policy fragment for a person to edit.
import path from 'node:path';
import { refuseExisting, writeFileAtomically } from '../../core/files.ts';
import { defineCommand } from '../command.ts';
import { forceOption, jsonOption, wholeNumber } from '../options.ts';
import { readPolicy } from '../policy-file.ts';
import { shownPath } from '../shown-path.ts';
import { openSource } from '../source.ts';

export const suggestCommand = defineCommand({
  name: 'suggest',
  summary: 'Propose policy entries: undeclared references, integers that are times, values that act as NULL',
  example: 'shapecast suggest --source postgresql://reader@replica/app --output suggested-policy.yaml',
  options: {
    source: { type: 'string', describe: 'Source database URL (default: PROD_REPLICA_URL, then PGHOST and its like)' },
    policy: { type: 'string', describe: 'Policy file (YAML): what it says is not proposed, what it excludes is not read' },
    output: { type: 'string', describe: 'Write the policy fragment to this file (YAML) instead of stdout' },
    'statement-timeout': { type: 'number', default: 600, describe: 'Seconds after which the server ends a statement' },
    force: forceOption,
    json: jsonOption,
  },
  async run(flags, context) {
    const file = flags.output === undefined ? undefined : path.resolve(context.folder, flags.output);
    // Before anything connects: a fragment that a person has edited is not lost to a second run.
    if (file !== undefined && !flags.force) refuseExisting([file]);
    const policy = readPolicy(flags.policy, context.folder);
    const url = await openSource(flags.source, context);
    const { formatSuggestions, suggestPolicy } = await import('../../sampler/suggest.ts');
    const suggestions = await suggestPolicy({
      url,
      policy,
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      startProgress: context.startProgress,
      signal: context.signal,
      warn: context.tell,
    });
    const text = formatSuggestions(suggestions);
    if (file !== undefined) {
      writeFileAtomically(file, text);
      context.tell(`Written to ${shownPath(file)}. Nothing is in force until you accept it.`);
    }
    if (flags.json) context.print(JSON.stringify(suggestions, null, 2));
    else if (file === undefined) context.print(text.trimEnd());
    return 0;
  },
});
