import Foundation

/// The real slices that developers may have beside the checkout; they are not part of the project.
///
/// `NEFRO_DATA` names their folder. Without it the folders beside the checkout are tried, and what each has under the name
/// `data`: the first that holds the two-class set is taken.
public enum RealSlices {
  public static let folder: URL? = {
    let files = FileManager.default
    if let named = ProcessInfo.processInfo.environment["NEFRO_DATA"] {
      return files.fileExists(atPath: named) ? URL(filePath: named) : nil
    }
    let beside = try? files.contentsOfDirectory(
      at: packageRoot.deletingLastPathComponent(), includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    return (beside ?? []).sorted { $0.path < $1.path }
      .flatMap { [$0, $0.appending(path: "data")] }
      .first { files.fileExists(atPath: $0.appending(path: twoClassName).path) }
  }()

  private static let twoClassName = "kidney-ct-two-class"

  public static var twoClass: URL? { existing(twoClassName) }
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
