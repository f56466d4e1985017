// SQL text cut at its semicolons, with the places of `:name` parameters. Only what PostgreSQL itself would skip is skipped: strings,
// quoted names, dollar quotes and comments, so that a colon or a semicolon inside them means nothing.

export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'parameter'; readonly name: string };

export interface Statement {
  /** Of its first character that is no comment, counted from 1. */
  readonly line: number;
  /** The text of the `--` comments before and inside it, without the dashes. */
  readonly comments: readonly { readonly line: number; readonly text: string }[];
  /** The statement without comments. */
  readonly pieces: readonly Piece[];
}

// In this order: what may hold a colon or a semicolon comes first. `::` is a cast; `[1:n]` is not told from a parameter, as in psql.
const TOKEN =
  /(?<comment>--[^\n]*)|(?<block>\/\*[\s\S]*?\*\/)|(?<skipped>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>[A-Za-z_]\w*|)\$[\s\S]*?\$\k<tag>\$|::)|:(?<parameter>[A-Za-z_]\w*)|(?<end>;)|(?<word>\w+|[\s\S])/g;

/** The statements in order; what holds comments and white space only is none. */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let draft = emptyDraft();
  let line = 1;
  const close = () => {
    if (draft.line !== null) statements.push({ line: draft.line, comments: draft.comments, pieces: draft.pieces });
    draft = emptyDraft();
  };
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const { comment, block, parameter, end } = match.groups ?? {};
    if (comment !== undefined) draft.comments.push({ line, text: comment.slice(2) });
    else if (end !== undefined) close();
    else if (parameter !== undefined) addPiece(draft, { kind: 'parameter', name: parameter }, line);
    else addPiece(draft, { kind: 'text', text: block === undefined ? token : ' ' }, line);
    line += token.split('\n').length - 1;
  }
  close();
  return statements;
}

interface Draft {
  line: number | null;
  readonly comments: { line: number; text: string }[];
  readonly pieces: Piece[];
}

function emptyDraft(): Draft {
  return { line: null, comments: [], pieces: [] };
}

function addPiece(draft: Draft, piece: Piece, line: number): void {
  const isBlank = piece.kind === 'text' && piece.text.trim() === '';
  if (draft.line === null && isBlank) return;
  draft.line ??= line;
  const last = draft.pieces.at(-1);
  if (piece.kind === 'text' && last?.kind === 'text')
    draft.pieces[draft.pieces.length - 1] = { kind: 'text', text: last.text + piece.text };
  else draft.pieces.push(piece);
}
