// What the database and the gateway told of the minutes of a stage, as tables.
import type { DatabaseFigures, ServerFigures, StatementFigures } from '../spec/server-figures.ts';
import { type Cell, escapeHtml, htmlTable } from './html.ts';

const figure = (text: string): Cell => ({ text, classes: 'figure' });

/** HTML; empty for what was not watched. */
export function serverTables({ database, gateway }: ServerFigures): string[] {
  const statements = database?.statements ?? null;
  return [
    ...(database === null ? [] : ['<h3>The database in these minutes</h3>', databaseTable(database.figures)]),
    ...(statements === null || statements.length === 0 ? [] : ['<h3>Its statements</h3>', statementTable(statements)]),
    ...(database !== null && statements === null ? ['<p>It has no pg_stat_statements that could be read.</p>'] : []),
    ...(gateway === null ? [] : [gatewayLine(gateway)]),
  ];
}

function databaseTable(figures: DatabaseFigures): string {
  const { cacheHitFraction } = figures;
  const rows: readonly (readonly [string, string])[] = [
    ['blocks found in the cache', cacheHitFraction === null ? '-' : `${(cacheHitFraction * 100).toFixed(2)} %`],
    ['blocks from the cache, read', `${count(figures.blocksHit)}, ${count(figures.blocksRead)}`],
    ['rows scanned, fetched by index', `${count(figures.rowsReturned)}, ${count(figures.rowsFetched)}`],
    ['transactions committed, rolled back', `${count(figures.commits)}, ${count(figures.rollbacks)}`],
    ['temporary files, bytes', `${count(figures.temporaryFiles)}, ${count(figures.temporaryBytes)}`],
    ['deadlocks', count(figures.deadlocks)],
  ];
  return htmlTable(
    [{ text: 'what' }, figure('found')],
    rows.map(([what, found]) => [{ text: what }, figure(found)]),
  );
}

function statementTable(statements: readonly StatementFigures[]): string {
  const head = ['calls', 'mean ms', 'total ms', 'rows', 'blocks from the cache', 'blocks read'].map(figure);
  const rows = statements.map(({ calls, meanMs, name, rows: found, sharedHit, sharedRead, totalMs }) => [
    { text: name },
    ...[count(calls), String(meanMs), count(Math.round(totalMs)), count(found), count(sharedHit), count(sharedRead)].map(figure),
  ]);
  return htmlTable([{ text: 'statement' }, ...head], rows);
}

function gatewayLine({ meanWaitMs, statements }: NonNullable<ServerFigures['gateway']>): string {
  const waited = meanWaitMs === null ? '' : `, which waited ${meanWaitMs} ms for a session on average`;
  return `<p>${escapeHtml(`The gateway ran ${count(statements)} statements${waited}.`)}</p>`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
