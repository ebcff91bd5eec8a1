/// How a picture is brought to another size. All reproduce Pillow (src/libImaging, up to version 12), bit by bit.
///
/// Pillow 13 filters columns before rows where a picture gets much lower but hardly narrower, which rounds otherwise
/// there; rows come first here always, as in the versions that the models of this field were trained with.
public enum Resampling: String, Codable, Sendable, CaseIterable {
  /// The source pixel under each target pixel's centre.
  case nearest
  /// A triangle filter, widened when shrinking so that no source pixel is skipped: what Pillow calls BILINEAR, which is
  /// not the four-neighbour interpolation other libraries call so.
  case bilinear
  /// A windowed sinc of three lobes to a side, widened when shrinking: sharper than the triangle, and it can overshoot at
  /// edges.
  case lanczos
}

extension Picture {
  /// The picture at another size; its proportions are not kept.
  ///
  /// - Parameters:
  ///   - width: in pixels, at least 1.
  ///   - height: in pixels, at least 1.
  public func resized(width newWidth: Int, height newHeight: Int, by resampling: Resampling) -> Picture {
    precondition(newWidth > 0 && newHeight > 0, "a picture has at least one pixel")
    if newWidth == width && newHeight == height { return self }
    return switch resampling {
    case .nearest: resizedToNearest(width: newWidth, height: newHeight)
    case .bilinear: resized(width: newWidth, height: newHeight, by: ResamplingFilter.triangle)
    case .lanczos: resized(width: newWidth, height: newHeight, by: ResamplingFilter.lanczos)
    }
  }
}
