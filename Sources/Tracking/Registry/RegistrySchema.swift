import Storage

/// The registry's tables, in the run store's database.
enum RegistrySchema {
  static func create(_ database: Database) throws {
    try database.execute(
      sql: """
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

        -- An auditor's question is answered from these rows: they are added, never changed.
        CREATE TRIGGER model_events_keep BEFORE UPDATE ON model_events
          BEGIN SELECT RAISE(ABORT, 'events of models are never changed'); END;
        CREATE TRIGGER model_events_stay BEFORE DELETE ON model_events
          BEGIN SELECT RAISE(ABORT, 'events of models are never deleted'); END;
        """)
  }
}
