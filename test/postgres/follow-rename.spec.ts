import { followRename } from '../../postgres/follow-rename.ts';

const table = { from: 'public.users', to: 'archive."Old"' };
const index = { kind: 'index', name: 'users_idx', table, references: null } as const;
const key = { kind: 'foreignKey', name: 'users_fkey', table, references: { from: 'public.a', to: '"B".b' } } as const;

describe('followRename', () => {
  test.each([
    ['CREATE INDEX users_idx ON public.users USING btree (id)', 'CREATE INDEX users_idx ON archive."Old" USING btree (id)'],
    [
      "CREATE UNIQUE INDEX users_idx ON ONLY public.users USING gin (a) WHERE (b = ' ON public.users USING '::text)",
      `CREATE UNIQUE INDEX users_idx ON ONLY archive."Old" USING gin (a) WHERE (b = ' ON public.users USING '::text)`,
    ],
  ])('names the new table of an index, and nothing else: %s', (definition, wanted) => {
    expect(followRename({ ...index, definition })).toBe(wanted);
  });

  test.each([
    ['FOREIGN KEY (x) REFERENCES public.a(id) ON DELETE CASCADE', 'FOREIGN KEY (x) REFERENCES "B".b(id) ON DELETE CASCADE'],
    [
      'FOREIGN KEY ("x) REFERENCES public.a(", "a""b", PERIOD c) REFERENCES public.a(id, id2, PERIOD c) MATCH FULL',
      'FOREIGN KEY ("x) REFERENCES public.a(", "a""b", PERIOD c) REFERENCES "B".b(id, id2, PERIOD c) MATCH FULL',
    ],
  ])('names the new target of a foreign key: %s', (definition, wanted) => {
    expect(followRename({ ...key, definition })).toBe(wanted);
  });

  test.each([
    { ...index, definition: 'CREATE INDEX users_idx ON public.users2 USING btree (id)' },
    { ...index, definition: 'CREATE INDEX other ON public.users USING btree (id)' },
    { ...key, definition: 'FOREIGN KEY (x) REFERENCES public.ab(id)' },
    { ...key, definition: 'FOREIGN KEY (x REFERENCES public.a(id)' },
  ])('does not guess: $definition', (recorded) => {
    expect(followRename(recorded)).toBeNull();
  });

  test('leaves a text alone whose tables kept their names, whatever it says', () => {
    const same = { from: 'public.users', to: 'public.users' };

    expect(followRename({ ...index, table: same, definition: 'CREATE INDEX x' })).toBe('CREATE INDEX x');
  });
});
