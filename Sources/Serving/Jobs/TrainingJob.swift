import Foundation

/// A training that the server runs for somebody, as a process of its own.
public struct TrainingJob: Codable, Equatable, Sendable {
  /// Whether a training runs, or how it ended.
  public enum State: String, Codable, Sendable, CaseIterable {
    /// Its process runs; ended with exit code 0; ended otherwise or did not start; was ended by somebody.
    case running, finished, failed, cancelled
    /// The server ended before the training did.
    case interrupted
  }

  /// 32 hexadecimal digits.
  public var id: String
  /// `running` from the beginning.
  public var state: State
  /// What was set over `params.yaml`.
  public var parameters: [String: String]
  /// Whether it goes on from the last checkpoint.
  public var resumes: Bool
  /// The name of the token that asked for it.
  public var by: String
  /// When it was asked for, in whole milliseconds once it is kept.
  public var started: Date
  /// Nil while it runs.
  public var ended: Date?
  /// The run that it records, once it has said so.
  public var run: String?
  /// What it said last, at most `lineLimit` lines, the oldest first.
  public var lines: [String]

  /// More lines of a job are not kept: the oldest goes.
  public static let lineLimit = 200
  /// Characters of a line; what is behind them is neither kept nor told.
  public static let lineLength = 500

  /// The run in a line such as `Run 3f9a01c2; 'nefro runs show 3f9a01c2' tells all of it.`
  static func run(in line: String) -> String? {
    line.firstMatch(of: /^Run ([0-9a-f]{8,32});/).map { String($0.1) }
  }
}

/// What happens to a job, for those who watch.
enum JobEvent: Sendable {
  case line(String)
  /// Nothing comes after it.
  case ended(TrainingJob)
  /// So that a connection that has gone is noticed.
  case pulse
}
