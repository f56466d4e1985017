-- Short queries that an application over a history of commits would send: by key, newest few, periods, small joins, existence.
-- Written once from the schema alone; no query was chosen, changed or left out for its result.

-- name: commit by id
-- :commit = hot | p50 | cold of changes.commit_id
select * from commits where id = :commit;

-- name: author by id
-- :author = hot | p50 | cold of commits.author_id
select * from authors where id = :author;

-- name: file by id
-- :file = hot | p50 | cold of changes.file_id
select dir, ext from files where id = :file;

-- name: commits of an author
-- :author = hot | p99 | p50 | cold of commits.author_id
select id, authored_at from commits where author_id = :author;

-- name: newest commits of an author
-- :author = hot | p99 | p50 of commits.author_id
select id, nfiles from commits where author_id = :author order by authored_at desc limit 20;

-- name: number of commits of an author
-- :author = hot | p99 | p50 | cold of commits.author_id
select count(*) from commits where author_id = :author;

-- name: first and last commit of an author
-- :author = hot | p99 | p50 of commits.author_id
select min(authored_at), max(authored_at) from commits where author_id = :author;

-- name: commits by committer
-- :committer = hot | p50 | cold of commits.committer_id
select id, committed_at from commits where committer_id = :committer order by committed_at desc limit 20;

-- name: newest commits
-- class: oltp
select id, nfiles from commits order by authored_at desc limit 50;

-- name: commits of a period
-- :since = quantile 0.6 of commits.authored_at
-- :until = quantile 0.605 of commits.authored_at
select count(*) from commits where authored_at between :since and :until;

-- name: commits since
-- :since = quantile 0.999 | quantile 0.99 | quantile 0.95 of commits.authored_at
select id, author_id from commits where authored_at >= :since;

-- name: commits by day of a period
-- :since = quantile 0.8 of commits.authored_at
-- :until = quantile 0.82 of commits.authored_at
select date_trunc('day', authored_at), count(*) from commits where authored_at between :since and :until group by 1;

-- name: commits of an author in a period
-- :author = hot | p99 of commits.author_id
-- :since = quantile 0.5 of commits.authored_at
-- :until = quantile 0.6 of commits.authored_at
select id from commits where author_id = :author and authored_at between :since and :until;

-- name: large commits of an author
-- :author = hot | p99 of commits.author_id
-- :size = quantile 0.95 of commits.nfiles
select id, nfiles from commits where author_id = :author and nfiles >= :size;

-- name: largest commits
-- class: oltp
select id, nfiles from commits order by nfiles desc limit 25;

-- name: files of a commit
-- :commit = hot | p99 | p50 of changes.commit_id
select f.dir, c.kind from changes c join files f on f.id = c.file_id where c.commit_id = :commit;

-- name: number of files of a commit
-- :commit = hot | p50 | cold of changes.commit_id
select count(*) from changes where commit_id = :commit;

-- name: changes of a commit by kind
-- :commit = hot | p99 of changes.commit_id
-- :kind = hot | cold of changes.kind
select file_id from changes where commit_id = :commit and kind = :kind;

-- name: history of a file
-- :file = hot | p99 | p50 of changes.file_id
select m.id, m.authored_at from changes c join commits m on m.id = c.commit_id where c.file_id = :file order by m.authored_at desc limit 20;

-- name: number of changes of a file
-- :file = hot | p99 | p50 | cold of changes.file_id
select count(*) from changes where file_id = :file;

-- name: authors of a file
-- :file = hot | p99 of changes.file_id
select m.author_id, count(*) from changes c join commits m on m.id = c.commit_id where c.file_id = :file group by m.author_id;

-- name: names of the authors of a file
-- :file = hot | p99 | p50 of changes.file_id
select distinct a.handle from changes c join commits m on m.id = c.commit_id join authors a on a.id = m.author_id where c.file_id = :file;

-- name: files of an author
-- :author = hot | p99 | p50 of commits.author_id
select count(distinct c.file_id) from commits m join changes c on c.commit_id = m.id where m.author_id = :author;

-- name: files that an author added
-- :author = p99 | p50 of commits.author_id
-- :kind = hot of changes.kind
select c.file_id from commits m join changes c on c.commit_id = m.id where m.author_id = :author and c.kind = :kind limit 100;

-- name: children of a commit
-- :commit = hot | p50 of parents.parent_id
select m.id, m.authored_at from parents p join commits m on m.id = p.commit_id where p.parent_id = :commit;

-- name: parents of a commit
-- :commit = hot | p50 of parents.commit_id
select m.id, m.author_id from parents p join commits m on m.id = p.parent_id where p.commit_id = :commit;

-- name: has a commit children
-- :commit = hot | p50 of changes.commit_id
select exists (select from parents where parent_id = :commit);

-- name: has an author touched a file
-- :author = hot | p50 of commits.author_id
-- :file = hot | p50 of changes.file_id
select exists (select from changes c join commits m on m.id = c.commit_id where c.file_id = :file and m.author_id = :author);

-- name: files of a directory
-- :dir = hot | p99 | p50 of files.dir
select id, ext from files where dir = :dir;

-- name: changes in a directory
-- :dir = hot | p99 | p50 of files.dir
select count(*) from files f join changes c on c.file_id = f.id where f.dir = :dir;

-- name: newest commits with their authors
-- class: oltp
select m.id, a.handle from commits m join authors a on a.id = m.author_id order by m.authored_at desc limit 30;

-- name: busiest authors of a period
-- :since = quantile 0.95 of commits.authored_at
select author_id, count(*) from commits where authored_at >= :since group by author_id order by count(*) desc limit 10;
