// The text of a recorded index or foreign key names its tables as they were. A table that was renamed since gets the same text
// under its new name, and only where the server's own spelling of the old one stands exactly where that grammar puts it.

/** One table: its name as the server spells it, when recorded and now. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

export interface RecordedText {
  readonly kind: 'index' | 'foreignKey';
  /** pg_get_indexdef or pg_get_constraintdef. */
  readonly definition: string;
  /** Name of the index as the server spells it. */
  readonly name: string;
  readonly table: Renaming;
  /** The table that a foreign key points at. */
  readonly references: Renaming | null;
}

/** The definition for the tables' present names; null when the text is not of the expected form. A foreign key's does not say its own table. */
export function followRename({ kind, definition, name, table, references }: RecordedText): string | null {
  if (kind === 'index') return table.from === table.to ? definition : renameAfter(definition, indexHeads(name), table, ' USING ');
  if (references === null || references.from === references.to) return definition;
  const head = FOREIGN_KEY_HEAD.exec(definition)?.[0];
  return head === undefined ? null : renameAfter(definition, [head], references, '(');
}

function indexHeads(name: string): string[] {
  return ['', 'UNIQUE '].flatMap((unique) => ['', 'ONLY '].map((only) => `CREATE ${unique}INDEX ${name} ON ${only}`));
}

const NAME = '(?:"(?:[^"]|"")+"|[^\\s",()]+)';
const FOREIGN_KEY_HEAD = new RegExp(`^FOREIGN KEY \\((?:PERIOD )?${NAME}(?:, (?:PERIOD )?${NAME})*\\) REFERENCES `);

function renameAfter(definition: string, heads: readonly string[], { from, to }: Renaming, next: string): string | null {
  const head = heads.find((candidate) => definition.startsWith(`${candidate}${from}${next}`));
  return head === undefined ? null : `${head}${to}${definition.slice(head.length + from.length)}`;
}
