import RandomStreams

/// Puts whole groups of pictures into parts so that each part has its share of every class, as nearly as groups allow.
///
/// Greedy, largest groups first, then improved by moving and swapping groups until nothing helps (a local search from
/// several random orders; exact balance is a knapsack problem).
struct GroupBalancer {
  /// Pictures of each class in each group. Shape: [groups][classes].
  let counts: [[Int]]
  /// What each part should get; they add up to 1.
  let shares: [Double]

  private let totals: [Double]

  init(counts: [[Int]], shares: [Double]) {
    precondition(!counts.isEmpty && !shares.isEmpty && shares.allSatisfy { $0 > 0 }, "groups and parts to put them in")
    self.counts = counts
    self.shares = shares
    totals = (counts.first ?? []).indices.map { label in Double(counts.reduce(0) { $0 + $1[label] }) }
  }

  /// - Returns: the part of each group.
  func assign(seed: UInt64) -> [Int] {
    let attempts = counts.count <= 200 ? 8 : 2
    var best: (parts: [Int], cost: Double)?
    for attempt in 0..<attempts {
      var stream = RandomStream(seed: seed, RandomStream.number(of: "groups"), UInt64(attempt))
      let candidate = attempted(order: stream.permutation(of: counts.count))
      if best.map({ candidate.cost < $0.cost - 1e-9 }) ?? true { best = candidate }
    }
    return best!.parts
  }

  private func attempted(order: [Int]) -> (parts: [Int], cost: Double) {
    // The order decides among groups of the same size; Swift's sort is not promised to be stable, hence the rank.
    let rank = order.indices.sorted { a, b in
      let (first, second) = (weight(of: order[a]), weight(of: order[b]))
      return first == second ? a < b : first > second
    }
    var state = State(filled: shares.map { _ in totals.map { _ in 0.0 } }, parts: counts.map { _ in -1 })
    for group in rank.map({ order[$0] }) {
      let costs = shares.indices.map { part in
        cost(of: part, in: state, adding: counts[group]) - cost(of: part, in: state)
      }
      let part = costs.indices.min { costs[$0] < costs[$1] }!
      state.put(group, into: part, counts: counts[group])
    }
    improve(&state)
    return (state.parts, shares.indices.reduce(0) { $0 + cost(of: $1, in: state) })
  }

  private struct State {
    /// Pictures so far. Shape: [parts][classes].
    var filled: [[Double]]
    var parts: [Int]

    mutating func put(_ group: Int, into part: Int, counts: [Int]) {
      for (label, count) in counts.enumerated() {
        if parts[group] >= 0 { filled[parts[group]][label] -= Double(count) }
        filled[part][label] += Double(count)
      }
      parts[group] = part
    }
  }

  /// A group's largest share of a class.
  private func weight(of group: Int) -> Double {
    zip(counts[group], totals).reduce(0) { max($0, $1.1 > 0 ? Double($1.0) / $1.1 : 0) }
  }

  /// Squared deviations from the shares, in shares; a class that is missing altogether costs more than any of them.
  private func cost(of part: Int, in state: State, adding extra: [Int]? = nil, removing gone: [Int]? = nil) -> Double {
    var cost = 0.0
    for label in totals.indices where totals[label] > 0 {
      let count = state.filled[part][label] + Double(extra?[label] ?? 0) - Double(gone?[label] ?? 0)
      let deviation = count / totals[label] - shares[part]
      cost += deviation * deviation / shares[part]
      if count < 0.5 { cost += 100 }
    }
    return cost
  }

  private func improve(_ state: inout State) {
    // Swaps cost the square of the number of groups; with very many groups moves balance well enough.
    let swaps = counts.count <= 500
    for _ in 0..<100 {
      var changed = false
      for group in counts.indices {
        changed = move(group, in: &state) || changed
        if swaps { changed = swap(group, in: &state) || changed }
      }
      if !changed { return }
    }
  }

  private func move(_ group: Int, in state: inout State) -> Bool {
    let from = state.parts[group]
    let left = cost(of: from, in: state, removing: counts[group]) - cost(of: from, in: state)
    for part in shares.indices where part != from {
      let change = left + cost(of: part, in: state, adding: counts[group]) - cost(of: part, in: state)
      if change < -1e-9 {
        state.put(group, into: part, counts: counts[group])
        return true
      }
    }
    return false
  }

  private func swap(_ group: Int, in state: inout State) -> Bool {
    for other in counts.indices.dropFirst(group + 1) where state.parts[other] != state.parts[group] {
      let (a, b) = (state.parts[group], state.parts[other])
      let change =
        cost(of: a, in: state, adding: counts[other], removing: counts[group]) - cost(of: a, in: state)
        + cost(of: b, in: state, adding: counts[group], removing: counts[other]) - cost(of: b, in: state)
      if change < -1e-9 {
        state.put(group, into: b, counts: counts[group])
        state.put(other, into: a, counts: counts[other])
        return true
      }
    }
    return false
  }
}
