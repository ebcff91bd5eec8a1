import Digests
import Foundation
import Storage

extension RunStore {
  /// Removes a file that nothing refers to any more. What referred to it must be gone from the disk already: if it came
  /// back after a crash, its file would be missing.
  ///
  /// - Returns: whether it was removed.
  @discardableResult
  func removeIfUnused(_ digest: ContentDigest) throws -> Bool {
    // While the database is held: nobody can begin to refer to it meanwhile.
    try database.write { database in
      let isUsed =
        try Bool.fetchOne(
          database,
          sql: """
            SELECT EXISTS (SELECT 1 FROM artifacts WHERE digest = ?1)
              OR EXISTS (SELECT 1 FROM model_files WHERE digest = ?1)
            """, arguments: [digest.hex]) ?? true
      guard !isUsed else { return false }
      try? FileManager.default.removeItem(at: objects.url(of: digest))
      return true
    }
  }
}
