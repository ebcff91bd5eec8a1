import Foundation
import LoopbackServers
import Synchronization

/// As much of a model registry as a mirrored run needs, in memory, beside `FakeTracking`.
final class FakeRegistry: Sendable {
  struct Version: Sendable {
    var number: Int
    var run: String
    var tags: [String: String]
  }

  let versions = Mutex<[Version]>([])
  /// How many creations do their work without answering.
  private let unanswered: Mutex<Int>
  /// A creation that arrives only with the next one.
  private let late = Mutex<Version?>(nil)

  init(unanswered: Int = 0) { self.unanswered = Mutex(unanswered) }

  /// - Returns: nil for what is no registry's call.
  func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer? {
    let call = request.path.components(separatedBy: "/api/2.0/mlflow/").last ?? ""
    let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
    switch call {
    case "registered-models/create", "registered-models/set-tag", "model-versions/transition-stage": return .json("{}")
    case "registered-models/alias":
      return request.method == "GET" ? .json("{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}", .notFound) : .json("{}")
    case "model-versions/search":
      return .json(text(["model_versions": versions.withLock { $0 }.map(shown)]))
    case "model-versions/delete":
      let number = Int(body["version"] as? String ?? "")
      versions.withLock { $0.removeAll { $0.number == number } }
      return .json("{}")
    case "model-versions/create":
      let entries = (body["tags"] as? [[String: String]] ?? []).map { ($0["key"] ?? "", $0["value"] ?? "") }
      var made = Version(
        number: 0, run: body["run_id"] as? String ?? "", tags: Dictionary(entries, uniquingKeysWith: { $1 }))
      let isLate = unanswered.withLock { count in
        count -= 1
        return count >= 0
      }
      if isLate {
        late.withLock { $0 = made }
        return LoopbackServer.Answer(ending: .unanswered)
      }
      let before = late.withLock { late in
        defer { late = nil }
        return late
      }
      made = versions.withLock { versions in
        for version in [made] + [before].compactMap(\.self) {
          var version = version
          version.number = (versions.map(\.number).max() ?? 0) + 1
          versions.append(version)
        }
        return versions[versions.count - (before == nil ? 1 : 2)]
      }
      return .json(text(["model_version": shown(made)]))
    default: return nil
    }
  }

  private func shown(_ version: Version) -> [String: Any] {
    [
      "name": "kidney", "version": "\(version.number)", "run_id": version.run, "status": "READY",
      "current_stage": "None", "tags": version.tags.map { ["key": $0.key, "value": $0.value] },
    ]
  }

  private func text(_ value: [String: Any]) -> String {
    (try? JSONSerialization.data(withJSONObject: value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
