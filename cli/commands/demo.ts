// demo: the whole way on the embedded server, from a made-up production to a verified synthetic copy.
import { defineCommand } from '../command.ts';

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'The main job end to end on the embedded server, with a made-up production database',
  example: 'shapecast demo',
  leavesNoEvidence: true,
  options: {
    'output-dir': { type: 'string', describe: 'Folder for the files (default: a new one in the system temp folder)' },
  },
  async run(flags, context) {
    const { runDemo } = await import('../demo/run-demo.ts');
    return runDemo({ outputFolder: flags['output-dir'] ?? null }, context);
  },
});
