/// Places in one piece of memory for values that live for a time: values that are never alive at the same time may
/// lie in the same place.
///
/// The largest value is placed first, each at the lowest place that is free during its whole life (Pisarchyk and Lee,
/// "Efficient Memory Management for Deep Neural Net Inference", 2020, greedy by size).
package struct ArenaLayout: Equatable, Sendable {
  /// A value, by what it needs.
  package struct Value: Equatable, Sendable {
    /// Elements.
    package var count: Int
    /// From the step that writes it to the last that reads it, in the plan's own counting.
    package var lifetime: ClosedRange<Int>

    package init(count: Int, lifetime: ClosedRange<Int>) {
      self.count = count
      self.lifetime = lifetime
    }
  }

  /// Where each value starts, in elements, in the order of the values; on 64-byte boundaries.
  package let offsets: [Int]
  /// Elements of the whole arena.
  package let count: Int

  package init(_ values: [Value]) {
    var offsets = [Int](repeating: 0, count: values.count)
    var placed: [Int] = []
    var end = 0
    let bySize = values.indices.sorted { (-values[$0].count, $0) < (-values[$1].count, $1) }
    for index in bySize {
      let value = values[index]
      var offset = 0
      let neighbours = placed.filter { values[$0].lifetime.overlaps(value.lifetime) }
        .sorted { offsets[$0] < offsets[$1] }
      for neighbour in neighbours {
        if offset + value.count <= offsets[neighbour] { break }
        offset = max(offset, offsets[neighbour] + Self.aligned(values[neighbour].count))
      }
      offsets[index] = offset
      placed.append(index)
      end = max(end, offset + Self.aligned(value.count))
    }
    self.offsets = offsets
    count = end
  }

  private static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}

/// Where a step of a plan finds or puts a value.
enum Place: Equatable, Sendable {
  /// The caller's input; never written.
  case caller
  /// The memory the caller wants the result in.
  case result
  /// In the arena: the value's number while a plan is made, its offset in elements afterwards.
  case arena(Int)
}

/// The values of a plan in the making.
struct PlannedValues {
  private(set) var values: [ArenaLayout.Value] = []

  mutating func add(count: Int, at time: Int) -> Place {
    values.append(.init(count: count, lifetime: time...time))
    return .arena(values.count - 1)
  }

  /// A value lives on until a time; the caller's memory needs no care.
  mutating func use(_ place: Place, at time: Int) {
    guard case .arena(let number) = place else { return }
    let lifetime = values[number].lifetime
    values[number].lifetime = min(lifetime.lowerBound, time)...max(lifetime.upperBound, time)
  }
}

extension ArenaLayout {
  /// The place with its value's number replaced by its offset.
  func resolved(_ place: Place) -> Place {
    if case .arena(let number) = place { .arena(offsets[number]) } else { place }
  }
}
