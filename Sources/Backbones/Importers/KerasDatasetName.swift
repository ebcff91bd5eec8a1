/// Which layer's tensor a dataset of a Keras file holds, read from its path.
///
/// | written by | path |
/// |---|---|
/// | Keras 1 and 2, the official files | `block1_conv1/block1_conv1_W_1:0`, `block1_conv1/block1_conv1_b_1:0` |
/// | Keras 2, weights | `block1_conv1/block1_conv1/kernel:0` |
/// | Keras 2, whole model | `model_weights/block1_conv1/block1_conv1/kernel:0` |
/// | Keras 3, whole model in HDF5 | `model_weights/block1_conv1/block1_conv1/kernel`, or `model_weights/vgg16/block1_conv1/kernel` for a nested model |
/// | Keras 3, `.weights.h5` | `layers/conv2d_1/vars/0`; the layer's name is an attribute of `vars`, in old versions nowhere |
struct KerasDatasetName: Equatable {
  typealias Role = VGGArchitecture.TensorSpecification.Role

  /// The layer's own name; in a Keras 3 file without names, its class and number, as `conv2d_1`.
  var layer: String
  var role: Role
  /// The groups above the layer's.
  var container: String
  /// Whether the layer is known only by its class and number.
  var isNumbered: Bool

  /// Nil for a dataset that is no kernel or bias.
  init?(_ dataset: HDF5Dataset) {
    let parts = dataset.path.split(separator: "/").map(String.init)
    guard parts.count >= 2 else { return nil }
    if parts.count >= 3, parts[parts.count - 2] == "vars" {
      guard let role = ["0": Role.kernel, "1": .bias][parts[parts.count - 1]] else { return nil }
      let group = parts[parts.count - 3]
      self.init(
        layer: dataset.groupName ?? group, role: role, container: parts.dropLast(3).joined(separator: "/"),
        isNumbered: dataset.groupName == nil)
      return
    }
    let layer = parts[parts.count - 2]
    guard let role = Self.role(of: parts[parts.count - 1], layer: layer) else { return nil }
    self.init(layer: layer, role: role, container: parts.dropLast(2).joined(separator: "/"), isNumbered: false)
  }

  private init(layer: String, role: Role, container: String, isNumbered: Bool) {
    self.layer = layer
    self.role = role
    self.container = container
    self.isNumbered = isNumbered
  }

  /// "kernel:0", "kernel", "block1_conv1_W_1:0", "block1_conv1_W" and the same for biases.
  private static func role(of name: String, layer: String) -> Role? {
    var name = name[...]
    if let colon = name.lastIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
      name = name[..<colon]
    }
    if name.hasPrefix(layer + "_") { name = name.dropFirst(layer.count + 1) }
    if let line = name.lastIndex(of: "_"), name[name.index(after: line)...].allSatisfy(\.isNumber) {
      name = name[..<line]
    }
    switch name {
    case "kernel", "W": return .kernel
    case "bias", "b": return .bias
    default: return nil
    }
  }

  /// The number at the end of "conv2d_7"; 0 for "conv2d"; nil for a layer of another class.
  func number(inClass className: String) -> Int? {
    if layer == className { return 0 }
    guard layer.hasPrefix(className + "_") else { return nil }
    return Int(layer.dropFirst(className.count + 1))
  }
}
