import BuildInformation
import Foundation
import Inference
import Synchronization

/// What a server counts, for Prometheus.
public final class ServingMeasurements: Sendable {
  private struct RequestKey: Hashable {
    var route: String
    var method: String
    var status: Int
    var order: (String, String, Int) { (route, method, status) }
  }

  private struct DecisionKey: Hashable {
    var decision: String
    var label: String
    var model: String
    var order: (String, String, String) { (decision, label, model) }
  }

  private struct State {
    var requests: [RequestKey: Int] = [:]
    var latencies: [String: Histogram] = [:]
    var batches = Histogram(bounds: [1, 2, 4, 8, 16, 32])
    var decisions: [DecisionKey: Int] = [:]
    var refusals: [String: Int] = [:]
    /// Smoothed seconds of one picture, for Retry-After.
    var secondsOfPicture = 0.1
  }

  private let state = Mutex(State())
  private let started: Date

  package init(started: Date) { self.started = started }

  private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30]

  func count(route: String, method: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.requests[RequestKey(route: route, method: method, status: status), default: 0] += 1
      state.latencies[route, default: Histogram(bounds: Self.bounds)].add(seconds)
    }
  }

  /// - Parameter seconds: that the pass took.
  func count(batch pictures: Int, seconds: Double) {
    state.withLock { state in
      state.batches.add(Double(pictures))
      state.secondsOfPicture = 0.9 * state.secondsOfPicture + 0.1 * seconds / Double(pictures)
    }
  }

  func count(_ answer: Answer, model: Prediction.Model) {
    state.withLock { state in
      let key = DecisionKey(
        decision: answer.decision.rawValue, label: answer.decision == .answered ? answer.label : "",
        model: model.digest.short)
      state.decisions[key, default: 0] += 1
    }
  }

  /// A request that found no room.
  func countRefusal(_ reason: String) { state.withLock { $0.refusals[reason, default: 0] += 1 } }

  /// Seconds after which `waiting` pictures should be done, 1…60.
  package func retryAfter(waiting: Int) -> Int {
    let seconds = state.withLock { $0.secondsOfPicture } * Double(waiting)
    return Int(min(max(seconds.rounded(.up), 1), 60))
  }

  /// What Prometheus reads.
  package func text(queue: Int, capacity: Int, memory: Int, model: Prediction.Model) -> String {
    let state = self.state.withLock { $0 }
    var text = PrometheusText()
    text.begin("nefro_requests_total", .counter, "Requests by route, method and status.")
    for (key, count) in state.requests.sorted(by: { $0.key.order < $1.key.order }) {
      text.sample(
        "nefro_requests_total", Double(count), ["route": key.route, "method": key.method, "status": "\(key.status)"])
    }
    text.begin("nefro_request_seconds", .histogram, "Seconds from a request's header to its answer.")
    for (route, histogram) in state.latencies.sorted(by: { $0.key < $1.key }) {
      text.histogram("nefro_request_seconds", label: ("route", route), histogram)
    }
    text.begin("nefro_queue_pictures", .gauge, "Pictures that wait for the network.")
    text.sample("nefro_queue_pictures", Double(queue))
    text.begin("nefro_queue_capacity_pictures", .gauge, "Pictures that may wait.")
    text.sample("nefro_queue_capacity_pictures", Double(capacity))
    text.begin("nefro_memory_reserved_bytes", .gauge, "Bytes of bodies and pictures of requests under way.")
    text.sample("nefro_memory_reserved_bytes", Double(memory))
    text.begin("nefro_batch_pictures", .histogram, "Pictures that shared a pass through the network.")
    text.histogram("nefro_batch_pictures", label: nil, state.batches)
    text.begin("nefro_decisions_total", .counter, "Answers by decision, label (where it is an answer) and model.")
    for (key, count) in state.decisions.sorted(by: { $0.key.order < $1.key.order }) {
      text.sample(
        "nefro_decisions_total", Double(count), ["decision": key.decision, "label": key.label, "model": key.model])
    }
    text.begin("nefro_refused_total", .counter, "Requests that found no room, by what was full.")
    for (reason, count) in state.refusals.sorted(by: { $0.key < $1.key }) {
      text.sample("nefro_refused_total", Double(count), ["reason": reason])
    }
    text.begin("nefro_model_info", .gauge, "The model that answers.")
    text.sample(
      "nefro_model_info", 1, ["name": model.name, "version": model.version ?? "", "digest": model.digest.hex])
    text.begin("nefro_build_info", .gauge, "This program.")
    text.sample("nefro_build_info", 1, ["version": BuildInformation.current.identity])
    text.begin("process_start_time_seconds", .gauge, "When the server started, in seconds since 1970.")
    text.sample("process_start_time_seconds", started.timeIntervalSince1970)
    if let bytes = Self.residentBytes {
      text.begin("process_resident_memory_bytes", .gauge, "Memory in use, in bytes.")
      text.sample("process_resident_memory_bytes", Double(bytes))
    }
    return text.text
  }

  /// Nil where the system does not tell.
  private static var residentBytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = status.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}
