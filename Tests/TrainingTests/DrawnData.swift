import Backbones
import Digests
import Foundation
import Inference
import KidneyData
import LocalFiles
import MedicalImages
import RandomStreams
import Training

/// A small data set of drawn pictures whose classes differ in brightness, with known patients.
enum DrawnData {
  /// - Parameters:
  ///   - folder: gets the class folders and the manifest.
  ///   - patients: of each class.
  ///   - slices: of each patient.
  static func make(
    in folder: URL, classes: [String] = ["Normal", "Tumor"], patients: Int = 4, slices: Int = 3, side: Int = 40
  ) throws -> DataSet {
    var records: [PictureRecord] = []
    for (label, name) in classes.enumerated() {
      for patient in 0..<patients {
        for slice in 0..<slices {
          var stream = RandomStream(seed: 5, UInt64(label), UInt64(patient), UInt64(slice))
          let level = 60 + 100 * label / max(1, classes.count - 1) + 5 * patient
          let pixels = (0..<side * side).map { _ in UInt8(min(255, max(0, level + Int(stream.uniform(in: -40..<40))))) }
          let picture = Picture(width: side, height: side, channels: 1, pixels: pixels)
          let path = "\(name)/\(name)- (\(patient * slices + slice + 1)).png"
          let data = try PictureWriter.png(picture)
          try AtomicFile.write(data, to: folder.appending(path: path))
          records.append(
            PictureRecord(
              path: path, className: name, byteCount: data.count, sha256: ContentDigest(of: data), width: side,
              height: side, mode: "L", patient: "\(name)-\(patient)"))
        }
      }
    }
    let manifest = try DataManifest(source: "drawn", pictures: records)
    try manifest.save(to: folder)
    return DataSet(root: folder, manifest: manifest)
  }

  /// Parameters for pictures of 32 x 32 and a few quick epochs.
  ///
  /// - Parameter more: lines of keys that are added, or stand for the ones here.
  static func parameters(_ more: String = "") throws -> TrainingParameters {
    let base = [
      "IMAGE_SIZE: [32, 32, 3]", "BATCH_SIZE: 5", "EPOCHS: 3", "WEIGHTS: null", "LEARNING_RATE: 0.01",
      "AUGMENTATION: false", "SEED: 3",
    ]
    let added = more.split(separator: "\n").map(String.init)
    let kept = base.filter { line in !added.contains { $0.split(separator: ":")[0] == line.split(separator: ":")[0] } }
    return try TrainingParameters(yaml: (kept + added).joined(separator: "\n"))
  }

  /// A base with drawn weights: small pictures make it quick, and no file is needed.
  static let baseDigest = ContentDigest(of: "drawn base")

  static func network(_ parameters: TrainingParameters) throws -> ClassifierNetwork {
    try ClassifierNetwork(
      base: VGG16.randomBase(seed: 9, inputShape: [parameters.imageHeight, parameters.imageWidth, 3]),
      headKind: parameters.head, dropout: parameters.head == .pooled ? parameters.dropout : 0,
      classCount: parameters.classCount, seed: parameters.seed)
  }
}
