import RandomStreams

/// Random changes of training pictures: rotation, shift, shear, zoom, flip.
///
/// What is drawn depends on (seed, epoch, picture) alone, so that any number of threads in any order, and a run that
/// was resumed, see the same pictures.
public enum Augmentation {
  /// Draws a change and applies it.
  ///
  /// - Parameters:
  ///   - pixels: shape [height, width, 3], Float32, 0…255.
  ///   - settings: valid ones; see `AugmentationSettings.validate`.
  ///   - picture: a number that names the picture, such as its place in the manifest.
  /// - Returns: the same shape and range.
  public static func apply(
    _ pixels: [Float], height: Int, width: Int, settings: AugmentationSettings, seed: UInt64, epoch: Int,
    picture: UInt64
  ) -> [Float] {
    let draw = draw(
      settings: settings, height: height, width: width, seed: seed, epoch: epoch, picture: picture)
    return warp(pixels, height: height, width: width, draw: draw)
  }

  /// The change that `apply` makes.
  ///
  /// The order of draws is that of Keras's `get_random_transform`, from a generator of our own: rotation, height shift,
  /// width shift, shear, zoom along the width, zoom along the height, horizontal flip, and one for the vertical flip
  /// that is not made. A range of zero draws nothing; the last two are always drawn.
  public static func draw(
    settings: AugmentationSettings, height: Int, width: Int, seed: UInt64, epoch: Int, picture: UInt64
  ) -> AugmentationDraw {
    var stream = RandomStream(
      seed: seed, RandomStream.number(of: "augmentation"), UInt64(bitPattern: Int64(epoch)), picture)
    return draw(settings: settings, height: height, width: width, from: &stream)
  }

  /// The same from any generator.
  package static func draw(
    settings: AugmentationSettings, height: Int, width: Int, from generator: inout some RandomNumberGenerator
  ) -> AugmentationDraw {
    func within(_ bound: Double) -> Double {
      bound == 0 ? 0 : -bound + 2 * bound * generator.uniform()
    }
    var draw = AugmentationDraw(kerasCompatible: settings.kerasCompatible)
    draw.rotation = within(settings.rotationDegrees) * .pi / 180
    draw.heightShift = within(settings.heightShift) * Double(height)
    draw.widthShift = within(settings.widthShift) * Double(width)
    let shear = within(settings.shear)
    draw.shear = settings.kerasCompatible ? shear * .pi / 180 : shear
    draw.zoomX = 1 + within(settings.zoom)
    draw.zoomY = 1 + within(settings.zoom)
    draw.isFlipped = generator.uniform() < 0.5 && settings.horizontalFlip
    _ = generator.uniform()
    return draw
  }
}
