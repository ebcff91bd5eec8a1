/// Turns byte counts into progress reports: seldom enough for a terminal, with a rate over the last seconds.
package final class ProgressMeter {
  private let clock: TransferClock
  private let report: (@Sendable (DownloadProgress) -> Void)?
  private var samples: [(time: Duration, bytes: Int64)] = []
  private var lastReport: Duration?

  private static let interval = Duration.milliseconds(100)
  private static let window = Duration.seconds(5)

  package init(clock: TransferClock, report: (@Sendable (DownloadProgress) -> Void)?) {
    self.clock = clock
    self.report = report
  }

  /// A new stretch of bytes begins: what came before says nothing about its rate.
  package func begin(at bytes: Int64, of total: Int64?) {
    guard report != nil else { return }
    samples = [(clock.now(), bytes)]
    send(bytes, total)
  }

  package func advance(to bytes: Int64, of total: Int64?) {
    guard report != nil else { return }
    let now = clock.now()
    if let lastReport, now - lastReport < Self.interval { return }
    samples.append((now, bytes))
    while samples.count > 2, now - samples[1].time > Self.window { samples.removeFirst() }
    send(bytes, total)
  }

  /// The last report of a download that arrived whole.
  package func end(at bytes: Int64) {
    guard report != nil else { return }
    samples.append((clock.now(), bytes))
    send(bytes, bytes)
  }

  private func send(_ bytes: Int64, _ total: Int64?) {
    lastReport = clock.now()
    var rate: Double?
    if let first = samples.first, let last = samples.last, last.time > first.time {
      rate = Double(last.bytes - first.bytes) / ((last.time - first.time) / .seconds(1))
    }
    report?(DownloadProgress(bytes: bytes, total: total, bytesPerSecond: rate))
  }
}
