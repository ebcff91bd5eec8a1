import Foundation
import Inference
import KidneyData
import MedicalImages
import Reports

/// Small pictures of mistakes, and where the evidence for them lies.
struct MistakePictures {
  let data: DataSet
  /// Nil where nothing can be explained.
  let explainer: Explainer?

  private static let side = 200
  private static let opacity: Float = 0.6
  private static let quality = 82

  /// - Parameters:
  ///   - picture: index into the data set.
  ///   - answer: the class that was answered, whose evidence is drawn.
  /// - Throws: what reading the picture or the pass through the network throws.
  func draw(_ picture: Int, answer: String) throws -> (thumbnail: EmbeddedPicture, evidence: EmbeddedPicture?) {
    let whole = try PictureReader.read(data.url(of: picture)).picture
    let small = Self.small(whole)
    let evidence = try explainer.flatMap { explainer -> EmbeddedPicture? in
      guard let index = explainer.classifier.classes.firstIndex(of: answer) else { return nil }
      let map = try explainer.gradCAM(of: explainer.pixels(of: whole), classIndex: index)
      return try Self.embedded(EvidenceOverlay.draw(map, over: small, opacity: Self.opacity))
    }
    return (try Self.embedded(small), evidence)
  }

  private static func small(_ picture: Picture) -> Picture {
    let scale = min(1, Double(side) / Double(max(picture.width, picture.height)))
    return picture.resized(
      width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)), by: .bilinear)
  }

  /// Baseline JPEG: what the camera or scanner wrote into the file's other parts does not come along.
  private static func embedded(_ picture: Picture) throws -> EmbeddedPicture {
    EmbeddedPicture(
      .jpeg, try PictureWriter.jpeg(picture, quality: quality), width: picture.width, height: picture.height)
  }
}
