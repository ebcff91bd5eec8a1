-- What the second version added, and what it knew of a server.
CREATE TABLE mirrors (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  server TEXT NOT NULL,
  experiment TEXT, remote TEXT, artifacts TEXT,
  creating INTEGER NOT NULL DEFAULT 0,
  history INTEGER NOT NULL DEFAULT 0,
  doubtful INTEGER NOT NULL DEFAULT 0,
  settled INTEGER,
  PRIMARY KEY (run, server)
) STRICT, WITHOUT ROWID;
CREATE TABLE mirrored_files (
  run TEXT NOT NULL, server TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (run, server, path),
  FOREIGN KEY (run, server) REFERENCES mirrors(run, server) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO grdb_migrations VALUES ('2: mirrors');

INSERT INTO mirrors VALUES
  ('bb00000000000000000000000000000b', 'http://127.0.0.1:1', '3', 'f00d', 'mlflow-artifacts:/3/f00d', 0, 3, 3, 1700000090000),
  ('cc00000000000000000000000000000c', 'http://127.0.0.1:1', '3', NULL, NULL, 1, 0, 0, NULL);
INSERT INTO mirrored_files VALUES
  ('bb00000000000000000000000000000b', 'http://127.0.0.1:1', 'model/model.safetensors', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08');
