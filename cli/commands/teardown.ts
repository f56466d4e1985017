// teardown: removes what the marker in the target lists as ours, says so first, and proves it afterwards.
import { defineCommand } from '../command.ts';
import { targetOption } from '../options.ts';
import { withTarget } from '../target.ts';

export const teardownCommand = defineCommand({
  name: 'teardown',
  summary: 'Remove what shapecast made in the target, and nothing else',
  example: 'shapecast teardown --target postgresql://localhost/dev --dry-run',
  options: {
    target: targetOption,
    force: {
      type: 'boolean',
      default: false,
      describe: 'For emergencies: go on although a run is marked running or rows were added',
    },
    confirm: { type: 'boolean', default: true, describe: 'Ask before removing; --no-confirm does not ask' },
    'dry-run': { type: 'boolean', default: false, describe: 'List what would be removed, and remove nothing' },
  },
  async run(flags, context) {
    const { teardown } = await import('../../teardown/teardown.ts');
    const outcome = await withTarget({ command: 'teardown', target: flags.target }, context, (url) =>
      teardown({
        url,
        dryRun: flags['dry-run'],
        force: flags.force,
        confirm: flags.confirm ? context.confirm : async () => true,
        print: context.print,
        environment: context.environment,
      }),
    );
    // Nobody at the terminal, or a no: what was asked for was not done.
    if (outcome === 'declined') context.tell('Not confirmed. Pass --no-confirm to remove without asking.');
    return outcome === 'declined' ? 1 : 0;
  },
});
