import Backbones
import NeuralNetworks

extension ONNXGraph {
  /// What a linear head looks at.
  ///
  /// - Parameter outputs: of the base's layers, by name. Shape: [batch, channels, height, width], Float32.
  /// - Returns: Shape: [batch, features], Float32.
  mutating func features(_ extractor: FeatureExtractor, outputs: [String: Value]) -> Value {
    var doubles: [String: Value] = [:]
    let blocks = extractor.blocks.map { block in
      let planes = doubles[block.layer] ?? double(outputs[block.layer]!)
      doubles[block.layer] = planes
      return float(add("Sqrt", atLeast(statistic(block, planes), 0)))
    }
    return add("Concat", blocks, attributes: ["axis": .int(1)], name: "features")
  }

  /// What a gate looks at: `PositionRoots`. Shape: from [batch, channels, height, width] to [batch, channels], Double,
  /// rounded to Float32.
  mutating func roots(of planes: Value) -> Value {
    let mean = mean(double(planes), axes: [2, 3], keep: false)
    return double(float(add("Sqrt", atLeast(mean, 0))))
  }

  /// - Returns: Shape: [batch, block.count], Double.
  private mutating func statistic(_ block: FeatureBlock, _ planes: Value) -> Value {
    switch block.statistic {
    case .mean: return mean(planes, axes: [2, 3], keep: false)
    case .deviation: return deviation(planes)
    case .cellDeviation(let cells): return deviation(cellMeans(block, planes, cells: cells))
    case .cells(let cells): return channelsLast(cellMeans(block, planes, cells: cells))
    case .positions: return channelsLast(planes)
    }
  }

  /// Over the last two axes.
  private mutating func deviation(_ planes: Value) -> Value {
    let centred = difference(planes, mean(planes, axes: [2, 3], keep: true))
    return add("Sqrt", mean(product(centred, centred), axes: [2, 3], keep: false))
  }

  private mutating func channelsLast(_ planes: Value) -> Value {
    add("Flatten", transposed(planes, [0, 2, 3, 1]), attributes: ["axis": .int(1)])
  }

  /// Means over cells as two products with averaging matrices. Shape: [batch, channels, cells, cells].
  private mutating func cellMeans(_ block: FeatureBlock, _ planes: Value, cells: Int) -> Value {
    let rows = constant(block.averaging(block.height, cells: cells), shape: [cells, block.height])
    let columns = constant(block.averaging(block.width, cells: cells), shape: [cells, block.width])
    return add("MatMul", add("MatMul", rows, planes), transposed(columns, [1, 0]))
  }
}

extension Standardization: ONNXExportable {
  package func add(to graph: inout ONNXGraph, input: ONNXGraph.Value) -> ONNXGraph.Value {
    let centred = graph.add("Sub", input, graph.constant(mean.value, name: mean.name))
    return graph.add("Mul", centred, graph.constant(scale.value, name: scale.name), name: name)
  }
}
