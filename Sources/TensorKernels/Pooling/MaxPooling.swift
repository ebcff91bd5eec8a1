/// The maximum of each window; padding is never a maximum.
///
/// - Parameters:
///   - input: Shape: [batch, inputHeight, inputWidth, channels], Float32.
///   - output: Shape: [batch, outputHeight, outputWidth, channels], Float32; overwritten.
public func maxPool(
  shape: PoolingShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int, pool: ThreadPool
) {
  pool.run(count: batch * shape.outputHeight) { index, _ in
    let picture = input + index / shape.outputHeight * shape.inputCount
    let rows = shape.inputRows(index % shape.outputHeight)
    var target = output + index * shape.outputWidth * shape.channels
    for column in 0..<shape.outputWidth {
      let columns = shape.inputColumns(column)
      forEachVector(shape.channels) { channel, lanes in
        var best = Vector(repeating: -.infinity)
        for y in rows {
          var source = picture + (y * shape.inputWidth + columns.lowerBound) * shape.channels + channel
          for _ in columns {
            best = larger(best, load(source, lanes))
            source += shape.channels
          }
        }
        store(best, target + channel, lanes)
      }
      target += shape.channels
    }
  }
}

/// The gradient of `maxPool`: each result's gradient goes to the first maximum of its window, row by row.
///
/// - Parameters:
///   - input: What `maxPool` was given.
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, channels], Float32.
///   - inputGradient: Shape of `input`; overwritten.
public func maxPoolGradient(
  shape: PoolingShape, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  inputGradient: UnsafeMutablePointer<Float>, batch: Int, pool: ThreadPool
) {
  forEachChannelGroup(shape, batch, pool) { picture, channel, lanes in
    let source = input + picture * shape.inputCount + channel
    let gradient = inputGradient + picture * shape.inputCount + channel
    var given = outputGradient + picture * shape.outputCount + channel
    clear(gradient, shape, lanes)
    for row in 0..<shape.outputHeight {
      let rows = shape.inputRows(row)
      for column in 0..<shape.outputWidth {
        let columns = shape.inputColumns(column)
        var best = Vector(repeating: -.infinity)
        var place = SIMD8<Int32>(repeating: -1)
        for y in rows {
          for x in columns {
            let offset = y * shape.inputWidth + x
            let value = load(source + offset * shape.channels, lanes)
            // The first position is taken whatever it holds, or a window without a number would lose its gradient.
            let isBetter = (value .> best) .| (place .< 0)
            best.replace(with: value, where: isBetter)
            place.replace(with: Int32(truncatingIfNeeded: offset), where: isBetter)
          }
        }
        let share = load(given, lanes)
        for y in rows {
          for x in columns {
            let offset = y * shape.inputWidth + x
            let target = gradient + offset * shape.channels
            let isPlace = place .== Int32(truncatingIfNeeded: offset)
            store(load(target, lanes) + Vector().replacing(with: share, where: isPlace), target, lanes)
          }
        }
        given += shape.channels
      }
    }
  }
}
