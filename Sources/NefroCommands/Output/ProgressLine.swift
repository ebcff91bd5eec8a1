import Foundation

/// Progress on standard error: one line that is drawn over on a terminal, a line now and then elsewhere.
///
/// Each phase shows how much is done, the rate and the time left.
package final class ProgressLine: @unchecked Sendable {
  private let lock = NSLock()
  private let isTerminal: Bool
  private let now: () -> Double
  private let write: (String) -> Void
  private var phase = ""
  private var started = 0.0
  private var doneAtStart = 0
  private var lastShown = -Double.infinity
  private var isDrawn = false

  /// Seconds between two drawings.
  private var interval: Double { isTerminal ? 0.1 : 10 }

  /// - Parameters:
  ///   - now: a clock in seconds.
  ///   - write: where text goes.
  package init(
    isTerminal: Bool = isatty(STDERR_FILENO) == 1,
    now: @escaping () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
    write: @escaping (String) -> Void = writeToStandardError
  ) {
    self.isTerminal = isTerminal
    self.now = now
    self.write = write
  }

  /// Shows how far a phase is.
  ///
  /// - Parameters:
  ///   - name: the phase; a new name starts a new line.
  ///   - unit: what is counted, such as "images" or "MB".
  package func show(_ name: String, done: Int, total: Int?, unit: String) {
    lock.withLock {
      let time = now()
      if name != phase {
        endLine()
        phase = name
        started = time
        doneAtStart = done
        // A phase that ends at once needs no line elsewhere than on a terminal.
        lastShown = isTerminal ? -.infinity : time
      }
      let isEnd = done == total
      guard time - lastShown >= interval || (isEnd && (isTerminal || time - started >= interval)) else { return }
      lastShown = time
      let text = Self.text(name, done: done, total: total, unit: unit, seconds: time - started, fresh: done - doneAtStart)
      if isTerminal {
        write("\r\u{1B}[K" + text)
        isDrawn = true
        if isEnd { endLine() }
      } else {
        write(text + "\n")
      }
    }
  }

  /// A line of its own that stays.
  package func note(_ text: String) {
    lock.withLock {
      endLine()
      phase = ""
      write(text + "\n")
    }
  }

  private func endLine() {
    if isDrawn { write("\n") }
    isDrawn = false
  }

  static func text(_ name: String, done: Int, total: Int?, unit: String, seconds: Double, fresh: Int) -> String {
    var text = name + "  "
    if let total, total > 0 {
      let cells = 20
      let filled = min(cells, done * cells / total)
      text += "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled) + "] "
      text += "\(done)/\(total) \(unit)"
    } else {
      text += "\(done) \(unit)"
    }
    guard seconds > 0, fresh > 0 else { return text }
    let rate = Double(fresh) / seconds
    text += String(format: rate < 10 ? "  %.1f %@/s" : "  %.0f %@/s", rate, unit as NSString)
    if let total, done < total { text += "  \(duration(Double(total - done) / rate)) left" }
    return text
  }

  package static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
  }
}
