-- What the sixth version added: which events of a registered model a server has acknowledged.
CREATE TABLE mirrored_models (
  model TEXT NOT NULL, server TEXT NOT NULL, event INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (model, server)
) STRICT, WITHOUT ROWID;
INSERT INTO grdb_migrations VALUES ('6: mirrored models');
