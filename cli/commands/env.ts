// env: which variables shapecast reads, and with --print what is set of them, as lines for an app's .env file.
import { defineCommand } from '../command.ts';
import { environmentVariables } from '../environment-variables.ts';
import { jsonOption } from '../options.ts';

export const envCommand = defineCommand({
  name: 'env',
  summary: 'List the variables that shapecast reads, or print those that are set for a .env file, without secrets',
  example: 'shapecast env --print',
  options: {
    print: {
      type: 'boolean',
      default: false,
      describe: 'Print NAME=value lines; passwords are taken out of URLs, secrets are left out',
    },
    json: jsonOption,
  },
  leavesNoEvidence: true,
  async run(flags, { environment, print }) {
    const { readEntry, formatEntry } = await import('../env-lines.ts');
    const entries = environmentVariables.map((variable) => ({ ...readEntry(variable, environment), variable }));
    if (flags.json) {
      const documented = entries.map(({ variable: { kind, meaning }, ...entry }) => ({ ...entry, kind, meaning }));
      print(JSON.stringify(documented, null, 2));
    } else if (flags.print) {
      for (const { variable: _, ...entry } of entries) {
        const line = formatEntry(entry);
        if (line !== null) print(line);
      }
    } else {
      const width = Math.max(...environmentVariables.map(({ name }) => name.length));
      for (const { state, variable } of entries)
        print(`${state === 'unset' ? ' ' : '*'} ${variable.name.padEnd(width)}  ${variable.meaning}`);
      print('* is set. --print writes those for a .env file, without secrets.');
    }
    return 0;
  },
});
