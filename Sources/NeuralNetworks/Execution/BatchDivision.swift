/// How a chain of layers is run over a batch within a memory budget.
///
/// The early layers of a picture network are wide and have few weights, the late ones are small and have many: those
/// run best on few samples at a time, these on many. So the chain is cut into groups of layers. A group runs over its
/// part of the batch in chunks; for each chunk the group below first fills this group's input, in smaller chunks of
/// its own.
///
/// For VGG-16 at 224 x 224, a batch of 16 and 32 MiB: chunks of 1, 2, 4, 8 and 16 for its five blocks.
package struct BatchDivision {
  package struct Group: Equatable {
    /// Layers, as positions in the chain.
    package let layers: Range<Int>
    /// The most samples that run at once.
    package let chunk: Int
  }

  package let groups: [Group]

  /// - Parameters:
  ///   - sizes: elements of one sample before each layer and after the last; one more than there are layers.
  ///   - batch: the number of samples.
  ///   - budget: bytes for a layer's input and output together.
  package init(sizes: [Int], batch: Int, budget: Int) {
    precondition(sizes.count >= 2 && batch > 0)
    let ranges = Self.ranges(sizes: sizes, capacities: Self.capacities(sizes: sizes, budget: budget))
    // From the last group down, since a group's samples are the chunk of the one above it.
    var groups: [Group] = []
    var samples = batch
    for range in ranges.reversed() {
      samples = Self.balanced(samples, most: range.capacity)
      groups.insert(Group(layers: range.layers, chunk: samples), at: 0)
    }
    self.groups = groups
  }

  /// The samples each layer can take at once, never more than a layer above it can.
  private static func capacities(sizes: [Int], budget: Int) -> [Int] {
    var capacities: [Int] = []
    var least = Int.max / 2
    for layer in (0..<sizes.count - 1).reversed() {
      let bytes = (sizes[layer] + sizes[layer + 1]) * MemoryLayout<Float>.stride
      least = min(least, max(1, budget / bytes))
      capacities.append(least)
    }
    return capacities.reversed()
  }

  /// Cuts the chain where twice the samples fit, but not before a layer that shrinks what passes between groups.
  private static func ranges(sizes: [Int], capacities: [Int]) -> [(layers: Range<Int>, capacity: Int)] {
    var ranges: [(layers: Range<Int>, capacity: Int)] = []
    var start = 0
    for layer in capacities.indices.dropFirst()
    where capacities[layer] >= 2 * capacities[start] && sizes[layer] <= sizes[layer + 1] {
      ranges.append((start..<layer, capacities[start]))
      start = layer
    }
    ranges.append((start..<capacities.count, capacities[start]))
    return ranges
  }

  /// The size of the largest of as few and as equal parts of `samples` as can be had, each at most `most`.
  static func balanced(_ samples: Int, most: Int) -> Int {
    let parts = (samples + most - 1) / most
    return (samples + parts - 1) / parts
  }
}
