// An index that a user wants to try: one statement, of a kind that a transaction takes back whole.
import { ShapecastError } from '../../core/errors.ts';
import { splitStatements } from './split-statements.ts';

/** The statement, if it is one CREATE INDEX that a transaction can take back. Throws OPTION_INVALID. */
export function checkIndexStatement(sql: string): string {
  const refuse = (reason: string) => new ShapecastError('OPTION_INVALID', { option: '--what-if', reason });
  const statements = splitStatements(sql);
  const [only] = statements;
  const text = (only?.pieces ?? []).map((piece) => (piece.kind === 'text' ? piece.text : `:${piece.name}`)).join('');
  if (statements.length !== 1 || !/^create\s+(unique\s+)?index\b/i.test(text))
    throw refuse('expected one CREATE INDEX, such as: create index on messages ("senderId")');
  if (/^create\s+(unique\s+)?index\s+concurrently\b/i.test(text))
    throw refuse('an index is made CONCURRENTLY outside of transactions only');
  return text.trim();
}
