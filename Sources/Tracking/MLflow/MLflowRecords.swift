import Foundation

/// A 64-bit number that MLflow writes as a number or as a text.
package struct WireInteger: Codable, Equatable, Sendable, ExpressibleByIntegerLiteral {
  package var value: Int64
  package init(_ value: Int64) { self.value = value }
  package init(integerLiteral value: Int64) { self.value = value }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int64.self) {
      value = number
    } else if let number = Int64(try container.decode(String.self)) {
      value = number
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no whole number")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

package struct MLflowEntry: Codable, Equatable, Hashable, Sendable {
  package var key: String
  /// Left out by servers where it is empty.
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    key = try container.decode(String.self, forKey: .key)
    value = try container.decodeIfPresent(String.self, forKey: .value) ?? ""
  }
}

/// One point of a metric. Non-finite values travel as the texts `NaN`, `Infinity` and `-Infinity`.
package struct MLflowPoint: Codable, Sendable {
  package var key: String
  package var value: Double
  /// Unix milliseconds.
  package var timestamp: WireInteger
  package var step: WireInteger

  package init(key: String, value: Double, timestamp: Int64, step: Int64) {
    self.key = key
    self.value = value
    self.timestamp = WireInteger(timestamp)
    self.step = WireInteger(step)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    key = try container.decode(String.self, forKey: .key)
    value = try container.decodeIfPresent(Double.self, forKey: .value) ?? 0
    timestamp = try container.decodeIfPresent(WireInteger.self, forKey: .timestamp) ?? 0
    step = try container.decodeIfPresent(WireInteger.self, forKey: .step) ?? 0
  }

  /// What a server tells points apart by. Its database keeps an infinite value as the largest finite one.
  package var identity: Identity {
    let finite =
      value.isInfinite
      ? (value > 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude) : value
    return Identity(
      key: key, timestamp: timestamp.value, step: step.value, bits: value.isNaN ? nil : (finite + 0).bitPattern)
  }

  package struct Identity: Hashable, Sendable {
    package var key: String
    package var timestamp: Int64
    package var step: Int64
    /// Nil for NaN.
    package var bits: UInt64?
  }
}

package struct MLflowRun: Decodable, Sendable {
  package struct Info: Decodable, Sendable {
    package var run_id: String
    package var run_name: String?
    package var experiment_id: String
    package var status: String?
    package var start_time: WireInteger?
    package var end_time: WireInteger?
    package var artifact_uri: String?
    package var lifecycle_stage: String?
  }
  package struct Content: Decodable, Sendable {
    package var metrics: [MLflowPoint]?
    package var params: [MLflowEntry]?
    package var tags: [MLflowEntry]?
  }
  package struct Inputs: Decodable, Sendable {
    package var dataset_inputs: [MLflowDatasetInput]?
  }
  package var info: Info
  package var data: Content?
  package var inputs: Inputs?

  package var tags: [String: String] { Self.dictionary(data?.tags) }
  package var parameters: [String: String] { Self.dictionary(data?.params) }
  package var isDeleted: Bool { info.lifecycle_stage == "deleted" }

  private static func dictionary(_ entries: [MLflowEntry]?) -> [String: String] {
    Dictionary((entries ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}

package struct MLflowDatasetInput: Codable, Equatable, Sendable {
  package struct Dataset: Codable, Equatable, Sendable {
    package var name: String
    /// At most 36 characters.
    package var digest: String
    package var source_type: String
    package var source: String
  }
  package var tags: [MLflowEntry]?
  package var dataset: Dataset
}

package struct MLflowExperiment: Decodable, Sendable {
  package var experiment_id: String
  package var name: String
  package var artifact_location: String?
  package var lifecycle_stage: String?
}

package struct MLflowFile: Decodable, Sendable {
  package var path: String
  package var is_dir: Bool?
  package var file_size: WireInteger?
}

package struct MLflowModelVersion: Decodable, Sendable {
  package var name: String
  package var version: String
  package var current_stage: String?
  package var source: String?
  package var run_id: String?
  package var status: String?
  package var status_message: String?
  package var tags: [MLflowEntry]?
  package var aliases: [String]?

  private enum CodingKeys: String, CodingKey {
    case name, version, current_stage, source, run_id, status, status_message, tags, aliases
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    version =
      try (try? container.decode(String.self, forKey: .version))
      ?? String(container.decode(Int.self, forKey: .version))
    current_stage = try container.decodeIfPresent(String.self, forKey: .current_stage)
    source = try container.decodeIfPresent(String.self, forKey: .source)
    run_id = try container.decodeIfPresent(String.self, forKey: .run_id)
    status = try container.decodeIfPresent(String.self, forKey: .status)
    status_message = try container.decodeIfPresent(String.self, forKey: .status_message)
    tags = try container.decodeIfPresent([MLflowEntry].self, forKey: .tags)
    aliases = try container.decodeIfPresent([String].self, forKey: .aliases)
  }
}
