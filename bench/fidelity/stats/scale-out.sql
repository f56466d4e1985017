-- Analytic joins over `stats` whose filters are bound by rank, for the run in which production was cut at a date: there the literals
-- of the shared workload mean other things. Written once from the schema alone; no query was chosen, changed or left out for its result.

-- name: posts by reputation of the owner
-- class: joins
-- :reputation = quantile 0.5 | quantile 0.9 | quantile 0.99 of users.reputation
select count(*) from users u join posts p on p.owneruserid = u.id where u.reputation >= :reputation;

-- name: posts beside badges
select count(*) from users u join posts p on p.owneruserid = u.id join badges b on b.userid = u.id;

-- name: high scores beside badges
-- class: joins
-- :score = quantile 0.8 of posts.score
select count(*) from posts p join badges b on b.userid = p.owneruserid where p.score >= :score;

-- name: late posts beside late badges
-- class: joins
-- :posted = quantile 0.7 of posts.creationdate
-- :given = quantile 0.7 of badges.date
select count(*) from users u join posts p on p.owneruserid = u.id join badges b on b.userid = u.id where p.creationdate >= :posted and b.date >= :given;

-- name: posts of late users
-- class: joins
-- :since = quantile 0.5 | quantile 0.9 of users.creationdate
select count(*) from users u join posts p on p.owneruserid = u.id where u.creationdate >= :since;

-- name: links of much viewed posts
-- class: joins
-- :views = quantile 0.7 of posts.viewcount
select count(*) from posts p join postlinks l on l.postid = p.id where p.viewcount >= :views;

-- name: links between posts
-- class: joins
-- :score = quantile 0.7 of posts.score
select count(*) from postlinks l join posts p on p.id = l.postid join posts q on q.id = l.relatedpostid where q.score >= :score;

-- name: links in both directions of a post
select count(*) from posts p join postlinks l on l.postid = p.id join postlinks m on m.relatedpostid = p.id;

-- name: owners of linked posts
-- class: joins
-- :reputation = quantile 0.9 of users.reputation
select count(*) from users u join posts p on p.owneruserid = u.id join postlinks l on l.relatedpostid = p.id where u.reputation >= :reputation;

-- name: editors of posts with answers
-- class: joins
-- :answers = quantile 0.8 of posts.answercount
select count(*) from users u join posts p on p.lasteditoruserid = u.id where p.answercount >= :answers;

-- name: owned beside edited
select count(*) from users u join posts p on p.owneruserid = u.id join posts e on e.lasteditoruserid = u.id where e.owneruserid <> u.id;

-- name: answered posts of users with votes
-- class: joins
-- :votes = quantile 0.8 of users.upvotes
-- :comments = quantile 0.5 of posts.commentcount
select count(*) from users u join posts p on p.owneruserid = u.id where u.upvotes >= :votes and p.commentcount > :comments;

-- name: badges of users with many views
-- class: joins
-- :views = quantile 0.9 of users.views
select count(*) from users u join badges b on b.userid = u.id where u.views >= :views;

-- name: tags and the owners of their excerpts
select count(*) from tags t join posts p on p.id = t.excerptpostid join badges b on b.userid = p.owneruserid;

-- name: posts by type and score
-- class: single
-- :type = hot of posts.posttypeid
-- :score = quantile 0.9 of posts.score
select count(*) from posts where posttypeid = :type and score >= :score;

-- name: old users with reputation
-- class: single
-- :until = quantile 0.3 of users.creationdate
-- :reputation = quantile 0.9 of users.reputation
select count(*) from users where creationdate <= :until and reputation >= :reputation;
