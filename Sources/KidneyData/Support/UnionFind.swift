/// Disjoint sets of 0..<count (Tarjan 1975): joins are cheap, in any order.
package struct UnionFind {
  private var parent: [Int]

  package init(count: Int) { parent = Array(0..<count) }

  /// The set's representative.
  package mutating func find(_ element: Int) -> Int {
    var root = element
    while parent[root] != root { root = parent[root] }
    var next = element
    while parent[next] != root { (parent[next], next) = (root, parent[next]) }
    return root
  }

  /// - Returns: false if both were in one set already.
  @discardableResult package mutating func join(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (find(first), find(second))
    guard a != b else { return false }
    parent[max(a, b)] = min(a, b)
    return true
  }
}
