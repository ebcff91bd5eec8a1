import Foundation
import LocalFiles

/// Results go to standard output, everything else to standard error.
enum Terminal {
  static func standardError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// - Throws: `LocalFileError` if a result cannot be written, such as to a full disk.
  static func standardOutput(_ text: String) throws {
    let code = write(text, to: STDOUT_FILENO)
    if code != 0 { throw LocalFileError.writing("standard output", code: code) }
  }

  /// - Returns: 0, or the system's error number.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written < 0 && errno != EINTR { return errno }
      bytes = bytes.dropFirst(max(written, 0))
    }
    return 0
  }
}

package func writeToStandardError(_ text: String) { Terminal.standardError(text) }

extension Terminal {
  /// Columns of the terminal that results go to; `COLUMNS` where they go elsewhere, else 120.
  static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 20 ? $0 : nil } ?? 120
  }
}
