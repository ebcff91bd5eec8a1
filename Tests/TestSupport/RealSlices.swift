import Foundation

/// The real slices that developers may have beside the checkout; they are not part of the project.
///
/// `NEFRO_DATA` names their folder; without it `../shared/data` beside the package is tried.
public enum RealSlices {
  public static let folder: URL? = {
    let candidate: URL
    if let named = ProcessInfo.processInfo.environment["NEFRO_DATA"] {
      candidate = URL(filePath: named)
    } else {
      candidate = packageRoot.deletingLastPathComponent().appending(path: "shared/data")
    }
    return FileManager.default.fileExists(atPath: candidate.path) ? candidate : nil
  }()

  public static var twoClass: URL? { existing("kidney-ct-two-class") }
  public static var fourClass: URL? { existing("kidney-ct-four-class") }

  /// What a test says when it is skipped for want of them.
  public static let absent = "SKIPPED, real slices are not here: set NEFRO_DATA to their folder"

  private static func existing(_ name: String) -> URL? {
    guard let url = folder?.appending(path: name), FileManager.default.fileExists(atPath: url.path) else { return nil }
    return url
  }
}

/// The package's own folder, found from this source file.
public let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
