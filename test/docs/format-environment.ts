// The text of docs/environment.md, from the table of variables.
import type { EnvironmentVariable } from '../../cli/environment-variables.ts';

const WORDS: Readonly<Record<EnvironmentVariable['kind'], string>> = {
  setting: 'setting',
  url: 'URL; its password is left out',
  webUrl: 'URL; its login and query are left out',
  secret: 'secret, never printed',
};

/** Markdown: one row per variable. */
export function formatEnvironment(variables: readonly EnvironmentVariable[]): string {
  const rows = variables.map(({ name, kind, meaning }) => `| \`${name}\` | ${meaning} | ${WORDS[kind]} |`);
  return `${[INTRO, '', '| variable | meaning | kind |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
}

const INTRO = `# The environment

This page is generated from \`cli/environment-variables.ts\` (\`npm run docs:update\`); a test fails when it is stale, or when the code reads a
variable that is not listed.

\`shapecast env --print >> .env\` hands what is set on to an app. Secrets and values that readers of such files take differently (line breaks, both kinds
of quotes) are left out and named in comments. Values stand in single quotes where they need any; dotenv-expand alone replaces \`$\` there too.`;
