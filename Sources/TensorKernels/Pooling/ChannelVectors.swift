/// Calls `body` for each vector of eight channels, the last one with fewer lanes.
@inline(__always)
func forEachVector(_ channels: Int, _ body: (_ channel: Int, _ lanes: Int) -> Void) {
  var channel = 0
  while channel < channels {
    body(channel, min(8, channels - channel))
    channel += 8
  }
}

/// Calls `body` for each picture and each vector of eight channels: overlapping windows add to the same
/// pixel, so one worker has all windows of a channel.
func forEachChannelGroup(
  _ shape: PoolingShape, _ batch: Int, _ pool: ThreadPool,
  _ body: (_ picture: Int, _ channel: Int, _ lanes: Int) -> Void
) {
  let groups = (shape.channels + 7) / 8
  pool.run(count: batch * groups) { index, _ in
    let channel = index % groups * 8
    body(index / groups, channel, min(8, shape.channels - channel))
  }
}

func clear(_ gradient: UnsafeMutablePointer<Float>, _ shape: PoolingShape, _ lanes: Int) {
  for pixel in 0..<shape.inputHeight * shape.inputWidth {
    store(Vector(), gradient + pixel * shape.channels, lanes)
  }
}

@inline(__always)
func load(_ source: UnsafePointer<Float>, _ lanes: Int) -> Vector {
  lanes == 8 ? load(source) : loadPartial(source, lanes)
}

@inline(__always)
func store(_ vector: Vector, _ target: UnsafeMutablePointer<Float>, _ lanes: Int) {
  if lanes == 8 { store(vector, target) } else { storePartial(vector, target, lanes) }
}
