import Foundation
import LocalFiles
import MedicalImages
import ParallelWork
import RandomStreams

/// Plants copies of pictures at the end of their classes, and keeps a record of what copies what.
struct CopyWriter {
  let options: SyntheticHospitalOptions
  let folder: URL
  let originals: [PictureRecord]

  /// One copy to be made.
  private struct Order: Sendable {
    let index: UInt64
    let original: PictureRecord
    let kind: PlantedCopy.Kind
    let path: String
    let className: String
  }

  func write() throws -> (records: [PictureRecord], copies: [PlantedCopy]) {
    let orders = orders()
    let (options, folder) = (options, folder)
    let records = try parallelMap(orders.count) { index in
      try Self.write(orders[index], options: options, folder: folder)
    }
    let copies = orders.map { PlantedCopy(path: $0.path, copyOf: $0.original.path, kind: $0.kind) }
    return (records, copies)
  }

  private func orders() -> [Order] {
    let kinds =
      Array(repeating: PlantedCopy.Kind.exact, count: options.exactCopies)
      + Array(repeating: .reencoded, count: options.reencodedCopies)
      + (0..<options.alteredCopies).map { PlantedCopy.Kind.alterations[$0 % PlantedCopy.Kind.alterations.count] }
      + Array(repeating: .conflicting, count: options.conflictingCopies)
    guard !kinds.isEmpty else { return [] }
    var stream = RandomStream(seed: options.seed, RandomStream.number(of: "copies"))
    // Every picture is copied once before one is copied twice.
    let shuffled = stream.permutation(of: originals.count)
    // Of many copies of few pictures, a class's are mixed as well.
    let mixed = stream.permutation(of: kinds.count)
    var numbers: [String: Int] = [:]
    for record in originals { numbers[record.className, default: 0] += 1 }
    let classes = options.classes.sorted()
    return mixed.enumerated().map { index, choice in
      let original = originals[shuffled[choice % shuffled.count]]
      let kind = kinds[choice]
      var name = original.className
      if kind == .conflicting {
        let others = classes.filter { $0.rawValue != name }
        name = others[stream.index(below: others.count)].rawValue
      }
      numbers[name, default: 0] += 1
      let path = "\(name)/\(name)- (\(numbers[name, default: 0])).jpg"
      return Order(index: UInt64(index), original: original, kind: kind, path: path, className: name)
    }
  }

  private static func write(
    _ order: Order, options: SyntheticHospitalOptions, folder: URL
  ) throws -> PictureRecord {
    let original = order.original
    let source = folder.appending(path: original.path)
    let data: Data
    do {
      data = try Data(contentsOf: source)
    } catch {
      throw LocalFileError.cannotRead(path: source.path, reason: error.localizedDescription)
    }
    var (picture, _) = try PictureReader.decode(data, name: original.path)
    var written = data
    if order.kind != .exact, order.kind != .conflicting {
      var stream = RandomStream(seed: options.seed, RandomStream.number(of: "alterations"), order.index)
      picture = order.kind.alter(picture, from: &stream)
      // Another quality, so that not even the same pixels give the same bytes.
      let lower = 4 + stream.index(below: 24)
      written = try PictureWriter.jpeg(
        picture, quality: options.quality > 40 ? options.quality - lower : options.quality + lower)
    }
    return try PictureFile.write(
      written, of: picture, to: folder, path: order.path, className: order.className, patient: original.patient,
      site: original.site, copyOf: original.path)
  }
}
