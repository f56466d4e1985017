-- Short queries that a social network would send: profile, timeline, thread, members, likes, friends, tags. Written once from the
-- schema alone; no query was chosen, changed or left out for its result.

-- name: person by id
-- :person = hot | p50 | cold of message.m_creatorid
select p_firstname, p_lastname, p_creationdate from person where p_personid = :person;

-- name: message by id
-- :message = hot | p50 | cold of likes.l_messageid
select m_content, m_creationdate from message where m_messageid = :message;

-- name: messages of a person
-- :person = hot | p99 | p50 | cold of message.m_creatorid
select m_messageid from message where m_creatorid = :person;

-- name: newest messages of a person
-- :person = hot | p99 | p50 of message.m_creatorid
select m_messageid, m_creationdate from message where m_creatorid = :person order by m_creationdate desc limit 20;

-- name: number of messages of a person
-- :person = hot | p99 | p50 | cold of message.m_creatorid
select count(*) from message where m_creatorid = :person;

-- name: long messages of a person
-- :person = hot | p99 of message.m_creatorid
-- :length = quantile 0.8 of message.m_length
select m_messageid from message where m_creatorid = :person and m_length >= :length;

-- name: newest messages
-- class: oltp
select m_messageid, m_creatorid from message order by m_creationdate desc limit 20;

-- name: messages of a period
-- :since = quantile 0.8 of message.m_creationdate
-- :until = quantile 0.82 of message.m_creationdate
select m_messageid from message where m_creationdate between :since and :until;

-- name: posts of a forum
-- :forum = hot | p99 | p50 | cold of message.m_ps_forumid
select m_messageid from message where m_ps_forumid = :forum order by m_creationdate desc limit 20;

-- name: replies of a message
-- :message = hot | p99 | p50 of message.m_c_replyof
select m_messageid, m_creatorid from message where m_c_replyof = :message order by m_creationdate;

-- name: replies with their authors
-- :message = hot | p50 of message.m_c_replyof
select m.m_messageid, p.p_firstname from message m join person p on p.p_personid = m.m_creatorid where m.m_c_replyof = :message;

-- name: has a message replies
-- :message = hot | p50 of likes.l_messageid
select exists (select from message where m_c_replyof = :message);

-- name: likes of a message
-- :message = hot | p99 | p50 of likes.l_messageid
select l_personid, l_creationdate from likes where l_messageid = :message order by l_creationdate desc;

-- name: likes by a person
-- :person = hot | p99 | p50 of likes.l_personid
select l_messageid from likes where l_personid = :person order by l_creationdate desc limit 20;

-- name: likes that a person got
-- :person = hot | p99 | p50 of message.m_creatorid
select count(*) from message m join likes l on l.l_messageid = m.m_messageid where m.m_creatorid = :person;

-- name: has a person liked a message
-- :person = hot | p50 of likes.l_personid
-- :message = hot | p50 of likes.l_messageid
select exists (select from likes where l_personid = :person and l_messageid = :message);

-- name: friends of a person
-- :person = hot | p99 | p50 of knows.k_person1id
select p.p_personid, p.p_firstname from knows k join person p on p.p_personid = k.k_person2id where k.k_person1id = :person;

-- name: friends of friends
-- :person = hot | p50 of knows.k_person1id
select distinct o.k_person2id from knows k join knows o on o.k_person1id = k.k_person2id where k.k_person1id = :person;

-- name: newest messages of friends
-- :person = hot | p99 | p50 of knows.k_person1id
select m.m_messageid from knows k join message m on m.m_creatorid = k.k_person2id where k.k_person1id = :person order by m.m_creationdate desc limit 20;

-- name: members of a forum
-- :forum = hot | p99 | p50 of forum_person.fp_forumid
select fp_personid, fp_joindate from forum_person where fp_forumid = :forum order by fp_joindate desc;

-- name: forums of a person
-- :person = hot | p99 | p50 of forum_person.fp_personid
select f.f_forumid, f.f_title from forum_person m join forum f on f.f_forumid = m.fp_forumid where m.fp_personid = :person;

-- name: forums that a person moderates
-- :person = hot | p50 of forum.f_moderatorid
select f_forumid from forum where f_moderatorid = :person;

-- name: is a person member of a forum
-- :person = hot | p50 of forum_person.fp_personid
-- :forum = hot | p50 of forum_person.fp_forumid
select exists (select from forum_person where fp_forumid = :forum and fp_personid = :person);

-- name: posts in the forums of a person
-- :person = hot | p99 | p50 of forum_person.fp_personid
select count(*) from forum_person m join message p on p.m_ps_forumid = m.fp_forumid where m.fp_personid = :person;

-- name: tags of a message
-- :message = hot | p50 of message_tag.mt_messageid
select t.t_name from message_tag m join tag t on t.t_tagid = m.mt_tagid where m.mt_messageid = :message;

-- name: messages with a tag
-- :tag = hot | p99 | p50 of message_tag.mt_tagid
select m.m_messageid from message_tag t join message m on m.m_messageid = t.mt_messageid where t.mt_tagid = :tag order by m.m_creationdate desc limit 20;

-- name: persons interested in a tag
-- :tag = hot | p99 | p50 of person_tag.pt_tagid
select pt_personid from person_tag where pt_tagid = :tag;

-- name: interests of a person
-- :person = hot | p50 of person_tag.pt_personid
select t.t_name from person_tag p join tag t on t.t_tagid = p.pt_tagid where p.pt_personid = :person;

-- name: messages by browser of a person
-- :person = hot | p99 of message.m_creatorid
-- :browser = hot | cold of message.m_browserused
select count(*) from message where m_creatorid = :person and m_browserused = :browser;

-- name: persons of a place
-- :place = hot | p50 of person.p_placeid
select p_personid from person where p_placeid = :place;

-- name: messages from a place
-- :place = hot | p99 | p50 of message.m_locationid
select count(*) from message where m_locationid = :place;
