import NeuralNetworks

/// VGG-16, the base of the report's system.
///
/// ImageNet's weights expect RGB turned to BGR, 0…255, minus (103.939, 116.779, 123.68), as Keras's
/// `vgg16.preprocess_input` does; the one definition of that is `MedicalImages.PixelScaling.imagenet`.
public enum VGG16 {
  public static let architecture = VGGArchitecture.vgg16
  /// Shape: `[height, width, channels]`.
  public static let inputShape = [224, 224, 3]
  /// `block1_conv1` … `block5_conv3`, in the order in which they are run.
  public static let convolutionLayerNames = architecture.convolutions.map(\.name)
  /// The last layer of the base; its output is `[7, 7, 512]` for pictures of 224 x 224.
  public static let lastLayerName = "block5_pool"

  /// The network without its classifier. Its parameters are trainable until frozen: see `Network.freeze(below:)`.
  ///
  /// - Parameters:
  ///   - weights: a stored file; its pages are read when used. The network keeps the mapping alive.
  ///   - inputShape: `[height, width, 3]`, each side at least 32.
  ///   - kernelUse: whether the network will run so often that its kernels are worth packing.
  /// - Returns: a network from `[batch, height, width, 3]` to `[batch, height / 32, width / 32, 512]`.
  /// - Throws: `BackboneError` if a tensor is missing or has another shape, or the input's shape cannot be.
  public static func convolutionBase(
    weights: SafetensorsFile, inputShape: [Int] = inputShape, kernelUse: KernelUse = .repeated
  ) throws -> Network {
    try architecture.convolutionBase(weights: weights, inputShape: inputShape, kernelUse: kernelUse)
  }

  /// The network with its ImageNet classifier: flatten, fc1, fc2, and the logits of 1000 classes.
  ///
  /// - Throws: `BackboneError.noTop` if the weights were stored without it, and as `convolutionBase`.
  public static func withTop(weights: SafetensorsFile) throws -> Network {
    try architecture.withTop(weights: weights)
  }

  /// The base with drawn weights, for training from nothing and for tests that need no file.
  ///
  /// - Parameter seed: the same seed draws the same weights.
  public static func randomBase(seed: UInt64, inputShape: [Int] = inputShape) throws -> Network {
    try architecture.randomBase(seed: seed, inputShape: inputShape)
  }
}
