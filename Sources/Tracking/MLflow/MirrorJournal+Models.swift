import Storage

/// How much of the registered models a server has: all that happened to one up to an event of its history. A refusal
/// changes nothing that a server shows.
extension RunStore {
  /// Marks a registered model as one that shall be on a server, without contacting it.
  public func enroll(model name: String, on server: MLflowServer) throws {
    try database.write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO mirrored_models (model, server) VALUES (?, ?)", arguments: [name, server.name])
    }
  }

  /// The registered models that are not on a server as they are here, by name.
  ///
  /// - Parameter all: also those that were registered without that server.
  public func modelsWaiting(for server: MLflowServer, all: Bool = false) throws -> [String] {
    try database.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT model_events.model FROM model_events \(all ? "LEFT JOIN" : "JOIN") mirrored_models AS there
            ON there.model = model_events.model AND there.server = ?
          WHERE model_events.kind <> ?
          GROUP BY model_events.model HAVING max(model_events.number) > coalesce(max(there.event), 0)
          ORDER BY model_events.model
          """, arguments: [server.name, RegistryEvent.Kind.refused.rawValue])
    }
  }

  /// The last event of a model that a server should know of; 0 if there is none.
  func lastEvent(ofModel name: String) throws -> Int64 {
    try database.read { database in
      try Int64.fetchOne(
        database, sql: "SELECT max(number) FROM model_events WHERE model = ? AND kind <> ?",
        arguments: [name, RegistryEvent.Kind.refused.rawValue]) ?? 0
    }
  }

  /// The last event of a model that a server has acknowledged; 0 if there is none.
  func acknowledgedEvent(ofModel name: String, on server: String) throws -> Int64 {
    try database.read { database in
      try Int64.fetchOne(
        database, sql: "SELECT event FROM mirrored_models WHERE model = ? AND server = ?", arguments: [name, server])
        ?? 0
    }
  }

  func acknowledge(event: Int64, ofModel name: String, on server: String) throws {
    try database.write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO mirrored_models (model, server, event) VALUES (?, ?, ?)",
        arguments: [name, server, event])
    }
  }

  /// The numbers of versions that were registered up to an event.
  func versions(ofModel name: String, registeredUpTo event: Int64) throws -> Set<Int> {
    try database.read { database in
      Set(
        try Int.fetchAll(
          database, sql: "SELECT version FROM model_events WHERE model = ? AND kind = ? AND number <= ?",
          arguments: [name, RegistryEvent.Kind.registered.rawValue, event]))
    }
  }
}
