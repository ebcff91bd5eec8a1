import Foundation

/// Results go to standard output, everything else to standard error.
enum Terminal {
  static func standardError(_ text: String) { write(text, to: STDERR_FILENO) }
  static func standardOutput(_ text: String) { write(text, to: STDOUT_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written < 0 && errno != EINTR { return }
      bytes = bytes.dropFirst(max(written, 0))
    }
  }
}

package func writeToStandardError(_ text: String) { Terminal.standardError(text) }
