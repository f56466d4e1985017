import { attributeTables } from '../../../sampler/introspect/attribution.ts';
import type { Reference, Source, SourceTable } from '../../../sampler/introspect/source.ts';
import { policySchema } from '../../../spec/policy.ts';
import { column, table } from './catalog-fixture.ts';

interface Edge {
  readonly from: string;
  readonly column: string;
  readonly to: string;
  readonly nullable?: boolean;
}

/** Tables with an id and one column per edge. */
function sourceOf(tables: readonly string[], edges: readonly Edge[]): Source {
  return {
    enums: [],
    tables: tables.map((name): SourceTable => {
      const own = edges.filter((edge) => edge.from === name);
      const columns = [
        column('id', 'int4', { isNullable: false }),
        ...own.map((edge, at) => column(edge.column, 'int4', { position: at + 2, isNullable: edge.nullable ?? false })),
      ];
      const references = own.map(
        (edge): Reference => ({
          child: `public.${name}`,
          columns: [edge.column],
          parent: `public.${edge.to}`,
          referencedColumns: ['id'],
          isVirtual: false,
        }),
      );
      return { key: `public.${name}`, table: table(name, columns), columns, references };
    }),
  };
}

function pathOf(source: Source, policy: object, name: string): readonly string[] | undefined {
  const { owners } = attributeTables(source, policySchema.parse(policy));
  return owners.get(`public.${name}`)?.path.map((reference) => `${reference.child}.${reference.columns.join()}`);
}

describe('attributeTables', () => {
  test('follows the shortest way to a subject', () => {
    const source = sourceOf(
      ['users', 'rooms', 'messages'],
      [
        { from: 'rooms', column: 'owner_id', to: 'users' },
        { from: 'messages', column: 'room_id', to: 'rooms' },
        { from: 'messages', column: 'sender_id', to: 'users' },
      ],
    );

    expect(pathOf(source, { subjects: ['users'] }, 'messages')).toEqual(['public.messages.sender_id']);
  });

  test('prefers a longer way without nullable keys, because rows without an owner protect nobody', () => {
    const source = sourceOf(
      ['users', 'rooms', 'messages'],
      [
        { from: 'rooms', column: 'owner_id', to: 'users' },
        { from: 'messages', column: 'sender_id', to: 'users', nullable: true },
        { from: 'messages', column: 'room_id', to: 'rooms' },
      ],
    );

    expect(pathOf(source, { subjects: ['users'] }, 'messages')).toEqual(['public.messages.room_id', 'public.rooms.owner_id']);
  });

  test('lets the policy choose, and lists the other references to the subject', () => {
    const source = sourceOf(
      ['users', 'messages'],
      [
        { from: 'messages', column: 'sender_id', to: 'users' },
        { from: 'messages', column: 'recipient_id', to: 'users' },
      ],
    );
    const policy = { subjects: ['users'], attribution: [{ table: 'messages', columns: ['recipient_id'] }] };

    expect(pathOf(source, policy, 'messages')).toEqual(['public.messages.recipient_id']);
    expect(attributeTables(source, policySchema.parse(policy)).uncoveredReferences).toEqual(['public.messages(sender_id)']);
  });

  test('counts a table that reaches no subject by row, and a public one as public', () => {
    const source = sourceOf(['users', 'countries', 'settings'], [{ from: 'countries', column: 'chief_id', to: 'users' }]);

    const { owners } = attributeTables(source, policySchema.parse({ subjects: ['users'], publicTables: ['countries'] }));

    expect([...owners.values()].map(({ unit }) => unit)).toEqual(['subject', 'public', 'row']);
  });

  test('is not caught in cycles and self-references', () => {
    const source = sourceOf(
      ['users', 'a', 'b'],
      [
        { from: 'a', column: 'b_id', to: 'b' },
        { from: 'b', column: 'a_id', to: 'a' },
        { from: 'b', column: 'parent_id', to: 'b' },
        { from: 'b', column: 'user_id', to: 'users', nullable: true },
      ],
    );

    expect(pathOf(source, { subjects: ['users'] }, 'a')).toEqual(['public.a.b_id', 'public.b.user_id']);
    expect(pathOf(source, { subjects: ['users'] }, 'b')).toEqual(['public.b.user_id']);
  });

  test('refuses attribution edges that close a cycle, lead to no subject or do not exist', () => {
    const source = sourceOf(
      ['users', 'a', 'b'],
      [
        { from: 'a', column: 'b_id', to: 'b' },
        { from: 'b', column: 'a_id', to: 'a' },
        { from: 'b', column: 'user_id', to: 'users' },
      ],
    );
    const cycle = [
      { table: 'a', columns: ['b_id'] },
      { table: 'b', columns: ['a_id'] },
    ];

    expect(() => pathOf(source, { subjects: ['users'], attribution: cycle }, 'a')).toThrow(
      expect.objectContaining({ code: 'POLICY_MISMATCH', data: { problems: [expect.anything(), expect.anything()] } }),
    );
    expect(() => pathOf(source, { subjects: ['users'], attribution: [{ table: 'a', columns: ['id'] }] }, 'a')).toThrow(
      expect.objectContaining({ code: 'POLICY_MISMATCH' }),
    );
  });

  test('does not walk through a parent whose referenced columns are no key', () => {
    const source = sourceOf(
      ['users', 'rooms', 'messages'],
      [
        { from: 'rooms', column: 'owner_id', to: 'users' },
        { from: 'messages', column: 'room_id', to: 'rooms' },
      ],
    );
    const [, , messages] = source.tables;
    const loose = { ...messages?.references[0], referencedColumns: ['owner_id'] } as Reference;
    const tables = source.tables.map((entry) => (entry === messages ? { ...entry, references: [loose] } : entry));

    expect(
      attributeTables({ ...source, tables }, policySchema.parse({ subjects: ['users'] })).owners.get('public.messages')?.unit,
    ).toBe('row');
  });
});
