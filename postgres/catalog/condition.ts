// What a CHECK or a predicate says, read from the text that the server deparses (pg_get_expr: every operand in parentheses). What is
// not understood is `other`, and what stands beside it in an AND is kept. Nothing here throws.
import { type Token, tokenise } from './condition-tokens.ts';
import { isWideningCast } from './widening-casts.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Over the values that are not null: a CHECK holds where its condition is null. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  /** `value` as the server writes it, without quotes. */
  | { readonly kind: 'compare'; readonly column: string; readonly operator: Comparison; readonly value: string }
  | { readonly kind: 'columns'; readonly left: string; readonly operator: Comparison; readonly right: string }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly string[]; readonly isNegated: boolean }
  | { readonly kind: 'null'; readonly column: string; readonly isNegated: boolean }
  | { readonly kind: 'length'; readonly column: string; readonly operator: Comparison; readonly value: number }
  | { readonly kind: 'other' };

type Term =
  | { readonly kind: 'column' | 'length'; readonly column: string }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'array'; readonly values: readonly string[] }
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'unknown' };

const OTHER: Condition = { kind: 'other' };
const UNKNOWN: Term = { kind: 'unknown' };
const MAX_DEPTH = 200;

/** Reads a condition over columns with these stored types (CatalogColumn.baseType by name). Never throws. */
export function parseCondition(expression: string, columns: ReadonlyMap<string, string>): Condition {
  const tokens = tokenise(expression);
  if (tokens === null) return OTHER;
  const parser = new Parser(tokens, columns);
  const condition = asCondition(parser.expression(), columns);
  return parser.isAtEnd() ? condition : OTHER;
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];
  private readonly columns: ReadonlyMap<string, string>;

  constructor(tokens: readonly Token[], columns: ReadonlyMap<string, string>) {
    this.tokens = tokens;
    this.columns = columns;
  }

  isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  expression(): Term {
    return this.list('OR', 'or', () => this.list('AND', 'and', () => this.negation()));
  }

  private list(word: string, kind: 'and' | 'or', part: () => Term): Term {
    const first = part();
    if (!this.isWord(word)) return first;
    const parts = [asCondition(first, this.columns)];
    while (this.takeWord(word)) parts.push(asCondition(part(), this.columns));
    return { kind: 'condition', condition: { kind, parts } };
  }

  private negation(): Term {
    if (!this.takeWord('NOT')) return this.predicate();
    return { kind: 'condition', condition: negate(asCondition(this.negation(), this.columns)) };
  }

  private predicate(): Term {
    const left = this.operand();
    if (this.takeWord('IS')) return this.isTest(left);
    const operator = this.symbol();
    if (operator === null || [')', ']', ',', '.', '(', '[', '::'].includes(operator)) return left;
    this.at += 1;
    const quantifier = this.takeWord('ANY') ? 'ANY' : this.takeWord('ALL') ? 'ALL' : null;
    const right = this.operand();
    if (quantifier !== null) return membership(left, operator, quantifier, right);
    return isComparison(operator) ? compare(left, operator, right) : UNKNOWN;
  }

  private isTest(left: Term): Term {
    const isNegated = this.takeWord('NOT');
    if (this.takeWord('NULL')) {
      return left.kind === 'column'
        ? { kind: 'condition', condition: { kind: 'null', column: left.column, isNegated } }
        : UNKNOWN;
    }
    // IS NOT TRUE holds for null, IS TRUE does not: neither says what a CHECK over the value alone would.
    if (this.takeWord('TRUE') || this.takeWord('FALSE') || this.takeWord('UNKNOWN')) return UNKNOWN;
    if (this.takeWord('DISTINCT') && this.takeWord('FROM')) this.operand();
    return UNKNOWN;
  }

  private operand(): Term {
    let term = this.primary();
    for (;;) {
      if (this.takeSymbol('::')) term = this.cast(term, this.typeName());
      else if (this.takeWord('COLLATE')) {
        this.at += 1;
        while (this.takeSymbol('.')) this.at += 1;
        term = UNKNOWN;
      } else return term;
    }
  }

  private primary(): Term {
    const token = this.tokens[this.at];
    if (token === undefined) return UNKNOWN;
    if (token.kind === 'symbol') return this.bracket(token.text);
    this.at += 1;
    if (token.kind === 'string' || token.kind === 'number') return { kind: 'constant', text: token.text };
    if (token.kind === 'word' && token.text === 'CASE') return this.skipCase();
    if (token.kind === 'word' && token.text === 'ARRAY' && this.takeSymbol('[')) return this.array();
    if (token.kind === 'word' && (token.text === 'true' || token.text === 'false')) return { kind: 'constant', text: token.text };
    return this.named(token.text);
  }

  /** A column, or a function with its arguments, whose name may have a schema. */
  private named(first: string): Term {
    let name = first;
    let isQualified = false;
    while (this.takeSymbol('.')) {
      name = this.tokens[this.at]?.text ?? '';
      this.at += 1;
      isQualified = true;
    }
    if (this.takeSymbol('(')) return this.call(isQualified ? '' : name);
    return !isQualified && this.columns.has(name) ? { kind: 'column', column: name } : UNKNOWN;
  }

  private call(name: string): Term {
    const start = this.at;
    const argument = this.expression();
    const isWhole = this.takeSymbol(')');
    if (!isWhole) this.skipFrom(start);
    const isLength = ['length', 'char_length', 'character_length'].includes(name.toLowerCase());
    const isText = argument.kind === 'column' && ['text', 'varchar', 'citext'].includes(this.columns.get(argument.column) ?? '');
    return isWhole && isLength && isText ? { kind: 'length', column: argument.column } : UNKNOWN;
  }

  private bracket(symbol: string): Term {
    this.at += 1;
    if (symbol === '-' || symbol === '+') {
      const term = this.operand();
      if (term.kind !== 'constant' || !/^[\d.]/.test(term.text)) return UNKNOWN;
      return { kind: 'constant', text: symbol === '-' ? `-${term.text}` : term.text };
    }
    if (symbol !== '(') {
      if (symbol === ')' || symbol === ']' || symbol === ',') this.at -= 1;
      return UNKNOWN;
    }
    const start = this.at;
    this.depth += 1;
    const term = this.depth > MAX_DEPTH ? UNKNOWN : this.expression();
    this.depth -= 1;
    if (this.takeSymbol(')')) return term;
    this.skipFrom(start);
    return UNKNOWN;
  }

  private array(): Term {
    const start = this.at;
    const values: string[] = [];
    while (!this.takeSymbol(']')) {
      const term = this.operand();
      if (term.kind !== 'constant' || !(this.takeSymbol(',') || this.symbol() === ']')) {
        this.skipFrom(start);
        return UNKNOWN;
      }
      values.push(term.text);
    }
    return { kind: 'array', values };
  }

  /** Goes behind the bracket that closes the one before `start`. */
  private skipFrom(start: number): void {
    let open = 1;
    for (this.at = start; this.at < this.tokens.length && open > 0; this.at += 1) {
      const symbol = this.symbol();
      if (symbol === '(' || symbol === '[') open += 1;
      if (symbol === ')' || symbol === ']') open -= 1;
    }
  }

  private skipCase(): Term {
    let open = 1;
    for (; this.at < this.tokens.length && open > 0; this.at += 1) {
      if (this.isWord('CASE')) open += 1;
      if (this.isWord('END')) open -= 1;
    }
    return UNKNOWN;
  }

  private cast(term: Term, type: string): Term {
    if (term.kind === 'constant') {
      const isWhole = ['integer', 'bigint', 'smallint'].includes(type);
      return isWhole && !/^-?\d+$/.test(term.text) ? UNKNOWN : term;
    }
    if (term.kind === 'array') return term;
    if (term.kind === 'column') return isWideningCast(this.columns.get(term.column) ?? '', type) ? term : UNKNOWN;
    return UNKNOWN;
  }

  /** The name of a type in lower case, without its schema, with its modifier and brackets. */
  private typeName(): string {
    let name = (this.tokens[this.at]?.text ?? '').toLowerCase();
    this.at += 1;
    while (this.takeSymbol('.')) {
      name = this.tokens[this.at]?.text ?? '';
      this.at += 1;
    }
    for (;;) {
      const token = this.tokens[this.at];
      if (token?.kind === 'word' && ['precision', 'varying', 'with', 'without', 'time', 'zone'].includes(token.text)) {
        name += ` ${token.text}`;
        this.at += 1;
      } else if (token?.kind === 'symbol' && (token.text === '(' || token.text === '[')) {
        const start = this.at + 1;
        this.skipFrom(start);
        name += this.tokens
          .slice(start - 1, this.at)
          .map((part) => part.text)
          .join('');
      } else return name;
    }
  }

  private symbol(): string | null {
    const token = this.tokens[this.at];
    return token?.kind === 'symbol' ? token.text : null;
  }

  private takeSymbol(text: string): boolean {
    if (this.symbol() !== text) return false;
    this.at += 1;
    return true;
  }

  private isWord(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'word' && token.text === text;
  }

  private takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.at += 1;
    return true;
  }
}

/** A term as a condition: a boolean column stands for itself. */
function asCondition(term: Term, columns: ReadonlyMap<string, string>): Condition {
  if (term.kind === 'condition') return term.condition;
  if (term.kind === 'constant' && term.text === 'true') return { kind: 'and', parts: [] };
  if (term.kind === 'column' && columns.get(term.column) === 'bool')
    return { kind: 'compare', column: term.column, operator: '=', value: 'true' };
  return OTHER;
}

const mirrored: Readonly<Record<Comparison, Comparison>> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const opposite: Readonly<Record<Comparison, Comparison>> = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(mirrored, operator);
}

function compare(left: Term, operator: Comparison, right: Term): Term {
  if (left.kind === 'constant') return right.kind === 'constant' ? UNKNOWN : compare(right, mirrored[operator], left);
  if (left.kind === 'column' && right.kind === 'column')
    return { kind: 'condition', condition: { kind: 'columns', left: left.column, operator, right: right.column } };
  if (right.kind !== 'constant') return UNKNOWN;
  if (left.kind === 'column')
    return { kind: 'condition', condition: { kind: 'compare', column: left.column, operator, value: right.text } };
  const value = Number(right.text);
  if (left.kind !== 'length' || !Number.isInteger(value)) return UNKNOWN;
  return { kind: 'condition', condition: { kind: 'length', column: left.column, operator, value } };
}

function membership(left: Term, operator: string, quantifier: 'ANY' | 'ALL', right: Term): Term {
  const isNegated = operator === '<>' && quantifier === 'ALL';
  if (left.kind !== 'column' || right.kind !== 'array' || !(isNegated || (operator === '=' && quantifier === 'ANY')))
    return UNKNOWN;
  return { kind: 'condition', condition: { kind: 'in', column: left.column, values: right.values, isNegated } };
}

function negate(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind === 'and' ? 'or' : 'and', parts: condition.parts.map(negate) };
    case 'compare':
    case 'columns':
    case 'length':
      return { ...condition, operator: opposite[condition.operator] };
    case 'in':
    case 'null':
      return { ...condition, isNegated: !condition.isNegated };
    case 'other':
      return condition;
  }
}
