import Digests
import Evaluation
import Foundation

/// What a run did.
public enum RunKind: String, Codable, Sendable, CaseIterable {
  case train, evaluate, pipeline, sweep
  /// Stages of a pipeline, its children as its training and evaluation are.
  case ingest, prepare
  /// One point of a sweep: a child of it.
  case trial
  /// Registering a model that no run here has made.
  case register
}

/// How far a run is.
public enum RunStatus: String, Codable, Sendable, CaseIterable {
  case running, finished, failed
  /// Its process ended without a word, or the person stopped it; it can be resumed.
  case interrupted
}

/// The row of a run, without what it recorded.
public struct Run: Equatable, Sendable, Codable, Identifiable {
  public var id: RunID
  public var name: String
  public var kind: RunKind
  /// The run that this one is a part of: a pipeline of its stages, a sweep of its trials.
  public var parent: RunID?
  public var status: RunStatus
  public var started: Date
  /// Nil while it runs. For an interrupted run, when its process last wrote something.
  public var ended: Date?
  /// Why it failed, as the person was told.
  public var failure: String?

  /// Seconds from start to end; nil while it runs.
  public var duration: Double? { ended.map { $0.timeIntervalSince(started) } }
}

/// One value of a metric that changes while a run goes on, such as the loss of an epoch. It is an estimate of a moment,
/// not a result: results are `figures`, with intervals.
public struct MetricPoint: Equatable, Sendable, Codable {
  public var key: String
  /// Counted from 1 for epochs.
  public var step: Int
  public var time: Date
  /// May be infinite or NaN.
  public var value: Double

  /// - Parameters: see the properties of these names.
  public init(key: String, step: Int, time: Date, value: Double) {
    self.key = key
    self.step = step
    self.time = time
    self.value = value
  }
}

/// A file that a run left, by content.
public struct RunArtifact: Equatable, Sendable, Codable {
  /// What lies below it is never sent to a server: it names pictures, and a name can be a patient's.
  public static let privateFolder = "private/"
  /// The path of the model that a run has made.
  public static let model = "model/model.safetensors"

  /// Such as `model/model.safetensors`: names with `/` between them.
  public var path: String
  public var digest: ContentDigest
  public var bytes: Int64

  /// - Parameters: see the properties of these names.
  public init(path: String, digest: ContentDigest, bytes: Int64) {
    self.path = path
    self.digest = digest
    self.bytes = bytes
  }
}

/// A run with all that it recorded.
public struct RunDetails: Equatable, Sendable, Codable {
  public var run: Run
  public var parameters: [String: String]
  /// What else is known of it: digests of data, split, base weights, preprocessing and program, commit, machine, seed,
  /// durations in seconds, peak memory in bytes.
  public var tags: [String: String]
  /// Final metrics with intervals, such as `auc`.
  public var figures: [String: Metric]
  /// In the order they were recorded.
  public var history: [MetricPoint]
  public var artifacts: [RunArtifact]
}
