import Foundation
import KidneyData
import MedicalImages

extension ContactSheet {
  /// Some pictures of each class, spread evenly over its files in natural order.
  ///
  /// - Parameters:
  ///   - data: the data set; a picture that cannot be read any more is left out.
  ///   - perClass: how many of each class.
  public static func overview(of data: DataSet, perClass: Int = 16) -> Picture {
    var tiles: [(Picture, caption: String)] = []
    for label in data.classes.indices {
      let members = data.labels.indices.filter { data.labels[$0] == label }.sorted {
        data.manifest.pictures[$0].path.compare(data.manifest.pictures[$1].path, options: [.numeric]) == .orderedAscending
      }
      let count = min(perClass, members.count)
      for place in 0..<count {
        let index = members[place * members.count / count]
        guard let picture = try? PictureReader.read(data.url(of: index)).picture else { continue }
        tiles.append((picture, caption: (data.manifest.pictures[index].path as NSString).lastPathComponent))
      }
    }
    return make(
      pictures: tiles, columns: 8, cell: 160,
      title: "\(data.count) pictures: "
        + data.classes.indices.map { label in "\(data.classes[label]) \(data.labels.count { $0 == label })" }
        .joined(separator: ", "))
  }

  /// Pictures as they are (left) beside what augmentation makes of them in the first epochs.
  public static func augmentation(
    of data: DataSet, settings: AugmentationSettings, preprocessing: PreprocessingSpecification, seed: UInt64,
    pictures: Int = 6, epochs: Int = 7
  ) throws -> Picture {
    var tiles: [(Picture, caption: String)] = []
    for place in 0..<min(pictures, data.count) {
      let index = place * data.count / min(pictures, data.count)
      let record = data.manifest.pictures[index]
      let pixels = preprocessing.resizedPixels(of: try PictureReader.read(data.url(of: index)).picture)
      tiles.append((picture(pixels, preprocessing), caption: (record.path as NSString).lastPathComponent))
      for epoch in 0..<epochs {
        let changed = Augmentation.apply(
          pixels, height: preprocessing.height, width: preprocessing.width, settings: settings, seed: seed,
          epoch: epoch, picture: PictureFeeder.augmentationKey(of: record))
        tiles.append((picture(changed, preprocessing), caption: "epoch \(epoch + 1)"))
      }
    }
    return make(pictures: tiles, columns: epochs + 1, cell: 160, title: "Augmentation, seed \(seed)")
  }

  private static func picture(_ pixels: [Float], _ preprocessing: PreprocessingSpecification) -> Picture {
    Picture(
      width: preprocessing.width, height: preprocessing.height, channels: 3,
      pixels: pixels.map { UInt8(min(max($0, 0), 255).rounded()) })
  }
}
