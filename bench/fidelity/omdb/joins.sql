-- Analytic joins over a film database: two to four tables along keys, filters by quantile. Written once from the schema alone; no
-- query was chosen, changed or left out for its result.

-- name: categories of late movies
-- class: joins
-- :since = quantile 0.5 | quantile 0.9 of movies.date
select count(*) from movies m join movie_categories c on c.movie_id = m.id where m.date >= :since;

-- name: categories of voted movies
-- class: joins
-- :votes = quantile 0.8 of movies.votes_count
select count(*) from movies m join movie_categories c on c.movie_id = m.id where m.votes_count >= :votes;

-- name: categories beside countries
select count(*) from movie_categories c join movie_countries o on o.movie_id = c.movie_id;

-- name: categories beside languages
select count(*) from movie_categories c join movie_languages l on l.movie_id = c.movie_id;

-- name: countries beside languages
select count(*) from movie_countries o join movie_languages l on l.movie_id = o.movie_id;

-- name: categories beside countries of a language
-- class: joins
-- :language = hot | p99 of movie_languages.language
select count(*) from movie_languages l join movie_countries o on o.movie_id = l.movie_id join movie_categories c on c.movie_id = l.movie_id where l.language = :language;

-- name: movies of a country by kind
-- class: joins
-- :country = hot | p99 of movie_countries.country
-- :kind = hot | p50 of movies.kind
select count(*) from movies m join movie_countries o on o.movie_id = m.id where o.country = :country and m.kind = :kind;

-- name: late movies of a country
-- class: joins
-- :country = hot of movie_countries.country
-- :since = quantile 0.75 of movies.date
select count(*) from movies m join movie_countries o on o.movie_id = m.id where o.country = :country and m.date >= :since;

-- name: late movies of a language
-- class: joins
-- :language = hot | p99 of movie_languages.language
-- :since = quantile 0.75 of movies.date
select count(*) from movies m join movie_languages l on l.movie_id = m.id where l.language = :language and m.date >= :since;

-- name: names of the categories of movies
-- class: joins
-- :language = hot of category_names.language
select count(*) from movie_categories c join category_names n on n.category_id = c.category_id where n.language = :language;

-- name: parts by country
select count(*) from movies m join movies p on p.id = m.parent_id join movie_countries o on o.movie_id = p.id;

-- name: parts of voted series
-- class: joins
-- :votes = quantile 0.8 of movies.votes_count
select count(*) from movies m join movies p on p.id = m.parent_id where p.votes_count >= :votes;

-- name: parts as late as their series
-- class: joins
-- :since = quantile 0.6 of movies.date
select count(*) from movies m join movies p on p.id = m.parent_id where p.date >= :since and m.date >= :since;

-- name: references from late movies
-- class: joins
-- :since = quantile 0.5 of movies.date
select count(*) from movie_references r join movies m on m.id = r.movie_id join movies o on o.id = r.referenced_id where m.date >= :since;

-- name: referenced movies and their categories
-- class: joins
-- :type = hot of movie_references.type
select count(*) from movie_references r join movie_categories c on c.movie_id = r.referenced_id where r.type = :type;

-- name: trailers of voted movies
-- class: joins
-- :votes = quantile 0.9 of movies.votes_count
select count(*) from trailers t join movies m on m.id = t.movie_id where m.votes_count >= :votes;

-- name: trailers beside categories
select count(*) from trailers t join movie_categories c on c.movie_id = t.movie_id;

-- name: abstracts beside categories
select count(*) from movie_abstracts_en a join movie_categories c on c.movie_id = a.movie_id;

-- name: long movies and their categories
-- class: joins
-- :runtime = quantile 0.9 of movies.runtime
select count(*) from movies m join movie_categories c on c.movie_id = m.id where m.runtime >= :runtime;

-- name: categories and their movies
select count(*) from categories p join categories c on c.parent_id = p.id join movie_categories m on m.category_id = c.id;

-- name: trailers of a country
-- class: joins
-- :country = hot of movie_countries.country
select count(*) from movies m join trailers t on t.movie_id = m.id join movie_countries o on o.movie_id = m.id where o.country = :country;

-- name: late long movies
-- class: single
-- :since = quantile 0.7 of movies.date
-- :runtime = quantile 0.7 of movies.runtime
select count(*) from movies where date >= :since and runtime >= :runtime;

-- name: voted movies of a kind
-- class: single
-- :kind = hot | p50 of movies.kind
-- :votes = quantile 0.8 of movies.votes_count
select count(*) from movies where kind = :kind and votes_count >= :votes;

-- name: names of categories by language
-- class: single
-- :language = hot | p50 of category_names.language
select count(*) from category_names where language = :language;
