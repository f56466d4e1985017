// Proposals for columns whose types are no plain words, numbers or times: what a value of them tells is not to be seen from the type, and
// may be all of it (a tsvector has the words of the text beside it, an inet is somebody's address), so they are never kept.
import { quoteQualified } from '../core/identifiers.ts';
import type { CatalogColumn } from '../postgres/catalog/catalog.ts';
import { isJson, isText, type Proposal } from './proposal.ts';

const NUMBERS = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'money', 'bit', 'varbit'];
const TIMES = ['date', 'timestamp', 'timestamptz', 'time', 'timetz', 'interval'];
const PLAIN: ReadonlySet<string> = new Set(['bool', 'enum', 'uuid', 'bytea', ...NUMBERS, ...TIMES]);

/** Whether nothing is known of what the column's values tell. */
export function isOpaque(column: CatalogColumn): boolean {
  return !(PLAIN.has(column.baseType) || column.kind === 'enum' || column.kind === 'array' || isText(column) || isJson(column));
}

/** By type, a value that says nothing, and what the type's values tell. */
const NOTHING: Readonly<Record<string, readonly [value: string, why: string]>> = {
  inet: ['0.0.0.0', 'an address is personal'],
  cidr: ['0.0.0.0/32', 'an address is personal'],
  macaddr: ['00:00:00:00:00:00', 'a device is personal'],
  macaddr8: ['00:00:00:00:00:00:00:00', 'a device is personal'],
  point: ['(0,0)', 'a place may be a home'],
  lseg: ['[(0,0),(0,0)]', 'a place may be a home'],
  box: ['(0,0),(0,0)', 'a place may be a home'],
  path: ['((0,0))', 'a place may be a home'],
  polygon: ['((0,0))', 'a place may be a home'],
  circle: ['<(0,0),0>', 'a place may be a home'],
};

/** The most cautious rule that fits; none under a key or a condition (`isBound`), which it might break. Pure. */
export function proposeOpaque(column: CatalogColumn, isBound: boolean): Proposal {
  const { baseType, kind, isNullable, type } = column;
  if (isBound) return { rule: null, why: `${type} under a key, a reference or a condition: decide, it may tell of a person` };
  if (isNullable) return { rule: "'null'", why: `${type}, may be NULL: decide what a reader needs` };
  if (baseType === 'xml' || baseType === 'hstore') return { rule: 'empty', why: `${type} may hold anything` };
  if (baseType === 'tsvector') return sql("''::tsvector", 'it has the words of a text, also of one that another rule takes away');
  if (kind === 'range')
    return sql(`'empty'::${quoteQualified({ schema: column.typeSchema, name: type })}`, 'a range may be a time or a place');
  const nothing = NOTHING[baseType];
  if (nothing === undefined) return { rule: null, why: `${type}: what it tells is not known here: decide` };
  return { rule: `{ kind: constant, value: ${JSON.stringify(nothing[0])} }`, why: nothing[1] };
}

function sql(expression: string, why: string): Proposal {
  return { rule: `{ kind: sql, expression: ${JSON.stringify(expression)} }`, why };
}
