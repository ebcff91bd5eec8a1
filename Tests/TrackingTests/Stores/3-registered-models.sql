-- What the third version added, and a model with two versions, one of which was refused.
CREATE TABLE model_versions (
  model TEXT NOT NULL, number INTEGER NOT NULL,
  identity TEXT NOT NULL,
  run TEXT REFERENCES runs(id) ON DELETE SET NULL,
  registered INTEGER NOT NULL,
  note TEXT,
  PRIMARY KEY (model, number),
  UNIQUE (model, identity)
) STRICT, WITHOUT ROWID;
CREATE TABLE model_files (
  model TEXT NOT NULL, number INTEGER NOT NULL, role TEXT NOT NULL,
  path TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (model, number, role),
  FOREIGN KEY (model, number) REFERENCES model_versions(model, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_files_digest ON model_files(digest);
CREATE TABLE model_aliases (
  model TEXT NOT NULL, alias TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (model, alias),
  FOREIGN KEY (model, number) REFERENCES model_versions(model, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE model_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL, kind TEXT NOT NULL,
  model TEXT NOT NULL, version INTEGER NOT NULL,
  alias TEXT, previous INTEGER, reasons TEXT NOT NULL
) STRICT;
CREATE INDEX model_events_model ON model_events(model, alias, time);
CREATE TRIGGER model_events_keep BEFORE UPDATE ON model_events
  BEGIN SELECT RAISE(ABORT, 'events of models are never changed'); END;
CREATE TRIGGER model_events_stay BEFORE DELETE ON model_events
  BEGIN SELECT RAISE(ABORT, 'events of models are never deleted'); END;
INSERT INTO grdb_migrations VALUES ('3: registered models');

INSERT INTO model_versions VALUES
  ('kidney', 1, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'bb00000000000000000000000000000b', 1700000400000, 'first'),
  ('kidney', 2, '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', NULL, 1700000500000, NULL);
INSERT INTO model_files VALUES
  ('kidney', 1, 'model', 'model.safetensors', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 4),
  ('kidney', 2, 'model', 'model.safetensors', '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', 5);
INSERT INTO model_aliases VALUES ('kidney', 'champion', 1);
INSERT INTO model_events (time, kind, model, version, alias, previous, reasons) VALUES
  (1700000400000, 'registered', 'kidney', 1, NULL, NULL, '["first"]'),
  (1700000410000, 'promoted', 'kidney', 1, 'champion', NULL, '["low end of auc is 0.8"]'),
  (1700000500000, 'registered', 'kidney', 2, NULL, NULL, '[]'),
  (1700000510000, 'refused', 'kidney', 2, 'champion', 1, '["auc is 0.4", "no scores"]');
