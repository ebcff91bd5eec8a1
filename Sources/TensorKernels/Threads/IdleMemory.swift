/// A piece of memory that can wait for its next use.
package protocol IdleMemory {
  /// Elements that it has room for.
  var count: Int { get }
}

extension Array where Element: IdleMemory {
  /// Takes out a piece for `count` elements.
  ///
  /// - Returns: the smallest that is large enough; if there is none, the largest that is too small, in whose place the
  ///   caller makes a new one. So there are never more pieces than users at one time have needed.
  package mutating func take(count: Int) -> (fitting: Element?, outgrown: Element?) {
    let fitting = indices.filter { self[$0].count >= count }
    if let smallest = fitting.min(by: { self[$0].count < self[$1].count }) { return (remove(at: smallest), nil) }
    if let largest = indices.max(by: { self[$0].count < self[$1].count }) { return (nil, remove(at: largest)) }
    return (nil, nil)
  }
}
