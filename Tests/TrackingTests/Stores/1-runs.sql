-- A store as the first version left it. Released schemas do not change, so neither does this file.
CREATE TABLE runs (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent TEXT REFERENCES runs(id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  failure TEXT
) STRICT;
CREATE INDEX runs_started ON runs(started);
CREATE INDEX runs_parent ON runs(parent);
CREATE INDEX runs_status ON runs(status);
CREATE TABLE parameters (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE tags (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  key TEXT NOT NULL, step INTEGER NOT NULL, time INTEGER NOT NULL, value REAL
) STRICT;
CREATE INDEX history_run ON history(run, key, step);
CREATE TABLE figures (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  key TEXT NOT NULL, value REAL, low REAL, high REAL, method TEXT NOT NULL,
  images INTEGER NOT NULL, series INTEGER NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX figures_key ON figures(key, value);
CREATE TABLE artifacts (
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  path TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifacts_digest ON artifacts(digest);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: runs');

-- A pipeline with its training, an evaluation that failed, and a training that was going on when the machine stopped.
INSERT INTO runs (id, name, kind, parent, status, started, ended, failure) VALUES
  ('aa00000000000000000000000000000a', 'riñón pipeline', 'pipeline', NULL, 'finished', 1700000000000, 1700000100250, NULL),
  ('bb00000000000000000000000000000b', 'riñón train', 'train', 'aa00000000000000000000000000000a', 'finished', 1700000001000, 1700000090000, NULL),
  ('cc00000000000000000000000000000c', 'riñón evaluate', 'evaluate', NULL, 'failed', 1700000200000, 1700000201000, 'The model is not there. Run `nefro train` first.'),
  ('dd00000000000000000000000000000d', 'riñón train', 'train', NULL, 'running', 1700000300000, NULL, NULL);
INSERT INTO parameters VALUES
  ('bb00000000000000000000000000000b', 'EPOCHS', '5'),
  ('bb00000000000000000000000000000b', 'LEARNING_RATE', '0.01'),
  ('dd00000000000000000000000000000d', 'EPOCHS', '50');
INSERT INTO tags VALUES
  ('aa00000000000000000000000000000a', 'seed', '7'),
  ('bb00000000000000000000000000000b', 'seed', '7'),
  ('bb00000000000000000000000000000b', 'model.digest', '1f1f');
INSERT INTO history (run, key, step, time, value) VALUES
  ('bb00000000000000000000000000000b', 'loss', 1, 1700000010125, 0.6931471805599453),
  ('bb00000000000000000000000000000b', 'loss', 2, 1700000020000, NULL),
  ('bb00000000000000000000000000000b', 'val_loss', 2, 1700000020000, 9e999),
  ('dd00000000000000000000000000000d', 'loss', 1, 1700000310500, 0.25);
INSERT INTO figures VALUES
  ('aa00000000000000000000000000000a', 'auc', 0.9, 0.8, 0.95, 'jackknife over series', 47, 12),
  ('aa00000000000000000000000000000a', 'f1.Tumor', NULL, NULL, NULL, 'no interval: one series', 3, 1);
INSERT INTO artifacts VALUES
  ('bb00000000000000000000000000000b', 'model/model.safetensors', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 4),
  ('aa00000000000000000000000000000a', 'private/predictions.json', '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', 5);
