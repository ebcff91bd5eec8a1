import Foundation
import Logging

/// Writes each log line as one JSON object, for programs that gather logs.
public struct JSONLineLogHandler: LogHandler {
  /// Fields of every line; a field of the line itself replaces one of the same name.
  public var metadata: Logger.Metadata = [:]
  /// The least severe level that is written.
  public var logLevel: Logger.Level
  private let clock: @Sendable () -> Date
  private let write: @Sendable (String) -> Void

  /// - Parameter write: gets a line with its end.
  public init(
    level: Logger.Level = .info, clock: @escaping @Sendable () -> Date = { Date() },
    write: @escaping @Sendable (String) -> Void
  ) {
    logLevel = level
    self.clock = clock
    self.write = write
  }

  /// One field of every line, by its name; nil where there is none.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line: `time` (ISO 8601, UTC), `level`, `message` and the metadata, all as texts.
  ///
  /// Of an event's error it holds the type alone: the text could hold what a client sent.
  public func log(event: LogEvent) {
    var fields: [String: String] = [:]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
      fields[key == "hb.request.id" ? "request" : key] = "\(value)"
    }
    if let error = event.error { fields["error"] = String(reflecting: type(of: error)) }
    fields["time"] = timestamp(clock())
    fields["level"] = event.level.rawValue
    fields["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(fields) else { return }
    write(String(decoding: data, as: UTF8.self) + "\n")
  }
}
