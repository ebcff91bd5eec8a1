import Foundation
import KidneyData
import MedicalImages
import TestSupport
import Testing

@Suite struct PictureFeederTests {
  private let preprocessing = PreprocessingSpecification(height: 6, width: 5, scaling: .imagenet)

  private func withData(_ body: (DataSet) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writeClasses(["Normal": 7, "Tumor": 6], to: folder)
      try body(DataSet.open(folder))
    }
  }

  private func all(_ batches: PictureBatches) throws -> [PictureBatch] {
    var iterator = batches.makeIterator()
    var result: [PictureBatch] = []
    while let batch = try iterator.next() { result.append(batch) }
    return result
  }

  @Test func `values are those of the one preprocessing, in the order asked for`() throws {
    try withData { data in
      let batches = try all(
        PictureFeeder(data: data, preprocessing: preprocessing).batches(
          of: [12, 0, 5, 0, 3], batchSize: 2, shuffled: false))
      #expect(batches.map(\.indices) == [[12, 0], [5, 0], [3]])
      #expect(batches.map(\.labels) == [[1, 0], [0, 0], [0]])
      #expect(batches.map(\.shape) == [[2, 6, 5, 3], [2, 6, 5, 3], [1, 6, 5, 3]])
      for batch in batches {
        let expected = try batch.indices.flatMap {
          preprocessing.tensorValues(of: try PictureReader.read(data.url(of: $0)).picture)
        }
        #expect(batch.pixels == expected)
        #expect(UInt(bitPattern: batch.buffer.values.baseAddress) % 64 == 0)
      }
    }
  }

  @Test func `an epoch takes every picture once, in an order of seed and epoch`() throws {
    let indices = Array(0..<50)
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      BatchPlan.order(of: indices, shuffled: true, seed: seed, epoch: epoch)
    }
    #expect(order(1, 0).sorted() == indices)
    #expect(order(1, 0) == order(1, 0))
    #expect(order(1, 0) != order(1, 1))
    #expect(order(1, 0) != order(2, 0))
    #expect(order(1, 0) != indices)
    #expect(BatchPlan.order(of: indices, shuffled: false, seed: 1, epoch: 0) == indices)
  }

  @Test(arguments: [(13, 4, [4, 4, 4, 1]), (8, 4, [4, 4]), (3, 16, [3]), (0, 4, [])])
  func `the last batch is never dropped`(count: Int, batchSize: Int, sizes: [Int]) throws {
    try withData { data in
      let batches = try all(
        PictureFeeder(data: data, preprocessing: preprocessing, seed: 4).batches(
          of: Array(0..<count), epoch: 2, batchSize: batchSize, shuffled: true))
      #expect(batches.map(\.indices.count) == sizes)
      #expect(batches.flatMap(\.indices).sorted() == Array(0..<count))
    }
  }

  @Test func `threads, cache and order do not change an augmented picture`() throws {
    try withData { data in
      func values(threads: Int, budget: Int, indices: [Int], epoch: Int = 3, batchSize: Int = 3) throws -> [Int:
        [Float]]
      {
        let feeder = PictureFeeder(
          data: data, preprocessing: preprocessing, augmentation: AugmentationSettings(), seed: 9,
          decoded: DecodedPictures(budget: budget), threads: threads)
        var result: [Int: [Float]] = [:]
        for _ in 0..<2 {
          for batch in try all(feeder.batches(of: indices, epoch: epoch, batchSize: batchSize, shuffled: false)) {
            for (place, index) in batch.indices.enumerated() {
              let part = Array(batch.pixels[place * 90..<(place + 1) * 90])
              #expect(result[index] ?? part == part)
              result[index] = part
            }
          }
        }
        return result
      }
      let forward = try values(threads: 1, budget: 0, indices: Array(0..<13))
      #expect(try values(threads: 5, budget: 1 << 20, indices: (0..<13).reversed(), batchSize: 4) == forward)
      #expect(try values(threads: 2, budget: 100, indices: Array(0..<13)) == forward)
      #expect(try values(threads: 2, budget: 0, indices: Array(0..<13), epoch: 4) != forward)

      let record = data.manifest.pictures[2]
      let pixels = preprocessing.resizedPixels(of: try PictureReader.read(data.url(of: 2)).picture)
      let changed = Augmentation.apply(
        pixels, height: 6, width: 5, settings: AugmentationSettings(), seed: 9, epoch: 3,
        picture: PictureFeeder.augmentationKey(of: record))
      #expect(forward[2] == preprocessing.scaled(changed))
      #expect(
        String(PictureFeeder.augmentationKey(of: record), radix: 16)
          == String(record.sha256.hex.prefix(16).drop { $0 == "0" }))
    }
  }

  @Test func `decoded pictures are kept up to the budget and no further`() throws {
    try withData { data in
      let decoded = DecodedPictures(budget: 5 * 30 + 29)
      let feeder = PictureFeeder(data: data, preprocessing: preprocessing, decoded: decoded)
      _ = try all(feeder.batches(of: Array(0..<13), batchSize: 4, shuffled: false))
      #expect(decoded.bytes == 5 * 30)
      // What is kept is not read again.
      let whole = DecodedPictures()
      let again = PictureFeeder(data: data, preprocessing: preprocessing, decoded: whole)
      let first = try all(again.batches(of: Array(0..<13), batchSize: 4, shuffled: false)).map(\.pixels)
      for index in 0..<13 { try FileManager.default.removeItem(at: data.url(of: index)) }
      #expect(try all(again.batches(of: Array(0..<13), batchSize: 4, shuffled: false)).map(\.pixels) == first)
      #expect(throws: MedicalImageError.self) {
        try all(feeder.batches(of: Array(0..<13), batchSize: 4, shuffled: false))
      }
    }
  }

  @Test(arguments: [
    PreprocessingSpecification(height: 8, width: 8, scaling: .imagenet),
    PreprocessingSpecification(height: 6, width: 5, scaling: .divide255),
    PreprocessingSpecification(
      height: 5, width: 6, resampling: .lanczos, scaling: .imagenet, colors: .grey,
      common: .init(height: 11, width: 7, resampling: .bilinear)),
    PreprocessingSpecification(height: 3, width: 13, resampling: .nearest, scaling: .imagenet),
  ])
  func `a picture of three equal channels is kept as grey, with the same values`(
    preprocessing: PreprocessingSpecification
  ) throws {
    try withTemporaryFolder { folder in
      let grey = smallPicture(3).rgb()
      var coloured = grey
      // The last blue.
      coloured.pixels[coloured.pixels.count - 1] ^= 64
      try write(grey, to: folder.appending(path: "Normal/Normal- (1).png"))
      try write(coloured, to: folder.appending(path: "Tumor/Tumor- (1).png"))
      let data = try DataSet.open(folder)
      let decoded = DecodedPictures()
      let feeder = PictureFeeder(data: data, preprocessing: preprocessing, decoded: decoded)
      // The second time they come from memory.
      for _ in 0..<2 {
        let batches = try all(feeder.batches(of: [0, 1], batchSize: 1, shuffled: false))
        #expect(batches.map(\.pixels) == [grey, coloured].map { preprocessing.tensorValues(of: $0) })
      }
      let (pixels, channels) = (preprocessing.height * preprocessing.width, preprocessing.colors == .grey ? 1 : 3)
      #expect(decoded.bytes == pixels + pixels * channels)
    }
  }

  @Test func `an epoch's batches take turns in few pieces of memory`() throws {
    try withData { data in
      var iterator = PictureFeeder(data: data, preprocessing: preprocessing).batches(
        of: Array(0..<13), batchSize: 1, shuffled: false, ahead: 1
      ).makeIterator()
      var places: Set<UnsafePointer<Float>> = []
      while let batch = try iterator.next() { places.insert(batch.buffer.values.baseAddress!) }
      // The one in use and the one in the making, and one between both.
      #expect((1...3).contains(places.count))
    }
  }

  @Test(arguments: [(1, 3), (16, 1), (500, 1)])
  func `as many batches are made ahead as a few megabytes hold`(batchSize: Int, ahead: Int) throws {
    try withData { data in
      let large = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet)
      let feeder = PictureFeeder(data: data, preprocessing: large)
      let indices = (0..<batchSize).map { $0 % 13 }
      #expect(feeder.batches(of: indices, batchSize: batchSize, shuffled: false).ahead == ahead)
    }
  }

  @Test func `a picture that is not the manifest's stops the epoch at its batch`() throws {
    try withData { data in
      try write(smallPicture(500), to: data.url(of: 6))
      var iterator = PictureFeeder(data: data, preprocessing: preprocessing).batches(
        of: Array(0..<13), batchSize: 2, shuffled: false
      ).makeIterator()
      for number in 0..<3 { #expect(try iterator.next()?.indices == [2 * number, 2 * number + 1]) }
      let error = #expect(throws: KidneyDataError.self) { try iterator.next() }
      #expect(error?.description.contains(data.url(of: 6).path) == true)
      #expect(try iterator.next()?.indices == nil)
    }
  }

  @Test func `no more batches are made ahead than allowed`() throws {
    try withData { data in
      let decoded = DecodedPictures()
      var iterator = PictureFeeder(data: data, preprocessing: preprocessing, decoded: decoded, threads: 4).batches(
        of: Array(0..<13), batchSize: 2, shuffled: false, ahead: 2
      ).makeIterator()
      _ = try iterator.next()
      Thread.sleep(forTimeInterval: 0.2)
      // One batch taken and two ahead.
      #expect(decoded.bytes <= 6 * 30)
      var rest = 0
      while let batch = try iterator.next() { rest += batch.indices.count }
      #expect(rest == 11)
    }
  }

  @Test func `an iterator may be dropped at any time`() throws {
    try withData { data in
      let feeder = PictureFeeder(data: data, preprocessing: preprocessing, threads: 3)
      for taken in 0..<5 {
        var iterator = feeder.batches(of: Array(0..<13), batchSize: 3, shuffled: true, ahead: 1).makeIterator()
        for _ in 0..<taken { _ = try iterator.next() }
      }
    }
  }
}
