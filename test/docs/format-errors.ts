// The text of docs/errors.md, from the table of error texts.
import { type ErrorClass, errorTexts } from '../../core/errors.ts';

interface Entry {
  readonly class: ErrorClass;
  readonly text: (data: unknown) => string;
  readonly hint: (data: unknown) => string;
  readonly sample: unknown;
}

const meanings: Readonly<Record<ErrorClass, string>> = {
  finding: 'a finding: exit status 1',
  user: 'a mistake of the user: exit status 2',
  server: 'a server or file that failed us: exit status 3',
  bug: 'a bug of ours: exit status 70',
};

/** Markdown: every code with its sentence (rendered with sample data), its hint and its class, by name. */
export function formatErrors(): string {
  const entries = Object.entries(errorTexts) as unknown as [string, Entry][];
  const sections = entries
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, entry]) => {
      const sentence = entry.text(entry.sample).split('\n').join('\n    ');
      return `## ${code}\n\n    ${sentence}\n\n${entry.hint(entry.sample)} (${meanings[entry.class]})`;
    });
  return `# Errors\n\nThis page is generated from \`core/errors.ts\` (\`npm run docs:update\`) with made-up data.\n\n${sections.join('\n\n')}\n`;
}
