// A first rules file from names, types and what sampled values look like, the most cautious rule first: what might be about a person is
// tokenised, faked or taken away, and only what cannot be (booleans, enums, categories by CHECK) or must stay is kept. A person goes on.
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';
import type { FakeKind } from '../spec/sync-rules.ts';
import { groupReferences } from './group-references.ts';
import { SHORTEST_FAKE } from './masks/fake.ts';
import { columnKey, isJson, isText, type Proposal } from './proposal.ts';
import { type Findings, proposeByFindings } from './propose-by-findings.ts';
import { isOpaque, proposeOpaque } from './propose-opaque.ts';
import { chooseSubject, type PeopleRanks, rankPeople, snake } from './propose-subject.ts';

/**
 * The rules file's text: valid for the catalog as far as names and types tell, and with a gap where values look personal and no rule fits.
 * `findings`: of sampled values; null: no row was read. Pure.
 */
export function proposeRules(catalog: Catalog, findings: Findings | null): string {
  const groups = groupReferences(catalog.tables);
  const people = rankPeople(catalog.tables);
  const lines = catalog.tables.flatMap((table) => {
    const own = table.columns.filter(({ generated }) => !generated);
    const columns = own.map((column) => {
      const key = columnKey(table, column);
      const byName = proposeColumn(table, column, { group: groups.get(key) ?? [column], people });
      return formatColumn(column, proposeByFindings(byName, column, findings?.get(key)));
    });
    const hasRule = columns.some((line) => !line.trimStart().startsWith('#'));
    return [`  ${JSON.stringify(formatTableKey(table))}:`, `    columns:${hasRule ? '' : ' {}'}`, ...columns];
  });
  return `${headerOf(findings)}version: 1\ntables:${lines.length === 0 ? ' {}' : ''}\n${lines.join('\n')}\n`;
}

function formatColumn({ name }: CatalogColumn, { rule, why }: Proposal): string {
  const reason = why.replaceAll(/\p{Cc}/gu, '?');
  const key = JSON.stringify(name);
  return rule === null ? `      # ${key}: no rule, so the sync stops here: ${reason}` : `      ${key}: ${rule} # ${reason}`;
}

function headerOf(findings: Findings | null): string {
  const read =
    findings === null ? 'names and types; no row was read' : 'names, types and a sample of the rows; no value is in here';
  return `# Proposed by shapecast sync --propose from ${read}. Read every line before you use it:
# a rule that is too careful costs realism, and a "keep" that is wrong costs a person's privacy.
`;
}

interface Surroundings {
  /** The columns that references tie to this one, itself included. */
  readonly group: readonly CatalogColumn[];
  readonly people: PeopleRanks;
}

function proposeColumn(table: CatalogTable, column: CatalogColumn, { group, people }: Surroundings): Proposal {
  const isKey = table.indexes.some(
    ({ isUnique, columns, expressionColumns }) => isUnique && [...columns, ...expressionColumns].includes(column.name),
  );
  if (group.some(isOpaque)) return proposeOpaque(column, group.length > 1 || isKey || isGuarded(table, column));
  if (group.length > 1) return proposeKey(group, 'a reference or what one points at');
  if (column.kind === 'enum' || column.baseType === 'bool')
    return keep(`a category: ${column.kind === 'enum' ? 'an enum' : 'yes or no'}`);
  const guarded = keep('a condition or an expression rests on it: decide');
  if (isGuarded(table, column)) return isKey ? { ...guarded, isKey } : guarded;
  if (isKey) return isMail(column) ? fake('mail', 'a unique mail by its name') : proposeKey([column], 'under a unique key');
  return proposeByName(column) ?? proposeByType(column, chooseSubject(table, people));
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

const TOKENS: ReadonlySet<string> = new Set(['uuid', 'int4', 'int8']);

/** One rule for all columns that references tie together: tokens, where all of them have room for one. */
function proposeKey(group: readonly CatalogColumn[], why: string): Proposal {
  const lengths = new Set(group.filter(isText).map(({ maxLength }) => maxLength));
  const [length = null] = lengths;
  const hasRoom = lengths.size <= 1 && (length === null || length >= 16);
  return hasRoom && group.every((column) => isText(column) || TOKENS.has(column.baseType))
    ? { rule: 'token', why, isKey: true }
    : { ...keep(`${why}; no token fits its type: decide`), isKey: true };
}

const NAMES: readonly (readonly [RegExp, FakeKind])[] = [
  [/e?_?mail/, 'mail'],
  [/phone|mobile|fax|msisdn|telefon/, 'phone'],
  [/first_?name|given_?name|forename/, 'firstName'],
  [/last_?name|family_?name|surname/, 'lastName'],
  [/full_?name|display_?name|real_?name|^name$|contact_?name|user_?name|nick/, 'name'],
  [/address|street/, 'address'],
];

function isMail(column: CatalogColumn): boolean {
  const { name, maxLength } = column;
  return isText(column) && /e?_?mail/.test(snake(name)) && (maxLength ?? SHORTEST_FAKE.mail) >= SHORTEST_FAKE.mail;
}

function proposeByName(column: CatalogColumn): Proposal | null {
  if (!isText(column)) return null;
  const found = NAMES.find(([pattern]) => pattern.test(snake(column.name)));
  if (found === undefined || (column.maxLength ?? 1000) < SHORTEST_FAKE[found[1]]) return null;
  return fake(found[1], 'by its name');
}

function proposeByType(column: CatalogColumn, subject: string | null): Proposal {
  const { baseType, kind, isNullable } = column;
  if (baseType === 'uuid' || baseType === 'int8' || (baseType === 'int4' && column.hasUniqueDefault))
    return { rule: 'token', why: 'may name somebody' };
  if (/^(date|timestamp)/.test(baseType)) return proposeTime(column, subject);
  if (isJson(column))
    return {
      rule: '{ kind: constant, value: { redacted: true } }',
      why: 'JSON may hold anything; { kind: json } keeps what you name',
    };
  if (isNullable) return { rule: "'null'", why: `${column.type}, may be NULL: decide what a reader needs` };
  if (isText(column) || kind === 'array' || baseType === 'bytea')
    return { rule: 'empty', why: `${column.type} may hold anything` };
  return keep(`${column.type} NOT NULL, a number or a length of time: decide, it may be about a person`);
}

/** Times of whoever the row is about. */
function proposeTime({ type }: CatalogColumn, subject: string | null): Proposal {
  if (subject === null) return keep(`${type}, and no column names its subject: decide`);
  return { rule: `{ kind: jitter, days: 30, subject: ${JSON.stringify(subject)} }`, why: 'check that the subject is the person' };
}

function fake(of: FakeKind, why: string): Proposal {
  return { rule: `{ kind: fake, of: ${of} }`, why };
}

function keep(why: string): Proposal {
  return { rule: 'keep', why };
}
