-- Joins and counts over a history of commits, without a literal of it. Written once from the schema; nothing is tuned to them.

-- name: changes by commit
select count(*) from commits m join changes c on c.commit_id = m.id;

-- name: changes by author
select count(*) from authors a join commits m on m.author_id = a.id join changes c on c.commit_id = m.id;

-- name: changes beside parents
select count(*) from commits m join changes c on c.commit_id = m.id join parents p on p.commit_id = m.id;

-- name: changes beside children
select count(*) from commits m join changes c on c.commit_id = m.id join parents p on p.parent_id = m.id;

-- name: author beside committer
select count(*) from authors a join commits m on m.author_id = a.id join commits o on o.committer_id = a.id where m.nfiles > 20 and o.nfiles > 20;

-- name: large commits and their files
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.nfiles >= 10;

-- name: deep files of large commits
select count(*) from commits m join changes c on c.commit_id = m.id join files f on f.id = c.file_id where m.nfiles >= 3 and f.depth >= 3;

-- name: pairs of files of a commit
select count(*) from changes c join changes d on d.commit_id = c.commit_id and d.file_id < c.file_id;

-- name: small commits of shallow files
select count(*) from files f join changes c on c.file_id = f.id join commits m on m.id = c.commit_id where f.depth = 1 and m.nfiles = 1;

-- name: commits by size
-- class: single
select count(*) from commits where nfiles between 2 and 5;

-- name: files by depth
-- class: single
select count(*) from files where depth >= 2;
