// What the policy says about values must fit the column's type: a time that is text, or '' in a number, would measure nonsense.
import type { Problem } from '../../core/errors.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Policy } from '../../spec/policy.ts';
import { isNumber, isTextLike } from '../measure/column-types.ts';

type FindColumn = (table: string, column: string) => CatalogColumn | undefined;

/** Faults of `epochColumns` and `sentinels`; columns that do not exist are somebody else's business. */
export function checkColumnRules(findColumn: FindColumn, policy: Policy): Problem[] {
  return [...unfitEpochs(findColumn, policy), ...unfitSentinels(findColumn, policy), ...repeated(policy)];
}

function unfitEpochs(findColumn: FindColumn, { epochColumns }: Policy): Problem[] {
  return epochColumns.flatMap(({ table, column }, at) => {
    const found = findColumn(table, column);
    if (found === undefined || (isPlain(found) && (found.baseType === 'int4' || found.baseType === 'int8'))) return [];
    return [{ path: `epochColumns.${at}`, message: `${table}.${column} is ${found.type}; expected an integer or bigint` }];
  });
}

function unfitSentinels(findColumn: FindColumn, { sentinels }: Policy): Problem[] {
  return sentinels.flatMap(({ table, column, value }, at) => {
    const found = findColumn(table, column);
    if (found === undefined || (isPlain(found) && (value === '' ? isTextLike(found) : isNumber(found)))) return [];
    const wanted = value === '' ? 'a text column' : 'a number column';
    return [{ path: `sentinels.${at}`, message: `${table}.${column} is ${found.type}; this value needs ${wanted}` }];
  });
}

function isPlain({ kind, baseType }: CatalogColumn): boolean {
  return (kind === 'base' || kind === 'domain') && baseType !== 'enum';
}

function repeated(policy: Policy): Problem[] {
  return (['epochColumns', 'sentinels'] as const).flatMap((list) =>
    policy[list].flatMap(({ table, column }, at) =>
      policy[list].slice(0, at).some((other) => other.table === table && other.column === column)
        ? [{ path: `${list}.${at}`, message: `${table}.${column} is listed twice` }]
        : [],
    ),
  );
}
