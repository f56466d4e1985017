-- Short queries that an application over `stats` would send: by key, by range, newest or best few, small joins. Written once from the
-- schema; nothing is tuned to them.

-- name: user by id
-- :user = hot | p50 | cold of badges.userid
select * from users where id = :user;

-- name: posts of a user
-- :user = hot | p99 | p50 | cold of posts.owneruserid
select id, creationdate, score from posts where owneruserid = :user;

-- name: newest posts of a user
-- :user = hot | p99 | p50 of posts.owneruserid
select id, score from posts where owneruserid = :user order by creationdate desc limit 20;

-- name: best posts of a user
-- :user = hot | p99 | p50 of posts.owneruserid
select id, score from posts where owneruserid = :user order by score desc limit 10;

-- name: number of posts of a user
-- :user = hot | p99 | p50 | cold of posts.owneruserid
select count(*) from posts where owneruserid = :user;

-- name: sum of scores of a user
-- :user = hot | p99 of posts.owneruserid
select sum(score), max(viewcount) from posts where owneruserid = :user;

-- name: badges of a user
-- :user = hot | p99 | p50 | cold of badges.userid
select * from badges where userid = :user;

-- name: newest badges of a user
-- :user = hot | p99 | p50 of badges.userid
select * from badges where userid = :user order by date desc limit 10;

-- name: last badge overall
select id, userid from badges order by date desc limit 50;

-- name: badges since
-- :since = quantile 0.999 | quantile 0.99 | quantile 0.9 of badges.date
select count(*) from badges where date >= :since;

-- name: posts of a period
-- :since = quantile 0.5 of posts.creationdate
-- :until = quantile 0.51 of posts.creationdate
select id, score from posts where creationdate between :since and :until;

-- name: newest posts
-- class: oltp
select id, score from posts order by creationdate desc limit 30;

-- name: posts with a high score
-- :score = quantile 0.999 | quantile 0.99 | quantile 0.9 of posts.score
select id, owneruserid from posts where score >= :score;

-- name: highest scores
-- class: oltp
select id, owneruserid, score from posts order by score desc limit 25;

-- name: posts with that score
-- :score = hot | p50 of posts.score
select count(*) from posts where score = :score;

-- name: posts of a type with many views
-- :type = hot | cold of posts.posttypeid
-- :views = quantile 0.99 of posts.viewcount
select id from posts where posttypeid = :type and viewcount > :views;

-- name: posts with many comments of a user
-- :user = hot | p99 of posts.owneruserid
-- :comments = quantile 0.9 of posts.commentcount
select id from posts where owneruserid = :user and commentcount >= :comments;

-- name: posts edited by a user
-- :user = hot | p99 | p50 of posts.lasteditoruserid
select id, creationdate from posts where lasteditoruserid = :user;

-- name: users with a reputation
-- :reputation = quantile 0.99 | quantile 0.999 of users.reputation
select id, views from users where reputation >= :reputation;

-- name: top users
-- class: oltp
select id, reputation from users order by reputation desc limit 100;

-- name: users of a day
-- :since = quantile 0.7 of users.creationdate
-- :until = quantile 0.702 of users.creationdate
select id, reputation from users where creationdate between :since and :until;

-- name: links of a post
-- :post = hot | p50 | cold of postlinks.postid
select * from postlinks where postid = :post;

-- name: posts that link here
-- :post = hot | p99 | p50 of postlinks.relatedpostid
select l.id, p.score from postlinks l join posts p on p.id = l.postid where l.relatedpostid = :post;

-- name: tags with an excerpt
-- :post = hot of tags.excerptpostid
select t.id, t.count from tags t where t.excerptpostid = :post;

-- name: posts of a user with their links
-- :user = hot | p99 | p50 of posts.owneruserid
select p.id, count(l.id) from posts p left join postlinks l on l.postid = p.id where p.owneruserid = :user group by p.id;

-- name: badges and reputation of a user
-- :user = hot | p50 of badges.userid
select u.reputation, b.date from users u join badges b on b.userid = u.id where u.id = :user;

-- name: newest posts with their owners
-- class: oltp
select p.id, u.reputation from posts p join users u on u.id = p.owneruserid order by p.creationdate desc limit 20;

-- name: owners of high scores
-- :score = quantile 0.999 of posts.score
select p.id, u.reputation from posts p join users u on u.id = p.owneruserid where p.score >= :score order by u.reputation desc limit 20;

-- name: posts and badges of a user
-- :user = hot | p99 | p50 of posts.owneruserid
select count(*) from posts p join badges b on b.userid = p.owneruserid where p.owneruserid = :user;

-- name: posts of new users of high reputation
-- :since = quantile 0.9 of users.creationdate
-- :reputation = quantile 0.99 of users.reputation
select p.id, p.score from users u join posts p on p.owneruserid = u.id
where u.creationdate >= :since and u.reputation >= :reputation;

-- name: users without a post
-- :since = quantile 0.995 of users.creationdate
select u.id from users u where u.creationdate >= :since and not exists (select from posts p where p.owneruserid = u.id);
