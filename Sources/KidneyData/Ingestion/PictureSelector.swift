import ParallelWork
import RandomStreams

/// Which candidates are read, in which order: all of them, or so many of each class drawn at random.
struct PictureSelector {
  /// One queue for each class. A drawn file that turns out to be broken is replaced by the next in its queue.
  private let queues: [[ClassFolders.Candidate]]
  private let perClass: Int?

  /// - Parameter candidates: sorted; the draw depends on a class's name and on its number of files only.
  init(candidates: [ClassFolders.Candidate], selection: PictureSelection) {
    perClass = selection.picturesPerClass
    var groups: [CodePointKey: [ClassFolders.Candidate]] = [:]
    var order: [String] = []
    for candidate in candidates {
      let key = CodePointKey(candidate.className)
      if groups[key] == nil { order.append(candidate.className) }
      groups[key, default: []].append(candidate)
    }
    queues = order.map { name in
      let group = groups[CodePointKey(name)] ?? []
      guard selection.picturesPerClass != nil else { return group }
      var stream = RandomStream(seed: selection.seed, RandomStream.number(of: name))
      return stream.permutation(of: group.count).map { group[$0] }
    }
  }

  /// The number of pictures if none is broken.
  var expectedCount: Int { queues.reduce(0) { $0 + min(perClass ?? $1.count, $1.count) } }

  /// - Parameters:
  ///   - inspect: called on several threads at once.
  ///   - accept: called in order, on the caller's thread.
  func run(
    finished: @escaping @Sendable (Int) -> Void,
    inspect: @Sendable (ClassFolders.Candidate) throws -> PictureInspector.Verdict,
    accept: (ClassFolders.Candidate, PictureInspector.Verdict) -> Void
  ) throws {
    var next = queues.map { _ in 0 }
    var missing = queues.map { min(perClass ?? $0.count, $0.count) }
    var inspected = 0
    while true {
      var round: [(queue: Int, candidate: ClassFolders.Candidate)] = []
      for (index, queue) in queues.enumerated() {
        let end = min(queue.count, next[index] + missing[index])
        round += queue[next[index]..<end].map { (index, $0) }
        next[index] = end
      }
      if round.isEmpty { return }
      let (before, batch) = (inspected, round)
      let verdicts = try parallelMap(batch.count, finished: { finished(before + $0) }) {
        try inspect(batch[$0].candidate)
      }
      inspected += batch.count
      for ((queue, candidate), verdict) in zip(round, verdicts) {
        if case .picture = verdict { missing[queue] -= 1 }
        accept(candidate, verdict)
      }
      if perClass == nil { return }
    }
  }
}
