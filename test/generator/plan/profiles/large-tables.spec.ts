// Tables with several rows for each profile: what production keeps row by row (two keys that lead to one parent, children side by side)
// holds there too.
import { addProfiles } from '../../../../generator/plan/profiles/add-profiles.ts';
import type { Plan } from '../../../../spec/plan.ts';
import { parseSpec } from '../../../../spec/spec.ts';
import { column, table } from '../../../sampler/measure/catalog-fixture.ts';
import { madeRows, planOf } from '../../made-rows.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const TABLES = [table('people', [int('id')]), table('notes', [int('id'), int('author'), int('editor'), int('mark')])];
const ROWS = 8000;
const VIA = { author: 'via: { columns: [author], references: public.people }' };

const AXES = `
    axes:
      same: { kind: sameParent, other: [editor], ${VIA.author} }
      beside: { kind: sameAsPrevious, ${VIA.author} }
      heap: { kind: heap, ranges: 4 }
      who: { kind: heap, ranges: 4, ${VIA.author} }`;

const specOf = (people: number, marginals: string) => `
  public.people:
    rows: { count: ${people} }
    columns: { id: { kind: sequence } }
  public.notes:
    rows: { count: ${ROWS} }
    references:
      author: { columns: [author], table: public.people, to: [id], fanOut: { family: geometric, p: ${people / ROWS}, start: 1 } }
      editor: { columns: [editor], table: public.people, to: [id], fanOut: { family: geometric, p: ${people / ROWS}, start: 1 } }
    columns:
      id: { kind: sequence }
      mark: { kind: number, distribution: { family: uniform, min: 1, max: 100 } }${marginals}`;

/** The notes of a plan with so many profiles at most. */
function notesOf(people: number, cells: readonly string[], mostProfiles: number): { author: number; editor: number }[] {
  const marginals = `${AXES}\n    marginals:\n${cells.map((each) => `      - ${each}`).join('\n')}`;
  const plain = planOf(specOf(people, ''), TABLES);
  const text = `format: shapecast-spec\nversion: 1\nname: test\nbands: { dev: { scale: 1 } }\ntables:\n${specOf(people, marginals)}`;
  const { tables } = addProfiles({ tables: plain.tables, spec: parseSpec(text, 'test'), seed: 'a', mostProfiles });
  const plan: Plan = { ...plain, tables };
  return madeRows(plan, 'public.notes').map(({ author, editor }) => ({ author: Number(author), editor: Number(editor) }));
}

function share(rows: readonly { author: number; editor: number }[], is: (row: number) => boolean): number {
  return rows.filter((_, row) => is(row)).length / rows.length;
}

test('two keys lead to one parent as often as they should, where parents have profiles of their own', () => {
  const notes = notesOf(100, ['{ axes: [same], cells: "2 1600, 3 6400" }'], 1000);

  // By chance it would be one or two in a hundred.
  expect(share(notes, (row) => notes[row]?.author === notes[row]?.editor)).toBeGreaterThan(0.7);
});

test.each([
  ['one person has a profile', 400],
  ['several people share one', 2000],
])('children stand side by side where %s', (_, people) => {
  const beside = '{ axes: [beside], cells: "2 1200, 3 6800" }';
  const order = '{ axes: [heap, who], cells: "2 2 2000, 3 3 2000, 4 4 2000, 5 5 2000" }';
  const isBeside = (notes: readonly { author: number; editor: number }[]) =>
    share(notes, (row) => row > 0 && notes[row]?.author === notes[row - 1]?.author);

  const together = notesOf(people, [beside, order], 1000);
  const apart = notesOf(people, ['{ axes: [beside], cells: "2 7900, 3 100" }', order], 1000);

  // Runs of a parent's children: all but the first of each may have it beside them.
  expect(isBeside(together)).toBeGreaterThan(0.8 * (1 - people / ROWS));
  expect(isBeside(apart)).toBeLessThan(0.3);
});
