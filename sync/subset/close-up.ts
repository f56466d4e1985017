// Need goes up: of a `referenced` table come exactly the rows that copied rows point at. Children before parents; where such tables point
// at each other in a circle (a category's category), what the others point at is followed upwards by recursion.
import type { Allowed, Subsets } from './close-down.ts';
import { wholeTable } from './close-down.ts';
import { orderComponents } from './order-components.ts';
import { isSameRow, matches, type Relation } from './relation.ts';
import type { RowReference } from './row-references.ts';

export interface Referenced {
  readonly kept: ReadonlyMap<string, Relation>;
  /** Tables of which no row can come, since no table with rows points at them. */
  readonly unreferenced: readonly string[];
}

/** The rows of every `referenced` table. Pure. */
export function closeUp(subsets: Subsets, allowed: ReadonlyMap<string, Allowed>): Referenced {
  const wanted = [...subsets.tables].filter(([, { isReferenced }]) => isReferenced).map(([key]) => key);
  const kept = new Map<string, Relation>();
  const unreferenced: string[] = [];
  const baseOf = (key: string) => allowed.get(key)?.relation ?? wholeTable(subsets, key);
  const childrenOf = (key: string) => subsets.references.filter(({ parent }) => parent === key).map(({ child }) => child);
  for (const component of orderComponents(wanted, childrenOf)) {
    const isInside = (key: string) => component.includes(key);
    const incoming = subsets.references.filter(({ parent }) => isInside(parent));
    const outer = incoming.filter(({ child }) => !isInside(child));
    if (outer.length === 0) {
      unreferenced.push(...component);
      continue;
    }
    const seeds = outer.map((reference) =>
      pointedAt(reference, baseOf(reference.parent), kept.get(reference.child) ?? baseOf(reference.child)),
    );
    const inner = incoming.filter(({ child }) => isInside(child));
    const circle = { subsets, component, baseOf };
    const found = inner.length === 0 ? gather(circle, seeds) : follow(circle, seeds, inner);
    for (const [key, relation] of found) kept.set(key, relation);
  }
  return { kept, unreferenced };
}

interface Seed {
  readonly parent: string;
  readonly sql: string;
  readonly needs: readonly Relation[];
}

interface Circle {
  readonly subsets: Subsets;
  readonly component: readonly string[];
  readonly baseOf: (key: string) => Relation;
}

function pointedAt(reference: RowReference, base: Relation, children: Relation): Seed {
  const sql = `select b.* from ${base.sql} as b where exists (select from ${children.sql} as c where ${matches(reference, 'c', 'b')})`;
  return { parent: reference.parent, sql, needs: [base, children] };
}

/** A table that nothing in a circle touches: what any of its children points at, once. */
function gather({ subsets, component }: Circle, seeds: readonly Seed[]): Map<string, Relation> {
  const definition = seeds.map(({ sql }) => sql).join(' union ');
  const needs = seeds.flatMap((seed) => seed.needs);
  return new Map(component.map((key) => [key, subsets.sets.name(definition, needs)]));
}

function follow(
  { subsets, component, baseOf }: Circle,
  seeds: readonly Seed[],
  inner: readonly RowReference[],
): Map<string, Relation> {
  const { sets } = subsets;
  const bases = component.map(baseOf);
  const pieces = inner.map(
    (reference) => `select c."table" as "child table", c."row" as "child row", p."table" as "table", p."row" as "row"
      from ${baseOf(reference.child).sql} as c join ${baseOf(reference.parent).sql} as p on ${matches(reference, 'c', 'p')}`,
  );
  const links = sets.name(pieces.join(' union all '), bases);
  const first = seeds.map(({ sql }) => `select s."table", s."row" from (${sql}) as s`).join(' union all ');
  const reached = sets.nameRecursive(
    (self) => `(${first}) union select l."table", l."row" from ${self} as d join ${links.sql} as l
      on l."child table" = d."table" and l."child row" = d."row"`,
    [links, ...seeds.flatMap(({ needs }) => needs)],
  );
  return new Map(
    component.map((key) => {
      const base = baseOf(key);
      const definition = `select b.* from ${base.sql} as b where exists (select from ${reached.sql} as d where ${isSameRow('b', 'd')})`;
      return [key, sets.name(definition, [base, reached])];
    }),
  );
}
