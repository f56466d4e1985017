-- Analytic joins over a social network: two to four tables along keys, filters by quantile. Written once from the schema alone; no
-- query was chosen, changed or left out for its result.

-- name: messages of persons by age of the account
-- class: joins
-- :since = quantile 0.5 | quantile 0.8 of person.p_creationdate
select count(*) from person p join message m on m.m_creatorid = p.p_personid where p.p_creationdate >= :since;

-- name: messages beside friends
select count(*) from message m join knows k on k.k_person1id = m.m_creatorid;

-- name: messages beside interests
select count(*) from message m join person_tag t on t.pt_personid = m.m_creatorid;

-- name: friends beside friends
select count(*) from knows k join knows o on o.k_person1id = k.k_person2id;

-- name: likes of long messages
-- class: joins
-- :length = quantile 0.8 of message.m_length
select count(*) from message m join likes l on l.l_messageid = m.m_messageid where m.m_length >= :length;

-- name: likes beside replies
select count(*) from likes l join message r on r.m_c_replyof = l.l_messageid;

-- name: replies to late messages
-- class: joins
-- :since = quantile 0.7 of message.m_creationdate
select count(*) from message m join message r on r.m_c_replyof = m.m_messageid where m.m_creationdate >= :since;

-- name: replies by authors of a browser
-- class: joins
-- :browser = hot | p50 of message.m_browserused
select count(*) from message m join message r on r.m_c_replyof = m.m_messageid where m.m_browserused = :browser;

-- name: posts of forums with members
select count(*) from forum f join message m on m.m_ps_forumid = f.f_forumid join forum_person p on p.fp_forumid = f.f_forumid;

-- name: posts of late forums
-- class: joins
-- :since = quantile 0.5 of forum.f_creationdate
select count(*) from forum f join message m on m.m_ps_forumid = f.f_forumid where f.f_creationdate >= :since;

-- name: late posts of forums
-- class: joins
-- :since = quantile 0.7 of forum.f_creationdate
-- :posted = quantile 0.8 of message.m_creationdate
select count(*) from forum f join message m on m.m_ps_forumid = f.f_forumid where f.f_creationdate >= :since and m.m_creationdate >= :posted;

-- name: tags of messages of persons
-- class: joins
-- :since = quantile 0.6 of person.p_creationdate
select count(*) from person p join message m on m.m_creatorid = p.p_personid join message_tag t on t.mt_messageid = m.m_messageid where p.p_creationdate >= :since;

-- name: tags of messages and interests
select count(*) from message_tag m join person_tag p on p.pt_tagid = m.mt_tagid;

-- name: tags of forums and of their posts
select count(*) from forum_tag f join message m on m.m_ps_forumid = f.ft_forumid join message_tag t on t.mt_messageid = m.m_messageid;

-- name: members and their messages
-- class: joins
-- :joined = quantile 0.5 of forum_person.fp_joindate
select count(*) from forum_person f join message m on m.m_creatorid = f.fp_personid where f.fp_joindate >= :joined;

-- name: moderators and their friends
select count(*) from forum f join knows k on k.k_person1id = f.f_moderatorid;

-- name: persons of a gender and their likes
-- class: joins
-- :gender = hot of person.p_gender
select count(*) from person p join likes l on l.l_personid = p.p_personid where p.p_gender = :gender;

-- name: employees and their messages
-- class: joins
-- :from = quantile 0.5 of person_company.pc_workfrom
select count(*) from person_company c join message m on m.m_creatorid = c.pc_personid where c.pc_workfrom >= :from;

-- name: messages by type of the place
-- class: joins
-- :type = hot of place.pl_type
select count(*) from place l join message m on m.m_locationid = l.pl_placeid where l.pl_type = :type;

-- name: tags by class
select count(*) from tagclass c join tag t on t.t_tagclassid = c.tc_tagclassid join person_tag p on p.pt_tagid = t.t_tagid;

-- name: likes by friends
select count(*) from message m join likes l on l.l_messageid = m.m_messageid join knows k on k.k_person1id = m.m_creatorid and k.k_person2id = l.l_personid;

-- name: long late messages
-- class: single
-- :length = quantile 0.7 of message.m_length
-- :since = quantile 0.7 of message.m_creationdate
select count(*) from message where m_length >= :length and m_creationdate >= :since;

-- name: messages of a language
-- class: single
-- :language = hot | p50 of message.m_ps_language
select count(*) from message where m_ps_language = :language;

-- name: organisations by type
-- class: single
-- :type = hot | cold of organisation.o_type
select count(*) from organisation where o_type = :type;
