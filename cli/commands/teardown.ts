// teardown: removes what the marker in the target lists as ours, says so first, and proves it afterwards.
import path from 'node:path';
import type { TeardownResult } from '../../spec/teardown-result.ts';
import { defineCommand } from '../command.ts';
import { factsOfTeardown } from '../evidence-of.ts';
import { jsonOption, targetOption } from '../options.ts';
import { shownPath } from '../shown-path.ts';
import { withTarget } from '../target.ts';

export const teardownCommand = defineCommand({
  name: 'teardown',
  summary: 'Remove what shapecast made in the target, and nothing else',
  example: 'shapecast teardown --target postgresql://localhost/dev --dry-run',
  options: {
    target: targetOption,
    expired: {
      type: 'boolean',
      default: false,
      describe: 'Remove only what is older than the life of a synthetic dataset, 30 days from its first run',
    },
    files: {
      type: 'string',
      array: true,
      describe: 'Also remove the reports and run records of the removed runs from this folder; repeatable',
    },
    database: {
      type: 'boolean',
      default: false,
      describe: 'Also drop the database, when shapecast made it and nothing else is in it',
    },
    force: {
      type: 'boolean',
      default: false,
      describe: 'For emergencies: go on although a run is marked running or rows were added',
    },
    confirm: { type: 'boolean', default: true, describe: 'Ask before removing; --no-confirm does not ask' },
    'dry-run': { type: 'boolean', default: false, describe: 'List what would be removed, and remove nothing' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { teardown } = await import('../../teardown/teardown.ts');
    const options = {
      dryRun: flags['dry-run'],
      force: flags.force,
      expired: flags.expired,
      fileFolders: (flags.files ?? []).map((folder) => shownPath(path.resolve(context.folder, folder))),
      database: flags.database,
      confirm: flags.confirm ? context.confirm : async () => true,
      print: flags.json ? context.tell : context.print,
      environment: context.environment,
      signal: context.signal,
    };
    let last: TeardownResult | null = null;
    const onResult = (result: TeardownResult) => {
      last = result;
      context.note(factsOfTeardown(result));
    };
    try {
      const outcome = await withTarget({ command: 'teardown', target: flags.target }, context, (url) =>
        teardown({ ...options, url, onResult }),
      );
      // Nobody at the terminal, or a no: what was asked for was not done.
      if (outcome === 'declined') context.tell('Not confirmed. Pass --no-confirm to remove without asking.');
      return outcome === 'declined' ? 1 : 0;
    } finally {
      // Also of a removal that could not be proven.
      if (flags.json && last !== null) context.print(JSON.stringify(last, null, 2));
    }
  },
});
