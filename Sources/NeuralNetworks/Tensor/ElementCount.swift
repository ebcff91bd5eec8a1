/// The number of elements of a tensor of a shape.
///
/// - Returns: nil if a dimension is negative or the product does not fit, taken from left to right.
package func elementCount(of shape: [Int]) -> Int? {
  var count = 1
  for dimension in shape {
    guard dimension >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
    if overflow { return nil }
    count = product
  }
  return count
}
