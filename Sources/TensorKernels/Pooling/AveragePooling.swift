/// The mean of each window; padding is not counted, as in Keras.
///
/// - Parameters:
///   - input: Shape: [batch, inputHeight, inputWidth, channels], Float32.
///   - output: Shape: [batch, outputHeight, outputWidth, channels], Float32; overwritten.
public func averagePool(
  shape: PoolingShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int, pool: ThreadPool
) {
  pool.run(count: batch * shape.outputHeight) { index, _ in
    let picture = input + index / shape.outputHeight * shape.inputCount
    let rows = shape.inputRows(index % shape.outputHeight)
    var target = output + index * shape.outputWidth * shape.channels
    for column in 0..<shape.outputWidth {
      let columns = shape.inputColumns(column)
      let count = Float(max(1, rows.count * columns.count))
      forEachVector(shape.channels) { channel, lanes in
        var sum = Vector()
        for y in rows {
          // One sum a row first: less is lost in large windows.
          var rowSum = Vector()
          var source = picture + (y * shape.inputWidth + columns.lowerBound) * shape.channels + channel
          for _ in columns {
            rowSum += load(source, lanes)
            source += shape.channels
          }
          sum += rowSum
        }
        store(sum / count, target + channel, lanes)
      }
      target += shape.channels
    }
  }
}

/// The gradient of `averagePool`: each result's gradient is shared by the pixels of its window.
///
/// - Parameters:
///   - outputGradient: Shape: [batch, outputHeight, outputWidth, channels], Float32.
///   - inputGradient: Shape: [batch, inputHeight, inputWidth, channels], Float32; overwritten.
public func averagePoolGradient(
  shape: PoolingShape, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>, batch: Int,
  pool: ThreadPool
) {
  forEachChannelGroup(shape, batch, pool) { picture, channel, lanes in
    let gradient = inputGradient + picture * shape.inputCount + channel
    var given = outputGradient + picture * shape.outputCount + channel
    clear(gradient, shape, lanes)
    for row in 0..<shape.outputHeight {
      let rows = shape.inputRows(row)
      for column in 0..<shape.outputWidth {
        let columns = shape.inputColumns(column)
        let share = load(given, lanes) / Float(max(1, rows.count * columns.count))
        for y in rows {
          for x in columns {
            let target = gradient + (y * shape.inputWidth + x) * shape.channels
            store(load(target, lanes) + share, target, lanes)
          }
        }
        given += shape.channels
      }
    }
  }
}
