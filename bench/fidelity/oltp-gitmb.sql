-- Short queries over a history of commits: by key, newest few, small joins. Written once from the schema; nothing is tuned to them.

-- name: commits of an author
-- :author = hot | p99 | p50 | cold of commits.author_id
select id, authored_at from commits where author_id = :author;

-- name: newest commits of an author
-- :author = hot | p99 | p50 of commits.author_id
select id, nfiles from commits where author_id = :author order by authored_at desc limit 20;

-- name: newest commits
-- class: oltp
select id, nfiles from commits order by authored_at desc limit 50;

-- name: commits of a period
-- :since = quantile 0.6 of commits.authored_at
-- :until = quantile 0.605 of commits.authored_at
select count(*) from commits where authored_at between :since and :until;

-- name: files of a commit
-- :commit = hot | p99 | p50 of changes.commit_id
select f.dir, c.kind from changes c join files f on f.id = c.file_id where c.commit_id = :commit;

-- name: history of a file
-- :file = hot | p99 | p50 of changes.file_id
select m.id, m.authored_at from changes c join commits m on m.id = c.commit_id where c.file_id = :file order by m.authored_at desc limit 20;

-- name: authors of a file
-- :file = hot | p99 of changes.file_id
select m.author_id, count(*) from changes c join commits m on m.id = c.commit_id where c.file_id = :file group by m.author_id;

-- name: files of an author
-- :author = hot | p99 | p50 of commits.author_id
select count(distinct c.file_id) from commits m join changes c on c.commit_id = m.id where m.author_id = :author;

-- name: children of a commit
-- :commit = hot | p50 of parents.parent_id
select m.id, m.authored_at from parents p join commits m on m.id = p.commit_id where p.parent_id = :commit;
