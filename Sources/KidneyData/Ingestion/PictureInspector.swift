import Digests
import Foundation
import MedicalImages

/// Reads one file of a source once: digest, size and mode if it is a readable picture, the reason if not.
enum PictureInspector {
  enum Verdict: Sendable {
    case picture(PictureRecord, content: Data)
    case setAside(SetAside)
  }

  /// - Parameters:
  ///   - path: the record's path.
  ///   - limits: a file beyond them is set aside.
  static func inspect(
    _ file: URL, candidate: ClassFolders.Candidate, path: String, limits: PictureLimits
  ) -> Verdict {
    do {
      let content = try contents(of: file, name: candidate.sourcePath, limits: limits)
      let information = try PictureReader.decode(content, name: candidate.sourcePath, limits: limits).information
      return .picture(
        PictureRecord(
          path: path, className: candidate.className, byteCount: content.count, sha256: ContentDigest(of: content),
          width: information.width, height: information.height, mode: information.mode),
        content: content)
    } catch let error as MedicalImageError {
      return .setAside(SetAside(path: candidate.sourcePath, reason: error.description))
    } catch {
      return .setAside(SetAside(path: candidate.sourcePath, reason: "It cannot be read: \(error.localizedDescription)"))
    }
  }

  /// A device or a pipe, which could block or never end, is not opened.
  private static func contents(of file: URL, name: String, limits: PictureLimits) throws -> Data {
    var status = stat()
    guard stat(file.path, &status) == 0 else {
      throw MedicalImageError.unreadable(name: name, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw MedicalImageError.unreadable(name: name, reason: "it is not a regular file")
    }
    guard Int(status.st_size) <= limits.maximumFileBytes else {
      throw MedicalImageError.fileTooLarge(name: name, bytes: Int(status.st_size), limit: limits.maximumFileBytes)
    }
    return try Data(contentsOf: file)
  }
}
