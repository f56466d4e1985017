// Production cut at a date: what came later is gone, keys are closed, and the heap keeps its order.
import { parseDataSet } from '../../../bench/fidelity/data-set.ts';
import { cutDatabase } from '../../../bench/fidelity/scale-out.ts';
import { policySchema } from '../../../spec/policy.ts';
import { withDatabase } from '../../support/database.ts';

// Rooms carry no time and come with their first post; posts are edited by users who may come later; likes go with their post.
const PRODUCTION = `
  create table rooms (id int primary key);
  create table users (id int primary key, created_at timestamptz not null);
  create table posts (
    id int primary key, room_id int not null references rooms, user_id int not null references users,
    editor_id int references users, created_at timestamptz not null);
  create table likes (post_id int not null references posts, user_id int);
  insert into rooms select i from generate_series(1, 11) i;
  insert into users select i, timestamptz '2024-01-01' + i * interval '1 day' from generate_series(1, 100) i;
  insert into posts
    select i, (i - 1) / 10 + 1, i, nullif(least(100, i + i % 7), i), timestamptz '2024-01-01 01:00' + i * interval '1 day'
    from generate_series(1, 100) i;
  insert into likes select i, i from generate_series(1, 100) i;`;

test('half of the times stay, with the rows that were there by then', async () => {
  await withDatabase(PRODUCTION, async (url, client) => {
    const { scaleOut } = parseDataSet(
      'scaleOut: { share: 0.5, times: { users: created_at, posts: created_at } }',
      'dataset.yaml',
    );
    const policy = policySchema.parse({
      relationships: [{ table: 'likes', columns: ['user_id'], references: 'users', referencedColumns: ['id'] }],
    });

    await cutDatabase(url, { scaleOut, policy });

    await client.query('reset search_path');
    const { rows } = await client.query(`
      select
        (select count(*)::int from users) as users,
        (select count(*)::int from posts) as posts,
        (select max(editor_id) from posts) as editor,
        (select count(*)::int from posts where editor_id is null) as unedited,
        (select count(*)::int from likes) as likes,
        (select array_agg(id order by id) from rooms) as rooms,
        (select bool_and(id = place) from (select id, row_number() over (order by ctid) as place from posts) p) as "inOrder"`);
    // Room 11 never had a post, and stays; the editors of the last posts had not come yet.
    expect(rows).toEqual([
      { users: 50, posts: 50, editor: 50, unedited: 7 + 3, likes: 50, rooms: [1, 2, 3, 4, 5, 11], inOrder: true },
    ]);
  });
});
