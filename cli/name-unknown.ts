// yargs reports the first thing that is wrong: for a misspelt --seed that a required option is missing, for a misspelt command only the
// one that is meant. What nobody declared is named first.
import type { Command } from './command.ts';

const COMMON_OPTIONS = ['debug', 'help', 'version'];

/** The sentence with the unknown options, or the unknown command, named in front. */
export function nameUnknown(sentence: string, argv: readonly string[], commands: readonly Command[]): string {
  const command = commands.find(({ name }) => name === argv[0]);
  const [first] = argv;
  if (command === undefined)
    return first === undefined || first.startsWith('-') || sentence.includes(first)
      ? sentence
      : `Unknown command: ${first}. ${sentence}`;
  const unknown = unknownOptions(argv, command);
  if (unknown.length === 0) return sentence;
  const named = `Unknown ${unknown.length === 1 ? 'option' : 'options'}: ${unknown.join(', ')}`;
  return /^unknown argument/i.test(sentence) ? named : `${named}. ${sentence}`;
}

function unknownOptions(argv: readonly string[], { options }: Command): string[] {
  const known = new Set([...Object.keys(options), ...COMMON_OPTIONS]);
  const end = argv.indexOf('--');
  return argv
    .slice(1, end < 0 ? argv.length : end)
    .filter((word) => /^--[A-Za-z]/.test(word))
    .map((word) => word.split('=')[0] ?? word)
    .filter((word) => !known.has(dashed(word.slice(2))) && !known.has(dashed(word.slice(2)).replace(/^no-/, '')));
}

/** yargs takes `dryRun` for `dry-run`. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
