-- What the seventh version added.
CREATE INDEX parameters_key ON parameters(key);
CREATE INDEX history_key ON history(key);
INSERT INTO grdb_migrations VALUES ('7: looking up by name');
