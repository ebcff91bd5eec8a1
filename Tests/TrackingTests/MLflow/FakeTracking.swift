import Foundation
import LoopbackServers
import Synchronization

/// As much of a tracking service as a run needs, in memory: like DagsHub's it wants Basic credentials, tells no version
/// and has no registry.
final class FakeTracking: Sendable {
  struct Run: Sendable {
    var id: String
    var tags: [String: String] = [:]
    var parameters: [String: String] = [:]
    /// Each point as it came: key, step, value.
    var points: [String] = []
    /// Their times, in Unix milliseconds.
    var times: [Int64] = []
    var status = "RUNNING"
  }

  struct State: Sendable {
    var runs: [Run] = []
    var files: [String: Int] = [:]
    var calls: [String] = []
  }

  let state = Mutex(State())
  let password: String
  let artifacts: String

  init(password: String = "pw", artifacts: String = "mlflow-artifacts:/1") {
    self.password = password
    self.artifacts = artifacts
  }

  var runs: [Run] { state.withLock { $0.runs } }

  func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    let expected = "Basic \(Data("ana:\(password)".utf8).base64EncodedString())"
    guard request.header("authorization") == expected else { return .json("{}", .unauthorized) }
    let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
    let call = request.path.components(separatedBy: "/api/2.0/mlflow/").last ?? ""
    state.withLock { $0.calls.append(call) }
    let id = body["run_id"] as? String ?? request.query["run_id"] ?? ""
    switch call {
    case "experiments/get-by-name": return .json("{\"experiment\":{\"experiment_id\":\"1\",\"name\":\"nefro\"}}")
    case "runs/search": return .json(object(["runs": runs.map(shown)]))
    case "runs/get":
      guard let run = runs.first(where: { $0.id == id }) else {
        return .json("{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}", .notFound)
      }
      return .json(object(["run": shown(run)]))
    case "runs/create":
      let run = Run(id: "r\(runs.count)", tags: Self.entries(body["tags"]))
      state.withLock { $0.runs.append(run) }
      return .json(object(["run": shown(run)]))
    case "runs/log-batch":
      let points = (body["metrics"] as? [[String: Any]] ?? []).map { "\($0["key"]!) \($0["step"]!) \($0["value"]!)" }
      let times = (body["metrics"] as? [[String: Any]] ?? []).map { ($0["timestamp"] as? NSNumber)?.int64Value ?? 0 }
      change(id) {
        $0.points += points
        $0.times += times
        $0.parameters.merge(Self.entries(body["params"])) { $1 }
        $0.tags.merge(Self.entries(body["tags"])) { $1 }
      }
      return .json("{}")
    case "metrics/get-history":
      let key = request.query["metric_key"] ?? ""
      let points = runs.filter { $0.id == id }.flatMap { zip($0.points, $0.times) }.compactMap { point, time in
        let parts = point.split(separator: " ")
        return parts[0] == key
          ? ["key": key, "step": Int(parts[1]) ?? 0, "value": Double(parts[2]) ?? 0, "timestamp": time] as [String: Any]
          : nil
      }
      return .json(object(["metrics": points]))
    case "runs/update":
      let status = body["status"] as? String ?? ""
      change(id) { $0.status = status }
      return .json("{}")
    case "runs/log-inputs", "runs/log-model": return .json("{}")
    case let path where path.contains("/mlflow-artifacts/artifacts/"):
      state.withLock { $0.files[path.components(separatedBy: "/artifacts/").last ?? "", default: 0] += 1 }
      return .json("{}")
    default: return .page("<html><title>Not here</title>", .notFound)
    }
  }

  private func change(_ id: String, _ body: (inout Run) -> Void) {
    state.withLock { state in
      if let index = state.runs.firstIndex(where: { $0.id == id }) { body(&state.runs[index]) }
    }
  }

  private static func entries(_ value: Any?) -> [String: String] {
    let pairs = (value as? [[String: String]] ?? []).map { ($0["key"] ?? "", $0["value"] ?? "") }
    return Dictionary(pairs, uniquingKeysWith: { $1 })
  }

  private func shown(_ run: Run) -> [String: Any] {
    func list(_ entries: [String: String]) -> [[String: String]] { entries.map { ["key": $0.key, "value": $0.value] } }
    return [
      "info": [
        "run_id": run.id, "experiment_id": "1", "status": run.status, "artifact_uri": artifacts,
        "lifecycle_stage": "active",
      ],
      "data": ["params": list(run.parameters), "tags": list(run.tags)],
    ]
  }

  private func object(_ value: [String: Any]) -> String {
    (try? JSONSerialization.data(withJSONObject: value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
