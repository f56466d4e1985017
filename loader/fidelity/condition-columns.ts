// Which columns a condition of a plan names, and which of them it sets equal. Names of relations and columns only: literals are cut
// out first, and nothing else of the text stays.

export interface NamedColumn {
  readonly alias: string;
  readonly column: string;
}

export interface ConditionColumns {
  /** Columns of two relations that must be equal. */
  readonly equalities: readonly (readonly [NamedColumn, NamedColumn])[];
  /** All others: those that are compared with a value or by something else than `=`. */
  readonly filters: readonly NamedColumn[];
}

// Strings before quoted names, so that neither is looked for inside the other.
const LITERAL_OR_NAME = /(?:\b[bBxXeE])?'(?:[^']|'')*'|"(?:[^"]|"")*"/g;
const NAME = '(?:"(?:[^"]|"")+"|[A-Za-z_][\\w$]*)';
const COLUMN = `(${NAME})\\.(${NAME})(?![\\w$."]|\\()`;
const CAST = '\\)*(?:::[\\w ]+(?:\\(\\d+(?:,\\d+)?\\))?)?\\)*';
const EQUALITY = new RegExp(`(?<![\\w$."])${COLUMN}${CAST} = \\(*${COLUMN}`, 'g');
const ANY_COLUMN = new RegExp(`(?<![\\w$."])${COLUMN}`, 'g');

/** Reads conditions as EXPLAIN (VERBOSE) writes them, every column with the alias of its relation. */
export function readConditions(texts: readonly string[]): ConditionColumns {
  const equalities: (readonly [NamedColumn, NamedColumn])[] = [];
  const filters = new Map<string, NamedColumn>();
  for (const text of texts) {
    const bare = text.replaceAll(LITERAL_OR_NAME, (token) => (token.startsWith('"') ? token : '?'));
    const rest = bare.replaceAll(EQUALITY, (whole, ...groups: string[]) => {
      const [left, right] = [nameColumn(groups[0], groups[1]), nameColumn(groups[2], groups[3])];
      if (left.alias === right.alias) return whole;
      equalities.push([left, right]);
      return '';
    });
    for (const match of rest.matchAll(ANY_COLUMN)) {
      const found = nameColumn(match[1], match[2]);
      filters.set(JSON.stringify([found.alias, found.column]), found);
    }
  }
  return { equalities, filters: [...filters.values()] };
}

function nameColumn(alias = '', column = ''): NamedColumn {
  return { alias: unquote(alias), column: unquote(column) };
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
