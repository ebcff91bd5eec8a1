import Backbones
import Foundation

extension ModelExport {
  /// Names of an ONNX model's input and outputs.
  public enum Tensors {
    /// Shape: [batch, height, width, 3], UInt8, red, green, blue; decoded pictures of any one size.
    public static let pictures = "pictures"
    /// Shape: [batch, classes], Float32, 0…1, calibrated if the model is.
    public static let probabilities = "probabilities"
    /// Shape: [batch, classes], Float32, before softmax and calibration.
    public static let logits = "logits"
    /// Shape: [batch], text: the class that is named.
    public static let label = "label"
    /// Shape: [batch], Float32, 0…1: how sure the label is.
    public static let confidence = "confidence"
    /// Shape: [batch], text: answered, uncertain or not_kidney_ct.
    public static let decision = "decision"
    /// Shape: [batch], Float32: the gate's distance; only of a model with a gate.
    public static let gateDistance = "gate_distance"
    /// Shape: [batch], Float32, grey levels: how coloured a picture is; only of a model with a gate.
    public static let gateColour = "gate_colour"
  }

  /// The whole model as an ONNX file, from decoded pictures of any size to probabilities and decision.
  ///
  /// Resizing, statistics, softmax and calibration are computed in double precision, as here; base and head in single
  /// precision.
  ///
  /// - Returns: the file's bytes; the same model gives the same.
  /// - Throws: `BackboneError.notExportable` for a layer without an ONNX form, `.changed` if the base's file is damaged.
  public func onnx() throws -> Data {
    try classifier.checkBase()
    let network = classifier.network
    var graph = ONNXGraph(name: "nefro")
    let pictures = graph.input(
      Tensors.pictures, .uint8, shape: ["batch", "height", "width", 3],
      about: "Decoded pictures of any one size: red, green, blue; grey is repeated.")
    let pixels = graph.preprocessed(pictures, by: classifier.preprocessing)

    var outputs: [String: ONNXGraph.Value] = [:]
    let last = try graph.add(network.base, to: pixels) { outputs[$0] = $1 }
    let inputs = network.features.map { graph.features($0, outputs: outputs) } ?? last
    let logits = try graph.add(network.head, to: inputs)

    let classes = classifier.classes
    let probabilities = graph.probabilities(logits, calibration: classifier.description.calibration, classes: classes)
    let names = classes.joined(separator: ", ")
    graph.output(
      graph.float(probabilities), named: Tensors.probabilities, .float, shape: ["batch", .known(classes.count)],
      about: "Of \(names), in this order; calibrated if the model is.")
    graph.output(
      logits, named: Tensors.logits, .float, shape: ["batch", .known(classes.count)], about: "Before the softmax.")
    decide(probabilities, pictures: pictures, outputs: outputs, in: &graph)
    return try graph.serialized(version: version, about: about, metadata: metadata)
  }

  /// Adds label, confidence and decision.
  private func decide(
    _ probabilities: ONNXGraph.Value, pictures: ONNXGraph.Value, outputs: [String: ONNXGraph.Value],
    in graph: inout ONNXGraph
  ) {
    let rule = classifier.description.decision
    let (label, confidence) = graph.choice(
      probabilities, threshold: rule?.operatingPoint, classes: classifier.classes)
    // An abstention without a least confidence refers every picture.
    let leastConfidence = rule?.abstention.map { $0.leastConfidence ?? .infinity } ?? 0
    let isUncertain = graph.indicator("Less", confidence, graph.scalar(leastConfidence))
    var code = isUncertain
    if let gate = classifier.gate, let layer = outputs[gate.record.layer] {
      let distance = graph.distance(of: graph.roots(of: layer), gate: gate)
      let colour = graph.colour(of: pictures)
      let isFar = graph.indicator("Greater", distance, graph.scalar(gate.record.threshold))
      let isColoured = graph.indicator("Greater", colour, graph.scalar(gate.record.largestColour))
      let isRefused = graph.add("Max", isFar, isColoured)
      code = graph.add("Max", isUncertain, graph.product(isRefused, 2))
      for (name, value, about) in [
        (Tensors.gateDistance, distance, "A picture above \(gate.record.threshold) is refused."),
        (Tensors.gateColour, colour, "In grey levels; a picture above \(gate.record.largestColour) is refused."),
      ] { graph.output(graph.float(value), named: name, .float, shape: ["batch"], about: about) }
    }
    let decisions: [Answer.Decision] = [.answered, .uncertain, .notKidneyCT]
    graph.output(
      graph.add("Gather", graph.constant(classifier.classes), label), named: Tensors.label, .string, shape: ["batch"],
      about: "The class that is named; an answer only where the decision is 'answered'.")
    graph.output(
      graph.float(confidence), named: Tensors.confidence, .float, shape: ["batch"], about: "Of the label, 0 to 1.")
    graph.output(
      graph.add("Gather", graph.constant(decisions.map(\.rawValue)), graph.integer(code)), named: Tensors.decision,
      .string, shape: ["batch"], about: "answered, uncertain or not_kidney_ct.")
  }
}
