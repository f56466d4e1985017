-- Analytic joins over a history of commits: two to four tables along keys, filters by quantile. Written once from the schema alone;
-- no query was chosen, changed or left out for its result.

-- name: changes by commit
select count(*) from commits m join changes c on c.commit_id = m.id;

-- name: changes by author
select count(*) from authors a join commits m on m.author_id = a.id join changes c on c.commit_id = m.id;

-- name: changes beside parents
select count(*) from commits m join changes c on c.commit_id = m.id join parents p on p.commit_id = m.id;

-- name: changes beside children
select count(*) from commits m join changes c on c.commit_id = m.id join parents p on p.parent_id = m.id;

-- name: author beside committer
-- class: joins
-- :size = quantile 0.97 of commits.nfiles
select count(*) from authors a join commits m on m.author_id = a.id join commits o on o.committer_id = a.id where m.nfiles >= :size and o.nfiles >= :size;

-- name: large commits and their files
-- class: joins
-- :size = quantile 0.9 of commits.nfiles
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.nfiles >= :size;

-- name: deep files of large commits
-- class: joins
-- :size = quantile 0.7 | quantile 0.95 of commits.nfiles
-- :depth = quantile 0.5 of files.depth
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.nfiles >= :size and f.depth > :depth;

-- name: pairs of files of a commit
select count(*) from changes c join changes d on d.commit_id = c.commit_id and d.file_id < c.file_id;

-- name: shallow files of small commits
-- class: joins
-- :size = quantile 0.3 of commits.nfiles
-- :depth = quantile 0.3 of files.depth
select count(*) from files f join changes c on c.file_id = f.id join commits m on m.id = c.commit_id where f.depth <= :depth and m.nfiles <= :size;

-- name: changes of a period
-- class: joins
-- :since = quantile 0.4 | quantile 0.8 of commits.authored_at
-- :until = quantile 0.9 of commits.authored_at
select count(*) from commits m join changes c on c.commit_id = m.id where m.authored_at between :since and :until;

-- name: changes of a kind in late commits
-- class: joins
-- :since = quantile 0.75 of commits.authored_at
-- :kind = hot | cold of changes.kind
select count(*) from commits m join changes c on c.commit_id = m.id where m.authored_at >= :since and c.kind = :kind;

-- name: late changes by extension of the file
-- class: joins
-- :since = quantile 0.75 of commits.authored_at
-- :ext = hot | p99 of files.ext
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.authored_at >= :since and f.ext = :ext;

-- name: early changes of deep files
-- class: joins
-- :until = quantile 0.25 of commits.authored_at
-- :depth = quantile 0.7 of files.depth
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.authored_at <= :until and f.depth >= :depth;

-- name: merges and their parents
-- class: joins
-- :size = quantile 0.5 of commits.nfiles
select count(*) from commits m join parents p on p.commit_id = m.id join commits o on o.id = p.parent_id where o.nfiles > :size;

-- name: large after large
-- class: joins
-- :size = quantile 0.9 of commits.nfiles
select count(*) from commits m join parents p on p.commit_id = m.id join commits o on o.id = p.parent_id where m.nfiles >= :size and o.nfiles >= :size;

-- name: parents beside children
select count(*) from commits m join parents p on p.commit_id = m.id join parents q on q.parent_id = m.id;

-- name: files changed with commits that have children
-- class: joins
-- :depth = quantile 0.6 of files.depth
select count(*) from files f join changes c on c.file_id = f.id join parents p on p.parent_id = c.commit_id where f.depth >= :depth;

-- name: authors of a period and their files
-- class: joins
-- :since = quantile 0.5 of commits.authored_at
-- :until = quantile 0.6 of commits.authored_at
select count(*) from authors a join commits m on m.author_id = a.id join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.authored_at between :since and :until;

-- name: commits whose committer is another
select count(*) from commits m join authors a on a.id = m.committer_id where m.author_id <> m.committer_id;

-- name: late large commits by author
-- class: joins
-- :since = quantile 0.6 of commits.authored_at
-- :size = quantile 0.8 of commits.nfiles
select count(*) from authors a join commits m on m.author_id = a.id where m.authored_at >= :since and m.nfiles >= :size;

-- name: commits by size
-- class: single
-- :from = quantile 0.4 of commits.nfiles
-- :to = quantile 0.8 of commits.nfiles
select count(*) from commits where nfiles between :from and :to;

-- name: late large commits
-- class: single
-- :since = quantile 0.6 of commits.authored_at
-- :size = quantile 0.8 of commits.nfiles
select count(*) from commits where authored_at >= :since and nfiles >= :size;

-- name: files by depth and extension
-- class: single
-- :depth = quantile 0.5 of files.depth
-- :ext = hot of files.ext
select count(*) from files where depth >= :depth and ext = :ext;
