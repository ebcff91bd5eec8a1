import Backbones
import Foundation
import NeuralNetworks

extension ModelExport {
  /// The model as a `.keras` file that Keras 3 loads without code of ours: from decoded pictures of any one size to
  /// calibrated probabilities.
  ///
  /// Input: shape [batch, height, width, 3], UInt8. Output: shape [batch, classes], Float32. Label, decision and gate
  /// are not part of it; what they need stands in the archive's `nefro.json`.
  ///
  /// - Returns: the file's bytes.
  /// - Throws: `BackboneError.notExportable` for what Keras's layers cannot express, `.noHDF5`, `.changed`.
  public func keras() throws -> Data {
    try classifier.checkBase()
    let network = classifier.network
    var graph = KerasGraph(input: Tensors.pictures)
    let pixels = try graph.preprocessed(by: classifier.preprocessing)
    var outputs: [String: KerasGraph.Value] = [:]
    let last = try graph.add(network.base, to: pixels) { outputs[$0] = $1 }
    let inputs = network.features.map { graph.features($0, outputs: outputs) } ?? last
    let logits = try graph.add(network.head, to: inputs)
    let probabilities = graph.probabilities(
      logits, calibration: classifier.description.calibration, classes: classifier.classes)
    let output = graph.float(probabilities, name: Tensors.probabilities)
    return try graph.file(output: output, metadata: metadata)
  }
}

extension KerasGraph {
  /// What a linear head looks at. Shape: [batch, features], Float32.
  mutating func features(_ extractor: FeatureExtractor, outputs: [String: Value]) -> Value {
    let blocks = extractor.blocks.map { block in
      let values = statistic(block, double(outputs[block.layer]!))
      return float(root(atLeast(values, 0)))
    }
    return add("Concatenate", [.list(blocks.map(\.argument))], settings: ["axis": 1])
  }

  /// Shape: [batch, block.count], Double.
  private mutating func statistic(_ block: FeatureBlock, _ planes: Value) -> Value {
    switch block.statistic {
    case .mean: reduced("Mean", planes, axes: [1, 2], keep: false)
    case .deviation: deviation(planes)
    case .cellDeviation(let cells): deviation(cellMeans(block, planes, cells: cells))
    case .cells(let cells): flattened(cellMeans(block, planes, cells: cells), count: block.count)
    case .positions: flattened(planes, count: block.count)
    }
  }

  private mutating func deviation(_ planes: Value) -> Value {
    let centred = difference(planes, reduced("Mean", planes, axes: [1, 2], keep: true))
    return root(reduced("Mean", product(centred, centred), axes: [1, 2], keep: false))
  }

  private mutating func flattened(_ planes: Value, count: Int) -> Value {
    add("Reshape", [planes.argument], settings: ["newshape": [-1, .number(Double(count))]])
  }

  private mutating func cellMeans(_ block: FeatureBlock, _ planes: Value, cells: Int) -> Value {
    let rows = Self.constant(block.averaging(block.height, cells: cells), shape: [cells, block.height])
    let columns = Self.constant(block.averaging(block.width, cells: cells), shape: [cells, block.width])
    let down = einsum("nhwc,uh->nuwc", planes.argument, rows)
    return einsum("nuwc,vw->nuvc", down.argument, columns)
  }

  /// Softmax and calibration, in double precision. Shape: [batch, classes].
  mutating func probabilities(_ logits: Value, calibration: Calibration?, classes: [String]) -> Value {
    let softmax = softmax(double(logits))
    switch calibration?.map {
    case nil, .some(.none): return softmax
    case .temperature(let temperature):
      let logarithms = add("Log", [atLeast(softmax, Calibration.smallest).argument])
      return self.softmax(quotient(logarithms, temperature))
    case .platt(let positiveClass, let intercept, let slope):
      guard let positive = classes.firstIndex(of: positiveClass), classes.count == 2 else { return softmax }
      let column = add(
        "Take", [softmax.argument, Self.constant([Double(positive)], shape: [1], type: "int32")], settings: ["axis": 1])
      let share = atMost(atLeast(column, Calibration.smallest), 1 - Calibration.smallest)
      let odds = add("Log", [quotient(share, complement(share)).argument])
      let exponential = add("Exp", [sum(product(odds, -slope), -intercept).argument])
      let calibrated = add("TrueDivide", [.real(1), sum(exponential, 1).argument])
      let columns = [calibrated, complement(calibrated)].map(\.argument)
      return add("Concatenate", [.list(positive == 0 ? columns : columns.reversed())], settings: ["axis": 1])
    }
  }

  private mutating func softmax(_ rows: Value) -> Value {
    add("Softmax", module: "nn", [rows.argument], settings: ["axis": 1])
  }
}

extension Standardization: KerasExportable {
  package func add(to graph: inout KerasGraph, input: KerasGraph.Value) -> KerasGraph.Value {
    let centred = graph.add("Subtract", [input.argument, KerasGraph.constant(mean.value, shape: [1, features])])
    return graph.add("Multiply", [centred.argument, KerasGraph.constant(scale.value, shape: [1, features])])
  }
}
