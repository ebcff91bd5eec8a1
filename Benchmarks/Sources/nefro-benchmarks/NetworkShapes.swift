import TensorKernels

/// The distinct convolutions of networks that are to come, as Keras builds them; but not EfficientNet's squeezes, which
/// multiply one pixel by at most 48 x 1152 weights.
enum NetworkShapes {
  struct Layer {
    var network: String
    var kernel: (height: Int, width: Int)
    var stride: Int
    var side: Int
    var inputs: Int
    /// Nil for a depthwise layer.
    var outputs: Int?
    var isPadded: Bool

    /// "3x3/2 14x14x96 to 192", "depthwise 5x5 14x14x480".
    var text: String {
      let window = "\(kernel.height)x\(kernel.width)" + (stride == 1 ? "" : "/\(stride)") + (isPadded ? "" : " valid")
      let input = "\(side)x\(side)x\(inputs)"
      return outputs.map { "\(window) \(input) to \($0)" } ?? "depthwise \(window) \(input)"
    }

    /// What layers are grouped by: "1x1", "3x3", "3x3, strided", "5x5", "7x7, strided", "in one direction",
    /// "depthwise", "depthwise, strided".
    var kind: String {
      let window = outputs == nil ? "depthwise" : kernel.height == kernel.width ? "\(kernel.height)x\(kernel.width)" : nil
      return (window ?? "in one direction") + (stride == 1 ? "" : ", strided")
    }

    /// Keras's `same`: the odd row or column lies at the bottom and the right.
    private func padding(_ window: Int) -> (before: Int, after: Int) {
      guard isPadded else { return (0, 0) }
      // ResNet pads three on each side, whatever `same` would ask for.
      if window == 7, stride == 2 { return (3, 3) }
      let total = max(0, ((side + stride - 1) / stride - 1) * stride + window - side)
      return (total / 2, total - total / 2)
    }

    var convolution: ConvolutionShape? {
      guard let outputs else { return nil }
      let (rows, columns) = (padding(kernel.height), padding(kernel.width))
      return ConvolutionShape(
        inputHeight: side, inputWidth: side, inputChannels: inputs, outputChannels: outputs,
        kernelHeight: kernel.height, kernelWidth: kernel.width, strideHeight: stride, strideWidth: stride,
        paddingTop: rows.before, paddingLeft: columns.before, paddingBottom: rows.after, paddingRight: columns.after)
    }

    var depthwise: DepthwiseShape {
      let (rows, columns) = (padding(kernel.height), padding(kernel.width))
      return DepthwiseShape(
        inputHeight: side, inputWidth: side, channels: inputs, kernelHeight: kernel.height, kernelWidth: kernel.width,
        strideHeight: stride, strideWidth: stride, paddingTop: rows.before, paddingLeft: columns.before,
        paddingBottom: rows.after, paddingRight: columns.after)
    }
  }

  static let names = ["resnet50", "inceptionv3", "efficientnetb0", "vgg16"]

  /// - Parameter networks: of `names`; none means the networks to come, without VGG-16.
  static func layers(of networks: [String]) -> [Layer] {
    let toCome = resNet50 + inceptionV3 + efficientNetB0
    return networks.isEmpty ? toCome : (toCome + vgg16).filter { networks.contains($0.network) }
  }

  /// 224 x 224.
  private static let vgg16: [Layer] = [
    (224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256), (28, 256, 512),
    (28, 512, 512), (14, 512, 512),
  ].map { layer("vgg16", (3, 3), $0.0, $0.1, $0.2) }

  private static func layer(
    _ network: String, _ kernel: (Int, Int), _ side: Int, _ inputs: Int, _ outputs: Int?, stride: Int = 1,
    valid: Bool = false
  ) -> Layer {
    Layer(
      network: network, kernel: kernel, stride: stride, side: side, inputs: inputs, outputs: outputs, isPadded: !valid)
  }

  /// 224 x 224; the first convolution of a stage has the stride, as in the paper and in Keras.
  private static let resNet50: [Layer] = {
    let name = "resnet50"
    let stages = [(56, 64, 64, 1), (28, 256, 128, 2), (14, 512, 256, 2), (7, 1024, 512, 2)]
    var layers = [layer(name, (7, 7), 224, 3, 64, stride: 2)]
    for (side, inputs, width, stride) in stages {
      layers.append(layer(name, (1, 1), side * stride, inputs, width, stride: stride))
      layers.append(layer(name, (1, 1), side * stride, inputs, 4 * width, stride: stride))
      layers.append(layer(name, (3, 3), side, width, width))
      if stride > 1 { layers.append(layer(name, (1, 1), side, width, 4 * width)) }
      layers.append(layer(name, (1, 1), side, 4 * width, width))
    }
    return layers
  }()

  /// 299 x 299.
  private static let inceptionV3: [Layer] = {
    let name = "inceptionv3"
    let stem = [
      layer(name, (3, 3), 299, 3, 32, stride: 2, valid: true), layer(name, (3, 3), 149, 32, 32, valid: true),
      layer(name, (3, 3), 147, 32, 64), layer(name, (1, 1), 73, 64, 80), layer(name, (3, 3), 73, 80, 192, valid: true),
    ]
    var large = [(192, 64), (192, 48), (192, 32), (256, 64), (256, 48), (288, 64), (288, 48)].map {
      layer(name, (1, 1), 35, $0.0, $0.1)
    }
    large += [
      layer(name, (5, 5), 35, 48, 64), layer(name, (3, 3), 35, 64, 96), layer(name, (3, 3), 35, 96, 96),
      layer(name, (3, 3), 35, 288, 384, stride: 2, valid: true),
      layer(name, (3, 3), 35, 96, 96, stride: 2, valid: true),
    ]
    var middle = [128, 160, 192].map { layer(name, (1, 1), 17, 768, $0) }
    for (inputs, outputs) in [(128, 128), (128, 192), (160, 160), (160, 192), (192, 192)] {
      middle.append(layer(name, (1, 7), 17, inputs, outputs))
      middle.append(layer(name, (7, 1), 17, inputs, outputs))
    }
    middle.append(layer(name, (3, 3), 17, 192, 320, stride: 2, valid: true))
    middle.append(layer(name, (3, 3), 17, 192, 192, stride: 2, valid: true))
    var small = [1280, 2048].flatMap { inputs in
      [448, 384, 320, 192].map { layer(name, (1, 1), 8, inputs, $0) }
    }
    small += [
      layer(name, (1, 3), 8, 384, 384), layer(name, (3, 1), 8, 384, 384), layer(name, (3, 3), 8, 448, 384),
    ]
    return stem + large + middle + small
  }()

  /// 224 x 224. Blocks as (kernel, stride, side of the input, inputs, outputs), channels widened six times between.
  private static let efficientNetB0: [Layer] = {
    let name = "efficientnetb0"
    let blocks = [
      (3, 2, 112, 16, 24), (3, 1, 56, 24, 24), (5, 2, 56, 24, 40), (5, 1, 28, 40, 40), (3, 2, 28, 40, 80),
      (3, 1, 14, 80, 80), (5, 1, 14, 80, 112), (5, 1, 14, 112, 112), (5, 2, 14, 112, 192), (5, 1, 7, 192, 192),
      (3, 1, 7, 192, 320),
    ]
    var layers = [
      layer(name, (3, 3), 224, 3, 32, stride: 2), layer(name, (3, 3), 112, 32, nil), layer(name, (1, 1), 112, 32, 16),
    ]
    var seen: Set<String> = []
    for (kernel, stride, side, inputs, outputs) in blocks {
      let wide = 6 * inputs
      let block = [
        layer(name, (1, 1), side, inputs, wide), layer(name, (kernel, kernel), side, wide, nil, stride: stride),
        layer(name, (1, 1), side / stride, wide, outputs),
      ]
      layers += block.filter { seen.insert($0.text).inserted }
    }
    return layers + [layer(name, (1, 1), 7, 320, 1280)]
  }()
}
