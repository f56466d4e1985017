// The text of docs/cli.md, from the commands themselves.
import type { Command } from '../../cli/command.ts';

/** Markdown: one section per command, with its options. */
export function formatCommands(commands: readonly Command[]): string {
  return `${[intro, ...commands.map(formatCommand)].join('\n\n')}\n`;
}

const intro = `# The commands

This page is generated from the commands (\`npm run docs:update\`); a test fails when it is stale.

Results go to stdout, progress and errors to stderr. Exit status: 0 done; 1 a finding (a scan, verification or comparison
that failed, or a question that was not answered with yes); 2 a mistake of the user; 3 a server or file that failed us; 70 a
bug of ours. Every command takes \`--help\`, \`--version\` and \`--debug\` (prints where an error happened).`;

function formatCommand(command: Command): string {
  const usage = command.operands === undefined ? '' : ` ${command.operands.name.toUpperCase()}...`;
  const operands =
    command.operands === undefined ? [] : [`${command.operands.name.toUpperCase()}: ${command.operands.description}.`, ''];
  return [
    `## shapecast ${command.name}${usage}`,
    '',
    `${command.summary}.`,
    '',
    ...operands,
    `    ${command.example}`,
    '',
    '| option | meaning | default |',
    '| --- | --- | --- |',
    ...Object.entries(command.options).map(
      ([name, option]) => `| \`${formatOption(name, option)}\` | ${option.describe ?? ''} | ${formatDefault(option)} |`,
    ),
  ].join('\n');
}

function formatOption(name: string, option: Command['options'][string]): string {
  if (option.type === 'boolean') return option.default === true ? `--no-${name}` : `--${name}`;
  if (option.choices !== undefined) return `--${name} ${option.choices.join('\\|')}`;
  return `--${name} ${option.type === 'number' ? 'N' : 'TEXT'}`;
}

function formatDefault(option: Command['options'][string]): string {
  if (option.demandOption === true) return '(required)';
  return option.default === undefined || option.type === 'boolean' ? '' : `\`${String(option.default)}\``;
}
