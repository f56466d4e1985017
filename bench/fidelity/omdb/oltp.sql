-- Short queries that an application over a film database would send: by key, lists of a film, of a category, of a country, top lists.
-- Written once from the schema alone; no query was chosen, changed or left out for its result.

-- name: movie by id
-- :movie = hot | p50 | cold of movie_categories.movie_id
select id, name, kind, date from movies where id = :movie;

-- name: categories of a movie
-- :movie = hot | p99 | p50 of movie_categories.movie_id
select category_id from movie_categories where movie_id = :movie;

-- name: names of the categories of a movie
-- :movie = hot | p50 of movie_categories.movie_id
-- :language = hot of category_names.language
select n.name from movie_categories m join category_names n on n.category_id = m.category_id where m.movie_id = :movie and n.language = :language;

-- name: countries of a movie
-- :movie = hot | p50 of movie_countries.movie_id
select country from movie_countries where movie_id = :movie;

-- name: languages of a movie
-- :movie = hot | p50 of movie_languages.movie_id
select language from movie_languages where movie_id = :movie;

-- name: trailers of a movie
-- :movie = hot | p99 | p50 of trailers.movie_id
select key, source from trailers where movie_id = :movie;

-- name: abstract of a movie
-- :movie = hot | p50 of movie_abstracts_en.movie_id
select abstract from movie_abstracts_en where movie_id = :movie;

-- name: images of a movie
-- :object = hot | p99 | p50 of image_ids.object_id
-- :type = hot of image_ids.object_type
select id, image_version from image_ids where object_id = :object and object_type = :type;

-- name: movies of a category
-- :category = hot | p99 | p50 | cold of movie_categories.category_id
select movie_id from movie_categories where category_id = :category;

-- name: number of movies of a category
-- :category = hot | p99 | p50 of movie_categories.category_id
select count(*) from movie_categories where category_id = :category;

-- name: newest movies of a category
-- :category = hot | p99 | p50 of movie_categories.category_id
select m.id, m.name from movie_categories c join movies m on m.id = c.movie_id where c.category_id = :category order by m.date desc nulls last limit 20;

-- name: best movies of a category
-- :category = hot | p99 of movie_categories.category_id
-- :votes = quantile 0.9 of movies.votes_count
select m.id, m.vote_average from movie_categories c join movies m on m.id = c.movie_id where c.category_id = :category and m.votes_count >= :votes order by m.vote_average desc nulls last limit 20;

-- name: movies of a country
-- :country = hot | p99 | p50 | cold of movie_countries.country
select movie_id from movie_countries where country = :country;

-- name: newest movies of a country
-- :country = hot | p99 | p50 of movie_countries.country
select m.id, m.date from movie_countries c join movies m on m.id = c.movie_id where c.country = :country order by m.date desc nulls last limit 20;

-- name: movies of a country in a language
-- :country = hot | p50 of movie_countries.country
-- :language = hot | p50 of movie_languages.language
select c.movie_id from movie_countries c join movie_languages l on l.movie_id = c.movie_id where c.country = :country and l.language = :language limit 50;

-- name: newest movies
-- class: oltp
select id, name from movies where date is not null order by date desc limit 30;

-- name: movies of a period
-- :since = quantile 0.7 of movies.date
-- :until = quantile 0.705 of movies.date
select id, name from movies where date between :since and :until;

-- name: movies of a kind in a period
-- :kind = hot | p50 | cold of movies.kind
-- :since = quantile 0.9 of movies.date
select id from movies where kind = :kind and date >= :since;

-- name: movies with most votes
-- class: oltp
select id, vote_average from movies order by votes_count desc nulls last limit 50;

-- name: movies with many votes
-- :votes = quantile 0.999 | quantile 0.99 of movies.votes_count
select id, name from movies where votes_count >= :votes;

-- name: parts of a series
-- :parent = hot | p99 | p50 of movies.parent_id
select id, name, kind from movies where parent_id = :parent;

-- name: newest parts of a series
-- :parent = hot | p99 of movies.parent_id
select id, date from movies where parent_id = :parent order by date desc nulls last limit 10;

-- name: parent of a movie
-- :movie = hot | p50 of movie_languages.movie_id
select p.id, p.name from movies m join movies p on p.id = m.parent_id where m.id = :movie;

-- name: children of a category
-- :parent = hot | p50 | cold of categories.parent_id
select c.id, n.name from categories c join category_names n on n.category_id = c.id where c.parent_id = :parent;

-- name: names of a category
-- :category = hot | p50 of category_names.category_id
select language, name from category_names where category_id = :category;

-- name: movies that refer to a movie
-- :movie = hot | p99 | p50 of movie_references.referenced_id
select m.id, m.name from movie_references r join movies m on m.id = r.movie_id where r.referenced_id = :movie;

-- name: references of a movie by type
-- :movie = hot | p50 of movie_references.movie_id
-- :type = hot | cold of movie_references.type
select referenced_id from movie_references where movie_id = :movie and type = :type;

-- name: has a movie a trailer
-- :movie = hot | p50 of movie_categories.movie_id
select exists (select from trailers where movie_id = :movie);

-- name: movies of a category without a trailer
-- :category = p99 | p50 of movie_categories.category_id
select c.movie_id from movie_categories c where c.category_id = :category and not exists (select from trailers t where t.movie_id = c.movie_id) limit 20;

-- name: categories shared with a movie
-- :movie = hot | p50 of movie_categories.movie_id
select o.movie_id, count(*) from movie_categories c join movie_categories o on o.category_id = c.category_id where c.movie_id = :movie group by o.movie_id order by count(*) desc limit 10;

-- name: countries of the newest movies
-- :since = quantile 0.999 of movies.date
select c.country, count(*) from movies m join movie_countries c on c.movie_id = m.id where m.date >= :since group by c.country;
