// Drops the tables and the other objects that we created. They may rest on each other in any order (a view on a table on a
// type on a schema), so each is tried until a round brings nothing more; CASCADE, which would need no order, might reach
// what is not ours.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { type DatabaseObject, describeObject } from '../postgres/marker-objects.ts';
import { runQuery } from '../postgres/query.ts';

/** SQLSTATE of a DROP that something else still needs. */
const DEPENDENT_OBJECTS = '2BP01';

interface Step {
  readonly name: string;
  readonly sql: string;
  readonly isTables: boolean;
}

/**
 * Inside the caller's transaction. Returns the objects that had to stay because something of the user's uses them; tables
 * that cannot go are an error: TEARDOWN_DEPENDENT.
 */
export async function dropCreated(
  client: pg.Client,
  tables: readonly QualifiedName[],
  objects: readonly DatabaseObject[],
): Promise<string[]> {
  let waiting = listSteps(tables, objects);
  for (;;) {
    const left: Step[] = [];
    for (const step of waiting) if (!(await tryDrop(client, step))) left.push(step);
    if (left.length === 0 || left.length === waiting.length) return nameKept(left);
    waiting = left;
  }
}

/** All tables in one statement, because foreign keys may tie them in a ring. */
function listSteps(tables: readonly QualifiedName[], objects: readonly DatabaseObject[]): Step[] {
  const steps = objects.map((object) => ({
    name: describeObject(object),
    sql: `drop ${describeObject(object)}`,
    isTables: false,
  }));
  if (tables.length === 0) return steps;
  return [{ name: 'tables', sql: `drop table if exists ${tables.map(quoteQualified).join(', ')}`, isTables: true }, ...steps];
}

async function tryDrop(client: pg.Client, step: Step): Promise<boolean> {
  await runQuery(client, 'setting a savepoint', 'savepoint drop_created');
  try {
    await runQuery(client, `dropping ${step.name}`, step.sql);
    return true;
  } catch (error) {
    const isDependent = error instanceof ShapecastError && 'sqlState' in error.data && error.data.sqlState === DEPENDENT_OBJECTS;
    if (!isDependent) throw error;
    await runQuery(client, 'going back', 'rollback to savepoint drop_created');
    return false;
  }
}

function nameKept(left: readonly Step[]): string[] {
  if (left.some((step) => step.isTables)) {
    const problems = [{ path: 'a table to drop', message: 'something that shapecast did not make rests on it' }];
    throw new ShapecastError('TEARDOWN_DEPENDENT', { problems });
  }
  return left.map((step) => step.name);
}
