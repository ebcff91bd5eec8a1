/// What can go wrong with networks, their inputs and their files.
public enum NeuralNetworkError: Error, Equatable, CustomStringConvertible {
  /// A layer cannot take an input of shape `actual`; both shapes are without the batch.
  case layerInput(layer: String, expected: String, actual: [Int])
  /// The input given to a network does not have the network's shape; both shapes are with the batch.
  case networkInput(expected: String, actual: [Int])
  /// A gradient does not have the shape of what it is the gradient of.
  case gradientShape(expected: [Int], actual: [Int])
  case noLayers
  case duplicateName(String)
  case unknownLayer(name: String, available: [String])
  case unknownParameter(name: String, available: [String])
  case parameterShape(name: String, expected: [Int], actual: [Int])
  /// The elements of a tensor of this shape cannot be counted in 63 bits.
  case shapeTooLarge(what: String, shape: [Int])
  /// Training was asked for, and every parameter is frozen.
  case nothingTrainable
  case labelCount(expected: Int, actual: Int)
  case labelOutOfRange(label: Int, position: Int, classes: Int)
  case settingOutOfRange(name: String, value: String, range: String)
  /// A value is NaN or infinite.
  case notFinite(what: String, position: Int)
  case optimizerState(key: String, reason: String)
  case invalidSafetensors(path: String, reason: String)
  case tensorNotFound(path: String, name: String)
  case unsupportedElementType(path: String, name: String, type: String)
  /// A file that was to be written cannot be expressed in the format.
  case cannotEncode(path: String, reason: String)

  public var description: String {
    switch self {
    case .layerInput(let layer, let expected, let actual):
      "Layer '\(layer)' expects an input of shape \(expected) and gets \(actual). "
        + "Check the input size of the network and the layer before."
    case .networkInput(let expected, let actual):
      "The network expects an input of shape \(expected) and gets \(actual). "
        + "Prepare the pictures in the network's size."
    case .gradientShape(let expected, let actual):
      "A gradient has shape \(actual), its values have \(expected). The loss must return one number for each logit."
    case .noLayers:
      "A network needs at least one layer. Check where the network is cut in two."
    case .duplicateName(let name):
      "The name '\(name)' is given twice. Give every layer and tensor its own name."
    case .unknownLayer(let name, let available):
      "There is no layer '\(name)'. The network has: \(available.joined(separator: ", "))."
    case .unknownParameter(let name, let available):
      "There is no parameter '\(name)'. The network has: \(available.joined(separator: ", "))."
    case .parameterShape(let name, let expected, let actual):
      "Parameter '\(name)' has shape \(expected), the value for it has \(actual). "
        + "The weights belong to another network or input size."
    case .shapeTooLarge(let what, let shape):
      "\(what) would have shape \(shape), which is more than a machine can hold. Choose a smaller size."
    case .nothingTrainable:
      "Every layer is frozen, so there is nothing to train. Unfreeze at least the last layer."
    case .labelCount(let expected, let actual):
      "The batch has \(expected) rows of logits and \(actual) labels. Give one label for each picture."
    case .labelOutOfRange(let label, let position, let classes):
      "Label \(label) at position \(position) is not one of the \(classes) classes, 0...\(classes - 1). "
        + "The network's last layer must have one output for each class."
    case .settingOutOfRange(let name, let value, let range):
      "\(name) is \(value); it must be \(range)."
    case .notFinite(let what, let position):
      "\(what) is not a finite number at position \(position). "
        + "If this came up in training, lower the learning rate; otherwise check the weights."
    case .optimizerState(let key, let reason):
      "The optimizer's saved state does not fit at '\(key)': \(reason). "
        + "Continue with the settings and the network the state was saved from."
    case .invalidSafetensors(let path, let reason):
      "'\(path)' is not a valid safetensors file: \(reason). It may be cut short or changed; fetch or write it again."
    case .tensorNotFound(let path, let name):
      "'\(path)' has no tensor '\(name)'. It may belong to another network."
    case .unsupportedElementType(let path, let name, let type):
      "Tensor '\(name)' of '\(path)' has elements of type \(type); only F32 is read. Convert the file to F32."
    case .cannotEncode(let path, let reason):
      "'\(path)' cannot be written as a safetensors file: \(reason)."
    }
  }
}
