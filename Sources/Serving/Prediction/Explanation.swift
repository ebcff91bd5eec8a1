import Foundation
import Inference
import MedicalImages

/// A picture with the evidence for a class laid over it.
struct Explanation: Sendable {
  var png: Data
  /// `contributions` where the model's head is linear in statistics of layers, else `gradcam`.
  var method: String

  /// - Parameters:
  ///   - file: JPEG or PNG.
  ///   - opacity: of the largest evidence, 0…1; with 0 it is the picture alone.
  /// - Throws: `MedicalImageError`; what the explainer throws.
  init(of file: Data, className: String, opacity: Float, by model: ServedModel, limits: PictureLimits) throws {
    let picture = try PictureReader.decode(file, name: "the picture", limits: limits).picture
    let explainer = model.explainer
    let isLinear = explainer.hasContributions
    method = isLinear ? "contributions" : "gradcam"
    // Of evidence that nobody would see none is computed.
    guard opacity > 0 else {
      png = try PictureWriter.png(picture.rgb())
      return
    }
    let index = explainer.classifier.classes.firstIndex(of: className) ?? 0
    let pixels = explainer.pixels(of: picture)
    let map =
      isLinear
      ? try explainer.contributions(of: pixels, classIndex: index)
      : try explainer.gradCAM(of: pixels, classIndex: index, layer: explainer.defaultLayer)
    png = try PictureWriter.png(EvidenceOverlay.draw(map, over: picture, opacity: opacity))
  }
}
