import Foundation

/// Some durations of the same thing, in milliseconds.
struct Measurement: Codable {
  var milliseconds: [Double]

  var median: Double { quantile(0.5) }

  /// Between the nearest two, linearly.
  func quantile(_ part: Double) -> Double {
    let sorted = milliseconds.sorted()
    let place = part * Double(sorted.count - 1)
    let (below, above) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
    return below + (above - below) * (place - place.rounded(.down))
  }

  /// "12.3 ms (11.9 to 13.0)": the median and the middle half.
  var text: String {
    "\(Self.text(median)) ms (\(Self.text(quantile(0.25))) to \(Self.text(quantile(0.75))))"
  }

  static func text(_ number: Double) -> String {
    String(format: number < 10 ? "%.2f" : "%.1f", number)
  }
}

/// - Returns: how long `body` took, in milliseconds.
func milliseconds<Result>(_ body: () throws -> Result) rethrows -> (duration: Double, result: Result) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try body()
  return ((clock.now - start) / .milliseconds(1), result)
}

/// - Parameters:
///   - repetitions: that are measured.
///   - warmUps: that are made before and not measured.
///   - share: what a duration is divided by, such as the number of pictures.
func measure(
  repetitions: Int, warmUps: Int = 1, share: Int = 1, _ body: () throws -> Void
) rethrows -> Measurement {
  for _ in 0..<warmUps { try body() }
  return Measurement(
    milliseconds: try (0..<repetitions).map { _ in try milliseconds(body).duration / Double(share) })
}

/// Makes `peakMemory` count anew, where the system can.
func forgetPeakMemory() {
  try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
}

/// The most memory this process has held since `forgetPeakMemory`, in MiB; nil where the system does not tell.
func peakMemory() -> Double? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
  else { return nil }
  return kibibytes / 1024
}

/// Prints a value as one line of JSON, at once.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
  fflush(nil)
}
