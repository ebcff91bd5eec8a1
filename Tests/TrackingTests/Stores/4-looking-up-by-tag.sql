-- What the fourth version added.
CREATE INDEX tags_key ON tags(key, value);
INSERT INTO grdb_migrations VALUES ('4: looking up by tag');
