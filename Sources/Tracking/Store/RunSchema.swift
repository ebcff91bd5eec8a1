import Storage

/// The run store's tables, and how an older store becomes a current one. A step that was released is never changed: a
/// later one is added.
enum RunSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: runs", migrate: runs)
    migrator.registerMigration("2: mirrors", migrate: MirrorSchema.create)
    migrator.registerMigration("3: registered models", migrate: RegistrySchema.create)
    migrator.registerMigration("4: looking up by tag") { database in
      try database.execute(sql: "CREATE INDEX tags_key ON tags(key, value)")
    }
    // When the run's process last wrote: the end of one that was killed.
    migrator.registerMigration("5: signs of life") { database in
      try database.execute(sql: "ALTER TABLE runs ADD COLUMN last_written INTEGER")
    }
    migrator.registerMigration("6: mirrored models", migrate: MirrorSchema.createModels)
    // Whether any run has a name; figures and tags can be looked up so already.
    migrator.registerMigration("7: looking up by name") { database in
      try database.execute(
        sql: "CREATE INDEX parameters_key ON parameters(key); CREATE INDEX history_key ON history(key)")
    }
    return migrator
  }

  private static func runs(_ database: Database) throws {
    try database.execute(
      sql: """
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

        -- A NaN is kept as NULL: SQLite knows none. The number of a row never comes again: mirrors count by it.
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
        """)
  }
}
