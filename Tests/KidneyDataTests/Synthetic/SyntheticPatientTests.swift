import KidneyData
import Testing

struct SyntheticPatientTests {
  private let size = SliceSize(128)

  @Test(arguments: SlicePlane.allCases)
  func `a seed and a number name one patient`(plane: SlicePlane) {
    func slice(_ seed: UInt64, _ number: Int) -> [Float] {
      SyntheticPatient(seed: seed, number: number, finding: .normal).slice(plane: plane, position: 12, size: size)
    }
    #expect(slice(1, 3) == slice(1, 3))
    #expect(slice(1, 3) != slice(1, 4))
    #expect(slice(1, 3) != slice(2, 3))
  }

  @Test(arguments: SlicePlane.allCases)
  func `slices of one patient are more alike than slices of two`(plane: SlicePlane) {
    let patients = (0..<6).map { SyntheticPatient(seed: 5, number: $0, finding: .normal) }
    let near = patients.map { patient in
      let first = patient.slice(plane: plane, position: 20, size: size)
      let second = patient.slice(plane: plane, position: 23, size: size)
      return correlation(first, second)
    }
    let slices = patients.map { $0.slice(plane: plane, position: 20, size: size) }
    let far = (0..<5).map { correlation(slices[$0], slices[$0 + 1]) }
    #expect(near.min()! > 0.9)
    #expect(near.min()! > far.max()! + 0.02)
  }

  @Test(arguments: 0..<4)
  func `axial and coronal slices cut the same body`(number: Int) {
    let size = SliceSize(256)
    let patient = SyntheticPatient(seed: 9, number: number, finding: .tumor)
    let (y, z): (Float, Float) = (24, 6)
    let axial = patient.slice(plane: .axial, position: z, size: size, isNoisy: false)
    let coronal = patient.slice(plane: .coronal, position: y, size: size, isNoisy: false)
    let axialRow = (0..<256).min { rowDistance(patient, .axial, $0, y) < rowDistance(patient, .axial, $1, y) }!
    let coronalRow = (0..<256).min { rowDistance(patient, .coronal, $0, z) < rowDistance(patient, .coronal, $1, z) }!
    var (alongAxial, alongCoronal): ([Float], [Float]) = ([], [])
    for column in 0..<256 {
      let x = patient.place(row: axialRow, column: column, plane: .axial, position: z, size: size).x
      let first = patient.place(row: coronalRow, column: 0, plane: .coronal, position: y, size: size).x
      let match = Int(((x - first) / patient.spacing(plane: .coronal, size: size)).rounded())
      guard (0..<256).contains(match) else { continue }
      alongAxial.append(max(axial[axialRow * 256 + column], -200))
      alongCoronal.append(max(coronal[coronalRow * 256 + match], -200))
    }
    #expect(alongAxial.count > 150)
    #expect(correlation(alongAxial, alongCoronal) > 0.9)
  }

  private func rowDistance(_ patient: SyntheticPatient, _ plane: SlicePlane, _ row: Int, _ wanted: Float) -> Float {
    let place = patient.place(row: row, column: 0, plane: plane, position: 0, size: SliceSize(256))
    return abs((plane == .axial ? place.y : place.z) - wanted)
  }

  @Test(arguments: 0..<5)
  func `an axial slice holds air, fat, soft tissue and bone in a body's proportions`(number: Int) {
    let patient = SyntheticPatient(seed: 21, number: number, finding: .normal)
    let slice = patient.slice(plane: .axial, position: 5, size: size, isNoisy: false)
    func share(_ range: ClosedRange<Float>) -> Double {
      Double(slice.filter { range.contains($0) }.count) / Double(slice.count)
    }
    #expect((0.25...0.8).contains(share(-1100 ... -900)))
    // From a lean to an obese patient.
    #expect((0.025...0.45).contains(share(-130 ... -70)))
    #expect((0.08...0.45).contains(share(20...130)))
    #expect((0.005...0.06).contains(share(250...1500)))
    // The corners are air, the middle row meets the body.
    for corner in [0, size.width - 1] { #expect(slice[corner] == -1000) }
    #expect(slice[(size.height / 2) * size.width..<(size.height / 2 + 1) * size.width].contains { $0 > 20 })
  }

  @Test(arguments: 0..<5)
  func `the liver lies on the left of the picture and the lungs above`(number: Int) {
    let patient = SyntheticPatient(seed: 22, number: number, finding: .normal)
    let slice = patient.slice(plane: .coronal, position: 10, size: size, isNoisy: false)
    var (left, right, upperLung, lowerLung) = (0, 0, 0, 0)
    for row in 0..<size.height {
      for column in 0..<size.width {
        let place = patient.place(row: row, column: column, plane: .coronal, position: 10, size: size)
        let value = slice[row * size.width + column]
        let isInside = abs(place.x) < 100
        if isInside, (-920 ... -700).contains(value) {
          if place.z > 40 { upperLung += 1 } else { lowerLung += 1 }
        }
        // Between dome and kidney there is liver on the right, and no organ as large on the left.
        if (40...80).contains(place.z), (30...140).contains(value) {
          if (-100 ... -40).contains(place.x) { left += 1 } else if (40...100).contains(place.x) { right += 1 }
        }
      }
    }
    #expect(left > right)
    #expect(upperLung > 20 * lowerLung)
    #expect(upperLung > 300)
  }

  @Test func `the noise has the scanner's strength and is alike in neighbours`() {
    let size = SliceSize(512)
    for number in 0..<3 {
      let patient = SyntheticPatient(seed: 3, number: number, finding: .normal)
      let clean = patient.slice(plane: .axial, position: 0, size: size, isNoisy: false)
      let noisy = patient.slice(plane: .axial, position: 0, size: size)
      let noise = zip(noisy, clean).map { $0 - $1 }
      let body = clean.map { $0 > -150 }
      let inBody = values(noise, where: body)
      #expect(abs(mean(inBody)) < 0.5)
      #expect((5...23).contains(deviation(inBody)))
      #expect((0.55...0.75).contains(correlation(Array(noise.dropLast()), Array(noise.dropFirst()))))
      #expect(zip(noise, clean).allSatisfy { $1 > -990 || $0 == 0 })
    }
  }

  @Test(arguments: [SliceSize(width: 40, height: 32), SliceSize(width: 33, height: 57), SliceSize(1)])
  func `any size is filled with finite densities`(size: SliceSize) {
    let patient = SyntheticPatient(seed: 1, number: 1, finding: .cyst)
    for plane in SlicePlane.allCases {
      let slice = patient.slice(plane: plane, position: 10, size: size)
      #expect(slice.count == size.width * size.height)
      #expect(slice.allSatisfy { $0.isFinite && $0 >= -1100 && $0 < 3000 })
      #expect(patient.findingMask(plane: plane, position: 10, size: size).count == slice.count)
    }
  }

  @Test func `positions far from the body give empty slices`() {
    let patient = SyntheticPatient(seed: 1, number: 1, finding: .tumor)
    let slice = patient.slice(plane: .coronal, position: 900, size: size, isNoisy: false)
    #expect(slice.allSatisfy { $0 == -1000 })
  }

  @Test func `the first site shows grey pictures, the second coloured ones with another window`() {
    let first = SyntheticPatient(seed: 4, number: 2, finding: .normal, site: .first)
    let second = SyntheticPatient(seed: 4, number: 2, finding: .normal, site: .second)
    let grey = first.picture(plane: .axial, position: 0, size: size)
    let color = second.picture(plane: .axial, position: 0, size: SliceSize(width: 160, height: 128))
    #expect((grey.width, grey.height, grey.channels) == (128, 128, 1))
    #expect((color.width, color.height, color.channels) == (160, 128, 3))
    #expect(first.window != second.window)
    // The darkest is air, the brightest bone.
    #expect(grey.pixels.min() == 0)
    #expect(grey.pixels.max() == 255)
  }

  @Test func `a window maps its ends to black and white`() {
    let window = DisplayWindow(level: 40, width: 400)
    #expect(window.grey(of: -160) == 0)
    #expect(window.grey(of: -1000) == 0)
    #expect(window.grey(of: 240) == 255)
    #expect(window.grey(of: 3000) == 255)
    #expect(window.grey(of: 40) == 128)
  }
}
