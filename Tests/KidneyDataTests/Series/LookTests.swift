import Foundation
import KidneyData
import MedicalImages
import Testing

@Suite struct LookTests {
  private func grey(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) -> Picture {
    Picture(
      width: width, height: height, channels: 1,
      pixels: (0..<height).flatMap { row in (0..<width).map { value(row, $0) } })
  }

  @Test func `a thumbnail averages areas, parts of pixels by their part`() {
    let ramp = GreyPicture(grey(6, 6) { UInt8(10 * $0 + $1) })
    // Blocks of 3 x 3: the middle pixel is the mean.
    #expect(ramp.thumbnail(of: ramp.frame, side: 2).values == [11, 14, 41, 44])
    // Blocks of 1.5 x 1.5: (1 · a + 0.5 · b) / 1.5 along each axis.
    let values = ramp.thumbnail(of: ramp.frame, side: 4).values
    // First column: (0 + 0.5 · 1) / 1.5; last: (5 + 0.5 · 4) / 1.5; rows ten times that.
    #expect(abs(values[0] - (10.0 / 3 + 1.0 / 3)) < 1e-4)
    #expect(abs(values[3] - (10.0 / 3 + 14.0 / 3)) < 1e-4)
    // Enlarging repeats.
    let small = GreyPicture(grey(2, 1) { _, column in UInt8(column * 100) })
    #expect(small.thumbnail(of: small.frame, side: 4).values.prefix(4) == [0, 0, 100, 100])
    #expect(ramp.thumbnail(of: ramp.frame, side: 6).reduced(by: 3).values == [11, 14, 41, 44])
  }

  @Test func `colours become grey as Pillow makes them`() {
    let picture = Picture(width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50])
    // Image.convert("L") of Pillow 11.
    #expect(GreyPicture(picture).values == [76, 150, 29, 124])
  }

  @Test func `the body's rectangle leaves letterbox and noise out`() {
    let picture = GreyPicture(
      grey(100, 50) { row, column in
        if (10..<40).contains(row), (20..<90).contains(column) { return 90 }
        return row == 2 && column < 3 ? 200 : 20
      })
    #expect(picture.body() == .init(rows: 10..<40, columns: 20..<90))
    let dark = GreyPicture(grey(10, 5) { _, _ in 3 })
    #expect(dark.body() == dark.frame)
  }

  @Test func `a picture is like itself, unlike its negative, and an empty one is like nothing`() {
    let study = PaperStudy(patient: 1)
    let look = Look(study.slice(0))
    #expect(abs(look.similarity(to: look) - 1) < 1e-5)
    let negative = grey(128, 128) { 255 - study.slice(0).pixels[$0 * 128 + $1] }
    #expect(look.similarity(to: Look(negative)) < 0.3)
    let blank = Look(grey(40, 40) { _, _ in 120 })
    #expect(blank.similarity(to: blank) == 0)
    #expect(blank.similarity(to: look) == 0)
  }

  @Test func `encoding again, other sizes, borders and brightness change little`() throws {
    let slice = PaperStudy(patient: 2).slice(5)
    let look = Look(slice)
    let jpeg = try PictureReader.decode(try PictureWriter.jpeg(slice, quality: 40), name: "x").picture
    #expect(look.similarity(to: Look(jpeg)) > 0.95)
    #expect(look.similarity(to: Look(slice.resized(width: 200, height: 90, by: .bilinear))) > 0.9)
    #expect(look.similarity(to: Look(slice.rgb())) > 0.999)
    let padded = grey(190, 150) { row, column in
      (11..<139).contains(row) && (40..<168).contains(column) ? slice.pixels[(row - 11) * 128 + column - 40] : 0
    }
    #expect(look.similarity(to: Look(padded)) > 0.9)
    let dimmed = grey(128, 128) { UInt8(Double(slice.pixels[$0 * 128 + $1]) * 0.7) }
    #expect(look.similarity(to: Look(dimmed)) > 0.95)
  }

  @Test func `neighbours of a patient are alike, patients are not`() {
    let looks = (1...6).map { patient in Look(PaperStudy(patient: patient).slice(0)) }
    for (index, look) in looks.enumerated() {
      #expect(look.similarity(to: Look(PaperStudy(patient: UInt64(index + 1)).slice(1))) > 0.9)
      for other in looks[(index + 1)...] { #expect(look.similarity(to: other) < 0.5) }
    }
  }

  @Test func `a body taller than wide is a longitudinal slice`() {
    let study = PaperStudy(patient: 3)
    #expect(Look(study.slice(0)).plane == .axial)
    #expect(Look(study.slice(0, longitudinal: true)).plane == .longitudinal)
  }

  @Test(arguments: [1, 2, 3, 7, 63, 65])
  func `tiny and odd pictures have a look`(side: Int) {
    let look = Look(grey(side, 1) { UInt8(($0 + $1 * 37) % 256) })
    #expect(look.similarity(to: look) <= 1.0001)
  }
}

@Suite struct TonesTests {
  private func histogram(_ peaks: [(level: Int, count: Int)], background: Int = 100_000) -> [Int] {
    var result = [Int](repeating: 0, count: 256)
    result[0] = background
    for (level, count) in peaks { result[level] += count }
    return result
  }

  @Test func `soft tissue is the brightest frequent grey, fat the most frequent well below`() throws {
    let tones = try #require(Tones(histogram: histogram([(32, 1000), (135, 900), (220, 100)])))
    #expect(tones.soft == 135)
    #expect(tones.fat == 32)
    #expect(Tones(histogram: histogram([(68, 500)])) == Tones(histogram: histogram([(68, 50)])))
    #expect(Tones(histogram: histogram([(68, 500)]))?.fat == nil)
  }

  @Test func `nothing but background has no tones`() {
    #expect(Tones(histogram: histogram([])) == nil)
    #expect(Tones(histogram: histogram([(5, 1000)])) == nil)
  }

  @Test func `tones agree within six grey levels, or as many as are allowed`() throws {
    let tones = try #require(Tones(histogram: histogram([(40, 500), (130, 500)])))
    func other(_ fat: Int, _ soft: Int) throws -> Tones {
      try #require(Tones(histogram: histogram([(fat, 500), (soft, 500)])))
    }
    #expect(try tones.agrees(with: other(46, 136)))
    #expect(try !tones.agrees(with: other(40, 137)))
    #expect(try !tones.agrees(with: other(47, 130)))
    #expect(try tones.agrees(with: other(60, 150), within: 20))
    #expect(try !tones.agrees(with: other(40, 151), within: 20))
    #expect(try !tones.agrees(with: other(61, 130), within: 20))
    #expect(try tones.agrees(with: other(61, 130), within: 20, ignoringFat: true))
  }

  @Test func `tissue is shared where any peak meets one of the other, but not at the dark end`() throws {
    func tones(_ levels: Int...) throws -> Tones {
      try #require(Tones(histogram: histogram(levels.map { ($0, 500) })))
    }
    #expect(try tones(40, 130).peaks == [40, 130])
    #expect(try tones(40, 130).sharesTissue(with: tones(136, 170)))
    #expect(try !tones(40, 130).sharesTissue(with: tones(80, 170)))
    #expect(try !tones(18, 130).sharesTissue(with: tones(18, 170)))
  }
}
