import Storage

/// The tables of `serving.sqlite`. A step that was released is never changed: a later one is added.
enum ServingSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: tokens, results, feedback, audit trail", migrate: first)
    migrator.registerMigration("2: trainings", migrate: second)
    return migrator
  }

  private static func first(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE tokens (
          id TEXT PRIMARY KEY NOT NULL,
          name TEXT NOT NULL,
          role TEXT NOT NULL,
          digest TEXT NOT NULL,
          created INTEGER NOT NULL,
          expires INTEGER,
          revoked INTEGER
        ) STRICT;

        -- The document is what the client got, byte for byte.
        CREATE TABLE results (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          time INTEGER NOT NULL,
          owner TEXT NOT NULL,
          study TEXT,
          label TEXT NOT NULL,
          decision TEXT NOT NULL,
          model TEXT NOT NULL,
          document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX results_owner ON results(owner, number);
        CREATE INDEX results_study ON results(study, number);

        CREATE TABLE feedback (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          result TEXT NOT NULL REFERENCES results(id),
          time INTEGER NOT NULL,
          author TEXT NOT NULL,
          name TEXT NOT NULL,
          verdict TEXT NOT NULL,
          label TEXT,
          note TEXT
        ) STRICT;
        CREATE INDEX feedback_result ON feedback(result);

        -- It only grows; `seal` is a digest over the row and the seal before it, so that a change from outside shows.
        CREATE TABLE audit (
          number INTEGER PRIMARY KEY,
          time INTEGER NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT,
          model TEXT,
          request TEXT,
          detail TEXT,
          seal TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_subject ON audit(subject);
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is not shortened'); END;
        """)
  }

  private static func second(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE jobs (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          owner TEXT NOT NULL,
          name TEXT NOT NULL,
          state TEXT NOT NULL,
          parameters TEXT NOT NULL,
          resumes INTEGER NOT NULL,
          started INTEGER NOT NULL,
          ended INTEGER,
          run TEXT,
          lines TEXT NOT NULL
        ) STRICT;
        """)
  }
}
