import Dispatch
import Inference
import MedicalImages
import Synchronization

/// Gathers the pictures of all requests into passes through the network.
///
/// While a pass runs, what comes in waits and shares the next one: no request waits for company. Pictures are taken from
/// the requests in turn, so that one slice does not wait for somebody's three hundred. One pass runs at a time; it uses
/// every processor.
public final class PredictionQueue: Sendable {
  private let limits: ServingLimits
  private let measurements: ServingMeasurements
  private let state = Mutex(State())
  /// Everything that computes with a network runs here, one after the other.
  private let worker = DispatchQueue(label: "nefro.network", qos: .userInitiated)

  private struct State {
    var jobs: [Job] = []
    var isRunning = false
    var waiting = 0
  }

  /// The pictures of one request.
  private final class Job: Sendable {
    let model: ServedModel
    let pictures: [Picture]
    let progress: Mutex<Progress>

    struct Progress {
      var taken = 0
      var answers: [Answer?]
      var missing: Int
      var continuation: CheckedContinuation<[Answer], any Error>?
    }

    init(_ model: ServedModel, _ pictures: [Picture], _ continuation: CheckedContinuation<[Answer], any Error>) {
      self.model = model
      self.pictures = pictures
      progress = Mutex(
        Progress(
          answers: Array(repeating: nil, count: pictures.count), missing: pictures.count, continuation: continuation))
    }
  }

  package init(limits: ServingLimits, measurements: ServingMeasurements) {
    self.limits = limits
    self.measurements = measurements
  }

  /// Pictures that wait for a pass.
  package var waiting: Int { state.withLock { $0.waiting } }

  /// Whether one more request may come.
  var hasRoom: Bool { waiting < limits.waitingPictures }

  /// - Parameter pictures: at least one.
  /// - Returns: their answers, in order, all by `model`.
  /// - Throws: what the model throws.
  package func answers(for pictures: [Picture], by model: ServedModel) async throws -> [Answer] {
    precondition(!pictures.isEmpty, "a request has pictures")
    return try await withCheckedThrowingContinuation { continuation in
      let starts = state.withLock { state in
        state.jobs.append(Job(model, pictures, continuation))
        state.waiting += pictures.count
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if starts { worker.async { [self] in runPasses() } }
    }
  }

  /// Runs other work with a network, between two passes.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await offload(on: worker, work)
  }

  // MARK: -

  private struct Place {
    var job: Job
    var index: Int
  }

  /// One pass, then the rest as new work, so that explanations come between passes.
  private func runPasses() {
    let places = state.withLock { state -> [Place] in
      let places = Self.take(limits.batch, from: &state.jobs)
      state.waiting -= places.count
      if places.isEmpty { state.isRunning = false }
      return places
    }
    guard let model = places.first?.job.model else { return }
    let start = ContinuousClock.now
    let result = Result { try model.classifier.answers(for: places.map { $0.job.pictures[$0.index] }) }
    measurements.count(batch: places.count, seconds: (ContinuousClock.now - start) / .seconds(1))
    for (number, place) in places.enumerated() {
      switch result {
      case .success(let answers): Self.deliver(.success(answers[number]), to: place)
      case .failure(let error): Self.deliver(.failure(error), to: place)
      }
    }
    worker.async { [self] in runPasses() }
  }

  /// Takes one picture from each job in turn, of those with the first one's model, until there are enough.
  private static func take(_ most: Int, from jobs: inout [Job]) -> [Place] {
    guard let digest = jobs.first?.model.identity else { return [] }
    var places: [Place] = []
    var others: [Job] = []
    var turn = jobs.filter { job in
      let fits = job.model.identity == digest
      if !fits { others.append(job) }
      return fits
    }
    while places.count < most, !turn.isEmpty {
      let job = turn.removeFirst()
      let (index, isLast) = job.progress.withLock { progress in
        progress.taken += 1
        return (progress.taken - 1, progress.taken == job.pictures.count)
      }
      places.append(Place(job: job, index: index))
      if !isLast { turn.append(job) }
    }
    // Those of another model have waited as long: they come first in the next pass.
    jobs = others + turn
    return places
  }

  private static func deliver(_ result: Result<Answer, any Error>, to place: Place) {
    let resume = place.job.progress.withLock { progress -> (@Sendable () -> Void)? in
      guard let continuation = progress.continuation else { return nil }
      switch result {
      case .failure(let error):
        progress.continuation = nil
        return { continuation.resume(throwing: error) }
      case .success(let answer):
        progress.answers[place.index] = answer
        progress.missing -= 1
        guard progress.missing == 0 else { return nil }
        progress.continuation = nil
        let answers = progress.answers.compactMap { $0 }
        return { continuation.resume(returning: answers) }
      }
    }
    resume?()
  }
}
