/// max(0, x); what is not a number stays so.
///
/// - Parameters:
///   - input: `count` elements, Float32.
///   - output: Overwritten; may be `input`.
public func relu(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int, pool: ThreadPool) {
  forEachRange(count, pool) { first, lanes in
    store(rectified(load(input + first, lanes)), output + first, lanes)
  }
}

/// The gradient of `relu`: passes where the result is above zero.
///
/// - Parameters:
///   - output: What `relu` gave.
///   - outputGradient: `count` elements, Float32.
///   - inputGradient: Overwritten; may be `outputGradient`.
public func reluGradient(
  output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
  count: Int, pool: ThreadPool
) {
  forEachRange(count, pool) { first, lanes in
    let passes = load(output + first, lanes) .> Vector()
    let gradient = Vector().replacing(with: load(outputGradient + first, lanes), where: passes)
    store(gradient, inputGradient + first, lanes)
  }
}

private func forEachRange(_ count: Int, _ pool: ThreadPool, _ body: (_ first: Int, _ lanes: Int) -> Void) {
  let size = 16_384
  pool.run(count: (count + size - 1) / size) { index, _ in
    let end = min(count, (index + 1) * size)
    var first = index * size
    while first < end {
      body(first, min(8, end - first))
      first += 8
    }
  }
}
