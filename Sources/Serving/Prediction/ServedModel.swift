import Digests
import Foundation
import Inference
import MedicalImages
import Tracking

/// A model while it answers. Who holds it can use it to the end, whichever model answers meanwhile.
public struct ServedModel: Sendable {
  /// Gives the answers.
  public let classifier: Classifier
  /// Shows where in a picture the evidence for a class lies.
  public let explainer: Explainer
  /// Its name, version and digest, as they stand in each answer.
  public let identity: Prediction.Model
  /// Its model card, Markdown; nil where it has none.
  public let card: String?
  /// Its answer to the built-in picture when it was loaded.
  let expected: [Double]

  /// - Throws: `ServingError.modelNotSteady`; what the model throws.
  public init(_ classifier: Classifier, name: String, version: String? = nil, card: String? = nil) throws {
    self.classifier = classifier
    self.card = card
    explainer = Explainer(classifier)
    identity = Prediction.Model(
      name: name, version: version, digest: classifier.modelDigest, leakage: classifier.description.training.leakage)
    // The first pass also packs the weights.
    expected = try classifier.probabilities(of: [Self.testPicture])[0]
    guard try isSteady() else { throw ServingError.modelNotSteady(model: name) }
  }

  /// Whether the model gives the built-in picture the answer it gave first, bit by bit.
  func isSteady() throws -> Bool {
    let now = try classifier.probabilities(of: [Self.testPicture])[0]
    return now.map(\.bitPattern) == expected.map(\.bitPattern) && now.allSatisfy(\.isFinite)
  }

  /// Bright ovals on dark ground, of no patient.
  static let testPicture: Picture = {
    let side = 64
    let pixels = (0..<side * side).map { index -> UInt8 in
      let (row, column) = (index / side - 32, index % side - 32)
      let body = row * row * 3 + column * column * 2 < 2000
      let kidney = (row - 4) * (row - 4) + (abs(column) - 16) * (abs(column) - 16) < 40
      return kidney ? 200 : body ? UInt8(90 + (row &* 7 ^ column &* 5) & 15) : 8
    }
    return Picture(width: side, height: side, channels: 1, pixels: pixels)
  }()
}

/// Where the model that answers comes from, looked up again whenever it may have changed.
public enum ModelSource: Sendable {
  /// A file.
  case file(URL)
  /// The champion of a registered model.
  case registered(name: String, store: URL)
  /// Whatever a function gives: for models that are in memory.
  case provided(@Sendable () throws -> ServedModel)

  /// Opens the model.
  ///
  /// - Parameter present: what answers now; it is given back if nothing has changed.
  func load(present: ServedModel?) throws -> ServedModel {
    switch self {
    case .provided(let provide): return try provide()
    case .file(let url):
      if let present, try ModelFile(url).digest == present.identity.digest { return present }
      return try ServedModel(
        Classifier(model: url, kernelUse: .repeated), name: url.deletingPathExtension().lastPathComponent,
        card: Self.card(beside: url))
    case .registered(let name, let store):
      let registry = ModelRegistry(store: try RunStore(at: store))
      let version = try registry.version("\(name)@\(ModelAlias.champion)")
      if let present, present.identity.version == version.reference { return present }
      guard let file = try registry.file(.model, of: version) else {
        throw RegistryError.noSuchVersion(reference: version.reference, known: [])
      }
      return try ServedModel(Classifier(model: file, kernelUse: .repeated), name: name, version: version.reference)
    }
  }

  /// The card that lies beside a model's file under its name, at most 256 KiB.
  private static func card(beside url: URL) -> String? {
    let file = url.deletingPathExtension().appendingPathExtension("md")
    guard let data = try? Data(contentsOf: file), data.count <= 256 << 10 else { return nil }
    return String(data: data, encoding: .utf8)
  }
}
