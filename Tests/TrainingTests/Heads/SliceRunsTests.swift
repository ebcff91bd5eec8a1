import Digests
import KidneyData
import MedicalImages
import Testing
import Training
import Foundation

@Suite struct SliceRunsTests {
  private func data(_ names: [String]) throws -> DataSet {
    let records = names.map {
      PictureRecord(
        path: "Normal/\($0).png", className: "Normal", byteCount: 1, sha256: ContentDigest(of: $0), width: 8, height: 8,
        mode: "L")
    }
    return DataSet(root: URL(filePath: "/nowhere"), manifest: try DataManifest(source: "made", pictures: records))
  }

  /// Zero-padded names, so that the manifest's order is that of the numbers.
  private func runs(
    _ numbers: [Int], series: [Int]? = nil, origin: [Int]? = nil, upright: [Bool]? = nil, copies: [CopyPair] = [],
    length: Int = 3
  ) throws -> [Int] {
    let data = try data(numbers.map { String(format: "slice (%03d)", $0) })
    return SliceRuns.runs(
      data, series: series ?? numbers.map { _ in 0 }, origin: origin ?? numbers.map { _ in 0 },
      isUpright: upright ?? numbers.map { _ in false }, copies: copies, length: length)
  }

  @Test func `long stretches are cut into even runs`() throws {
    #expect(try runs([1, 2, 3]) == [0, 0, 0])
    #expect(try runs([1, 2, 3, 4]) == [0, 0, 1, 1])
    #expect(try runs([1, 2, 3, 4, 5, 6, 7]) == [0, 0, 0, 1, 1, 2, 2])
  }

  @Test func `gaps, planes, series and sets begin new runs`() throws {
    #expect(try runs([1, 2, 5, 9]) == [0, 0, 0, 1])
    #expect(try runs([1, 2, 3], upright: [false, true, true]) == [0, 1, 1])
    #expect(try runs([1, 2, 3], series: [0, 0, 1]) == [0, 0, 1])
    #expect(try runs([1, 2, 3], origin: [0, 1, 0]) == [0, 1, 0])
  }

  private func copy(_ first: Int, _ second: Int, _ kind: CopyPair.Kind) -> CopyPair {
    CopyPair(first: first, second: second, kind: kind, flip: .none, structure: 1, detail: 1, hashDistance: 0)
  }

  @Test func `exact copies bring their runs together, near ones of neighbours do not`() throws {
    let numbers = [1, 2, 3, 11, 12, 21]
    #expect(try runs(numbers, copies: [copy(0, 5, .samePixels)]) == [0, 0, 0, 1, 1, 0])
    #expect(try runs(numbers, copies: [copy(0, 5, .nearCopy)]) == [0, 0, 0, 1, 1, 2])
  }

  @Test func `one number in two sets is one slice if it is a near copy`() throws {
    let names = ["a (1)", "a (2)", "b (1)", "b (2)"]
    let data = try data(names)
    func runs(_ copies: [CopyPair]) -> [Int] {
      SliceRuns.runs(
        data, series: [0, 0, 0, 0], origin: [0, 0, 1, 1], isUpright: names.map { _ in false }, copies: copies, length: 1)
    }
    #expect(runs([]) == [0, 1, 2, 3])
    #expect(runs([copy(0, 2, .nearCopy)]) == [0, 1, 0, 2])
    #expect(runs([copy(0, 3, .nearCopy)]) == [0, 1, 2, 3])
  }

  @Test func `a body that reaches the upper or lower edge is upright`() {
    func picture(_ rows: Range<Int>) -> Picture {
      Picture(
        width: 256, height: 256, channels: 1,
        pixels: (0..<65536).map { rows.contains($0 / 256) && (40..<216).contains($0 % 256) ? 120 : 5 })
    }
    #expect(SliceRuns.isUpright(picture(60..<220)) == false)
    #expect(SliceRuns.isUpright(picture(0..<256)))
    #expect(SliceRuns.isUpright(picture(0..<200)))
    #expect(SliceRuns.isUpright(picture(50..<256)))
  }
}
