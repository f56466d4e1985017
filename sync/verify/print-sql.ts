// The checks that SQL alone can do, as a file for psql: each is a DO block that ends the script with an error that names the place and the
// check, never a value. Made from the rules and the shadow's catalog; the file needs neither shapecast nor a key.

import { quoteIdentifier } from '../../core/identifiers.ts';
import type { NamedKey } from '../../spec/shadow-digests.ts';
import type { ReviewableFinding, SyncRules } from '../../spec/sync-rules.ts';
import { quoteLiteral } from '../column-sql.ts';
import type { PlannedTable } from '../planned-table.ts';
import { readMaskedCatalog } from '../read-masked-catalog.ts';
import { mayBeUnvalidated } from './check-structure.ts';
import { formOfColumn } from './forms/column-form.ts';
import { tokenDigits } from './forms/text-form.ts';
import { fromSql, planShadow, type ShadowPlan } from './plan-shadow.ts';
import { readKeys } from './read-keys.ts';
import { columnsToScan } from './scan-values.ts';
import { requireCompleteShadow, type VerifyOptions, withShadow } from './verify-shadow.ts';

type PrintOptions = Pick<VerifyOptions, 'shadowUrl' | 'rules' | 'rulesSha256' | 'environment' | 'signal' | 'statementTimeoutMs'>;

/** Reads the shadow's catalog and no row. Throws SHADOW_NOT_COMPLETE and what connecting throws. */
export function printSql(options: PrintOptions): Promise<string> {
  return withShadow(options, async (shadow) => {
    await requireCompleteShadow(shadow);
    const plan = planShadow(await readMaskedCatalog(shadow), options.rules);
    return formatScript({ plan, keys: await readKeys(shadow), rules: options.rules, rulesSha256: options.rulesSha256 });
  });
}

interface Script extends Pick<PrintOptions, 'rules' | 'rulesSha256'> {
  readonly plan: ShadowPlan;
  readonly keys: readonly NamedKey[];
}

function formatScript({ plan, keys, rules, rulesSha256 }: Script): string {
  const checks = [
    ...markerChecks(rulesSha256),
    columnsCheck(plan),
    keysCheck(keys),
    ...plan.empty.map((table) => ({
      isFound: `exists (select from ${fromSql(table)})`,
      message: `${table.schema}.${table.name}: rows, and its rule is rows: none`,
    })),
    ...plan.tables.flatMap((table) => formChecks(table, rules)),
    ...plan.tables.flatMap((table) => detectorChecks(table, rules)),
  ];
  return [HEAD, ...checks.map(formatCheck), TAIL].join('\n');
}

interface Check {
  /** An SQL condition: something is found. */
  readonly isFound: string;
  readonly message: string;
  /** The condition reads documents as jsonb, which not every json can be. */
  readonly readsJson?: boolean;
}

const HEAD = `-- Checks of a masked shadow, by shapecast verify-shadow --print-sql. Run it with psql on the shadow: it ends with an error at the
-- first finding. It cannot compare with production and knows fewer kinds of secrets than verify-shadow itself.
\\set ON_ERROR_STOP 1
\\set QUIET 1
\\set SHOW_CONTEXT never
begin transaction isolation level repeatable read, read only;
set local search_path = pg_catalog;
set local row_security = off;
set local extra_float_digits = 3;
set local bytea_output = hex;
set local datestyle = 'ISO, MDY';
set local intervalstyle = postgres;
set local timezone = 'UTC';
set local standard_conforming_strings = on;`;

const TAIL = `rollback;
\\echo 'verify-shadow: no finding; values of production were not compared'
`;

/** One block; its quotes are a word that the body does not hold. */
function formatCheck({ isFound, message, readsJson }: Check): string {
  const text = quoteLiteral(`shapecast: ${message.replaceAll(/\p{Cc}/gu, '?')}`);
  const unread = `
exception when data_exception then
  raise notice using message = ${text}, hint = 'Not checked: values that cannot be read as jsonb.';`;
  const body = `begin
  if ${isFound} then
    raise exception using message = ${text};
  end if;${readsJson === true ? unread : ''}
end`;
  let tag = '$check$';
  for (let number = 1; body.includes(tag); number += 1) tag = `$check${number}$`;
  return `do ${tag}\n${body}\n${tag};`;
}

function markerChecks(rulesSha256: string): Check[] {
  return [
    {
      isFound: `to_regclass('shapecast.shadow') is null`,
      message: 'the database carries no mark of sync: is psql connected to the shadow?',
    },
    {
      isFound: `not exists (select from shapecast.shadow where state = 'complete')`,
      message: 'the database is no complete shadow',
    },
    {
      isFound: `not exists (select from shapecast.shadow where rules_sha256 = ${quoteLiteral(rulesSha256)})`,
      message: 'the shadow was made by other rules than these',
    },
    {
      isFound: `exists (select from pg_class where relnamespace = 'shapecast'::regnamespace and relkind in ('r', 'p', 'm', 'f') and relname <> 'shadow')`,
      message: 'a table beside the mark of sync, in the schema shapecast',
    },
  ];
}

/** A column that was added since, by the server's catalog at the time of the check. */
function columnsCheck({ tables, empty, drift }: ShadowPlan): Check {
  if (drift.length > 0) return { isFound: 'true', message: `${drift[0]?.table}.${drift[0]?.column ?? ''}: ${drift[0]?.what}` };
  // Without drift every column of the catalog has its rule.
  const known = tables.flatMap(({ schema, name, catalog }) =>
    catalog.columns.map((column) => `(${[schema, name, column.name].map(quoteLiteral).join(', ')})`),
  );
  const unchecked = empty.map(({ schema, name }) => `(${[schema, name].map(quoteLiteral).join(', ')})`);
  const columns = known.length === 0 ? '(null, null, null)' : known.join(',\n      ');
  const tablesWithoutRows = unchecked.length === 0 ? '(null, null)' : unchecked.join(', ');
  return {
    isFound: `exists (
    select from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'shapecast')
    where a.attnum > 0 and not a.attisdropped
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      and not exists (select from (values ${tablesWithoutRows}) as e (s, t) where e.s = n.nspname and e.t = c.relname)
      and not exists (select from (values
      ${columns}) as k (s, t, c) where k.s = n.nspname and k.t = c.relname and k.c = a.attname))`,
    message: 'a table or column without a rule; verify-shadow names it',
  };
}

/** What is NOT VALID as the file is printed may be so in the source; verify-shadow tells it. */
function keysCheck(keys: readonly NamedKey[]): Check {
  const known = keys.filter((key) => !key.isValid && mayBeUnvalidated(key)).map(({ name }) => quoteLiteral(name));
  return {
    isFound: `exists (
    select from pg_constraint k
    join pg_namespace n on n.oid = k.connamespace and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'shapecast')
    where k.contype in ('f', 'c') and k.conrelid <> 0 and not k.convalidated
      and k.conname <> all (array[${known.join(', ')}]::name[]))
    or exists (select from pg_index where indisunique and not (indisvalid and indisready))`,
    message: 'a key, reference or check that is not validated; verify-shadow names it',
  };
}

function formChecks(table: PlannedTable, rules: SyncRules): Check[] {
  return table.columns.flatMap((planned): Check[] => {
    const form = formOfColumn(table, planned);
    if ('unchecked' in form || isReviewed(rules, { table: table.key, column: planned.column.name, finds: 'form' })) return [];
    const message = `${table.key}.${planned.column.name} [${planned.rule.kind}]: ${form.what}`;
    const isFound = `exists (select from ${fromSql(table)} where ${form.fault})`;
    return [{ isFound, message, readsJson: planned.rule.kind === 'json' }];
  });
}

interface SqlDetector {
  readonly finds: ReviewableFinding;
  readonly what: string;
  readonly pattern: string;
}

// A text is searched as a whole, documents too; what the column's own mask makes is taken out first.
const SQL_DETECTORS: readonly SqlDetector[] = [
  { finds: 'mail', what: 'a mail address', pattern: '[[:alnum:]._%+-]@([[:alnum:]-]{1,63}[.]){1,8}[[:alpha:]]{2}' },
  { finds: 'phone', what: 'a phone number', pattern: '(^|[^[:alnum:]_])([+]|00)[1-9][0-9() ./-]{6,18}[0-9]|^[+]?[0-9]{9,15}$' },
  {
    finds: 'credential',
    what: 'key material or a service key',
    pattern:
      '-----BEGIN|(^|[^[:alnum:]])(AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[[:alnum:]]{20}|eyJ[[:alnum:]_-]{6,}[.][[:alnum:]_-]{4}',
  },
];

function detectorChecks(table: PlannedTable, rules: SyncRules): Check[] {
  const reviewed = rules.tables[table.key]?.reviewed ?? {};
  // Nothing has proven the form of a column that may have others.
  const unproven = new Set(Object.keys(reviewed).filter((name) => reviewed[name]?.finds.includes('form')));
  return columnsToScan({ table, unproven }).flatMap(({ name, rule, own, maxLength }) =>
    SQL_DETECTORS.filter(({ finds }) => !isReviewed(rules, { table: table.key, column: name, finds })).map(
      ({ what, pattern }) => {
        const value = withoutOwn(`${quoteIdentifier(name)}::text`, {
          hasOwn: own.length > 0,
          tokens: rule?.kind === 'token' ? tokenDigits(maxLength) : null,
        });
        return {
          isFound: `exists (select from ${fromSql(table)} where ${value} ~ ${quoteLiteral(pattern)} and ${value} !~* ${quoteLiteral(IDENTIFIER)})`,
          message: `${table.key}.${name} [${rule?.kind ?? 'no rule'}]: ${what}`,
        };
      },
    ),
  );
}

/** A hash or a UUID by itself: its digits are no number of anything. */
const IDENTIFIER = '^[0-9a-f-]{32,128}$';

const OWN = '([a-z.]+[.])?[a-kmnp-z2-9]{12}@example[.]com|[+]999[0-9]{0,17}|"[0-9a-f]{32}"';

/** `tokens`: how many hex digits are a whole value of the column. */
function withoutOwn(value: string, { hasOwn, tokens }: { readonly hasOwn: boolean; readonly tokens: number | null }): string {
  const own = tokens === null ? OWN : `${OWN}|^[0-9a-f]{${tokens}}$`;
  return hasOwn ? `regexp_replace(${value}, ${quoteLiteral(own)}, '', 'g')` : value;
}

function isReviewed(
  rules: SyncRules,
  { table, column, finds }: { readonly table: string; readonly column: string; readonly finds: ReviewableFinding },
): boolean {
  return rules.tables[table]?.reviewed[column]?.finds.includes(finds) === true;
}
