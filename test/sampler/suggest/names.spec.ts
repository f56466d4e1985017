import type { SourceTable } from '../../../sampler/introspect/source.ts';
import {
  hasRoleInOwnTable,
  isOwnKeyName,
  isPointingName,
  isTimeName,
  matchName,
  splitWords,
} from '../../../sampler/suggest/names.ts';

/** Names are all that is read. */
function table(name: string, ...columns: string[]): SourceTable {
  const described = {
    key: name,
    table: { name, schema: 'public' },
    columns: columns.map((column) => ({ name: column })),
    references: [],
  };
  return described as unknown as SourceTable;
}

const posts = table('posts', 'id', 'owneruserid', 'score');
const users = table('users', 'id', 'name');

test('words are found in every usual spelling', () => {
  expect(splitWords('ownerUserId')).toEqual(['owner', 'user', 'id']);
  expect(splitWords('Owner_User-ID')).toEqual(['owner', 'user', 'id']);
  expect(splitWords('HTTPServerURL')).toEqual(['http', 'server', 'url']);
  expect(splitWords('Größe des Kindes')).toEqual(['größe', 'des', 'kindes']);
  expect(splitWords('"; --')).toEqual([]);
});

test.each(['owneruserid', 'owner_user_id', 'ownerUserId', 'OwnerUserID', 'userid', 'user_id', 'fk_user', 'id_user', 'user1_id'])(
  '%s points at users',
  (column) => {
    expect(matchName(posts, column, users, 'id')).not.toBeNull();
  },
);

test.each(['abuser_id', 'views', 'user', 'id', 'usercount', 'rating'])(
  '%s does not end with the key of posts or users',
  (column) => {
    expect(matchName(users, column, posts, 'id')).toBeNull();
    if (column !== 'user') expect(matchName(posts, column, users, 'id')).toBeNull();
  },
);

test('the bare name of a table is the weakest match', () => {
  expect(matchName(posts, 'user', users, 'id')).toMatchObject({ score: 1 });
  expect(matchName(posts, 'user_id', users, 'id')).toMatchObject({ score: 3 });
});

test('plurals are undone, irregular ones too, and the longest form counts most', () => {
  expect(matchName(posts, 'category_id', table('categories', 'id'), 'id')).not.toBeNull();
  expect(matchName(posts, 'person_id', table('people', 'id'), 'id')).not.toBeNull();
  expect(matchName(posts, 'address_id', table('addresses', 'id'), 'id')).not.toBeNull();
  const short = matchName(posts, 'order_line_id', table('lines', 'id'), 'id');
  const long = matchName(posts, 'order_line_id', table('order_lines', 'id'), 'id');
  expect((long?.length ?? 0) - (short?.length ?? 0)).toBeGreaterThan(0);
});

test('a prefix that all columns of a table share is no word', () => {
  const person = table('person', 'p_personid', 'p_name');
  const message = table('message', 'm_messageid', 'm_personid', 'm_c_replyof');
  expect(matchName(message, 'm_personid', person, 'p_personid')).toMatchObject({ score: 3 });
  expect(isOwnKeyName(message, 'm_messageid')).toBe(true);
  expect(hasRoleInOwnTable(message, 'm_c_replyof')).toBe(true);
});

test('roles, pointing names and times are told by words', () => {
  expect(['parent_id', 'managerId', 'reports_to', 'rootid'].map((name) => hasRoleInOwnTable(posts, name))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['replies', 'next_level', 'root', 'mastercard'].map((name) => hasRoleInOwnTable(posts, name))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(['score', 'paid_on'].map((name) => isPointingName(posts, name))).toEqual([false, false]);
  expect(['createdAt', 'last_seen', 'creationdate', 'edited_ts'].map((name) => isTimeName(posts, name))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['amount', 'status', 'category'].map((name) => isTimeName(posts, name))).toEqual([false, false, false]);
});

test('a unique column that is not named after its table is a weak match', () => {
  expect(matchName(posts, 'position', table('levels', 'id', 'position'), 'position')).toMatchObject({ score: 1 });
  expect(matchName(posts, 'country_iso', table('countries', 'iso', 'label'), 'iso')).toMatchObject({ score: 3 });
});
