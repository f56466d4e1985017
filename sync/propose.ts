// A first rules file from names and types alone, the most cautious rule first: what might be about a person is tokenised, faked or taken
// away, and only what cannot be (booleans, enums, categories by CHECK) or must stay is kept. A person goes on from there.
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';
import type { FakeKind } from '../spec/sync-rules.ts';
import { groupReferences } from './group-references.ts';
import { SHORTEST_FAKE } from './masks/fake.ts';

/** A rule as YAML's flow form, and why, for a person to judge. */
interface Proposal {
  readonly rule: string;
  readonly why: string;
}

/** The rules file's text: valid for the catalog as far as names and types tell. Pure. */
export function proposeRules(catalog: Catalog): string {
  const groups = groupReferences(catalog.tables);
  const lines = catalog.tables.flatMap((table) => {
    const own = table.columns.filter(({ generated }) => !generated);
    const columns = own.map((column) => {
      const { rule, why } = proposeColumn(table, column, groups.get(`${formatTableKey(table)}\n${column.name}`) ?? [column]);
      return `      ${JSON.stringify(column.name)}: ${rule} # ${why.replaceAll(/\p{Cc}/gu, '?')}`;
    });
    return [
      `  ${JSON.stringify(formatTableKey(table))}:`,
      ...(columns.length === 0 ? ['    columns: {}'] : ['    columns:', ...columns]),
    ];
  });
  return `${HEADER}version: 1\ntables:${lines.length === 0 ? ' {}' : ''}\n${lines.join('\n')}\n`;
}

const HEADER = `# Proposed by shapecast sync --propose from names and types; no row was read. Read every line before you use it:
# a rule that is too careful costs realism, and a "keep" that is wrong costs a person's privacy.
`;

function proposeColumn(table: CatalogTable, column: CatalogColumn, group: readonly CatalogColumn[]): Proposal {
  const isKey = table.indexes.some(
    ({ isUnique, columns, expressionColumns }) => isUnique && [...columns, ...expressionColumns].includes(column.name),
  );
  if (group.length > 1) return proposeKey(group, 'a reference or what one points at');
  if (column.kind === 'enum' || column.baseType === 'bool')
    return keep(`a category: ${column.kind === 'enum' ? 'an enum' : 'yes or no'}`);
  if (isGuarded(table, column)) return keep('a condition or an expression rests on it: decide');
  if (isKey) return isMail(column) ? fake('mail', 'a unique mail by its name') : proposeKey([column], 'under a unique key');
  return proposeByName(column) ?? proposeByType(table, column);
}

/** A CHECK, a partition, an exclusion or a partial unique index would have to be asked about any other rule. */
function isGuarded({ checks, exclusions, indexes, partitioning }: CatalogTable, { name }: CatalogColumn): boolean {
  const isIn = (columns: readonly (string | null)[]) => columns.includes(name);
  return (
    checks.some(({ columns }) => isIn(columns)) ||
    (partitioning !== null && isIn(partitioning.columns)) ||
    indexes.some((index) => index.isUnique && isIn(index.predicateColumns)) ||
    (exclusions.length > 0 && indexes.some(({ method, columns }) => method === 'gist' && isIn(columns)))
  );
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);
const TOKENS: ReadonlySet<string> = new Set([...TEXTS, 'uuid', 'int4', 'int8']);

/** One rule for all columns that references tie together: tokens, where all of them have room for one. */
function proposeKey(group: readonly CatalogColumn[], why: string): Proposal {
  const lengths = new Set(group.filter(({ baseType }) => TEXTS.has(baseType)).map(({ maxLength }) => maxLength));
  const [length = null] = lengths;
  const hasRoom = lengths.size <= 1 && (length === null || length >= 16);
  return hasRoom && group.every(({ baseType }) => TOKENS.has(baseType))
    ? { rule: 'token', why }
    : keep(`${why}; no token fits its type: decide`);
}

const NAMES: readonly (readonly [RegExp, FakeKind])[] = [
  [/e?_?mail/, 'mail'],
  [/phone|mobile|fax|msisdn|telefon/, 'phone'],
  [/first_?name|given_?name|forename/, 'firstName'],
  [/last_?name|family_?name|surname/, 'lastName'],
  [/full_?name|display_?name|real_?name|^name$|contact_?name|user_?name|nick/, 'name'],
  [/address|street/, 'address'],
];

function isMail({ name, baseType, maxLength }: CatalogColumn): boolean {
  return TEXTS.has(baseType) && /e?_?mail/.test(snake(name)) && (maxLength ?? SHORTEST_FAKE.mail) >= SHORTEST_FAKE.mail;
}

function proposeByName(column: CatalogColumn): Proposal | null {
  if (!TEXTS.has(column.baseType)) return null;
  const found = NAMES.find(([pattern]) => pattern.test(snake(column.name)));
  if (found === undefined || (column.maxLength ?? 1000) < SHORTEST_FAKE[found[1]]) return null;
  return fake(found[1], 'by its name');
}

/** `fullName` and `FullName` as `full_name`. */
function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function proposeByType(table: CatalogTable, column: CatalogColumn): Proposal {
  const { baseType, kind, isNullable } = column;
  if (baseType === 'uuid' || baseType === 'int8' || (baseType === 'int4' && column.hasUniqueDefault))
    return { rule: 'token', why: 'may name somebody' };
  if (/^(date|timestamp)/.test(baseType)) return proposeTime(table, column);
  if (baseType === 'json' || baseType === 'jsonb')
    return {
      rule: '{ kind: constant, value: { redacted: true } }',
      why: 'JSON may hold anything; { kind: json } keeps what you name',
    };
  if (isNullable) return { rule: "'null'", why: `${column.type}, may be NULL: decide what a reader needs` };
  if (TEXTS.has(baseType) || kind === 'array' || baseType === 'bytea')
    return { rule: 'empty', why: `${column.type} may hold anything` };
  return keep(`${column.type} NOT NULL: decide, it may be about a person`);
}

/** Times of whoever the row is about: the first reference, else the row's own key. */
function proposeTime(table: CatalogTable, { type }: CatalogColumn): Proposal {
  const subject = table.foreignKeys[0]?.columns[0] ?? table.primaryKey?.columns[0];
  if (subject === undefined) return keep(`${type}, and no column names its subject: decide`);
  return { rule: `{ kind: jitter, days: 30, subject: ${JSON.stringify(subject)} }`, why: 'check that the subject is the person' };
}

function fake(of: FakeKind, why: string): Proposal {
  return { rule: `{ kind: fake, of: ${of} }`, why };
}

function keep(why: string): Proposal {
  return { rule: 'keep', why };
}
