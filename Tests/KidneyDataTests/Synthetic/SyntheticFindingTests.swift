import KidneyData
import Testing

struct SyntheticFindingTests {
  private let size = SliceSize(256)

  private func patient(_ number: Int, _ finding: SyntheticFinding) -> SyntheticPatient {
    SyntheticPatient(seed: 31, number: number, finding: finding)
  }

  /// HU inside the finding, its edge left out, of all slices that `positions` names in a plane.
  private func densities(_ patient: SyntheticPatient, plane: SlicePlane, margin: Int) -> [Float] {
    patient.positions(plane: plane, count: 3).flatMap { position in
      let slice = patient.slice(plane: plane, position: position, size: size, isNoisy: false)
      let mask = patient.findingMask(plane: plane, position: position, size: size)
      return values(slice, where: eroded(mask, size: size, margin: margin))
    }
  }

  @Test(arguments: 0..<6, SlicePlane.allCases)
  func `a cyst is even and as dense as water`(number: Int, plane: SlicePlane) {
    let inside = densities(patient(number, .cyst), plane: plane, margin: 3)
    #expect(!inside.isEmpty)
    #expect((0...20).contains(mean(inside)))
    #expect(deviation(inside) < 6)
  }

  @Test(arguments: 0..<6, SlicePlane.allCases)
  func `a stone is brighter than anything soft`(number: Int, plane: SlicePlane) {
    let inside = densities(patient(number, .stone), plane: plane, margin: 0)
    #expect(!inside.isEmpty)
    #expect(mean(inside) > 300)
    #expect(inside.max()! < 2000)
  }

  @Test(arguments: 0..<6, SlicePlane.allCases)
  func `a tumour is uneven and takes up contrast medium`(number: Int, plane: SlicePlane) {
    let patient = patient(number, .tumor)
    let inside = densities(patient, plane: plane, margin: 2)
    #expect(inside.count > 30)
    let range: ClosedRange<Double> = patient.phase == .plain ? 22...48 : 45...150
    #expect(range.contains(mean(inside)))
    #expect(deviation(inside) > (patient.phase == .plain ? 2 : 10))
  }

  @Test(arguments: [SyntheticFinding.cyst, .stone, .tumor], SlicePlane.allCases)
  func `every slice chosen for a finding shows it`(finding: SyntheticFinding, plane: SlicePlane) {
    for number in 0..<8 {
      let patient = patient(number, finding)
      let pixel = patient.spacing(plane: plane, size: size)
      for position in patient.positions(plane: plane, count: 5) {
        let count = patient.findingMask(plane: plane, position: position, size: size).filter { $0 }.count
        let area = Float(count) * pixel * pixel
        #expect(area > (finding == .stone ? 6 : 60), "patient \(number), \(plane) \(position): \(area) mm²")
      }
    }
  }

  @Test(arguments: SlicePlane.allCases)
  func `positions run in order and none is taken twice`(plane: SlicePlane) {
    for finding in SyntheticFinding.allCases {
      let positions = patient(2, finding).positions(plane: plane, count: 12)
      #expect(positions.count == 12)
      // From head to foot, from front to back.
      #expect(zip(positions, positions.dropFirst()).allSatisfy { plane == .axial ? $0 > $1 : $0 < $1 })
    }
    #expect(patient(2, .normal).positions(plane: plane, count: 0).isEmpty)
  }

  @Test func `a patient without a finding has an empty mask`() {
    let mask = patient(1, .normal).findingMask(plane: .axial, position: 0, size: size)
    #expect(!mask.contains(true))
  }

  @Test(arguments: [SyntheticFinding.cyst, .stone, .tumor])
  func `a finding changes only its surroundings`(finding: SyntheticFinding) {
    for number in 0..<4 {
      let (healthy, ill) = (patient(number, .normal), patient(number, finding))
      // Whatever a model could learn besides the finding is the same.
      #expect(healthy.phase == ill.phase)
      #expect(healthy.window == ill.window)
      let position = ill.positions(plane: .axial, count: 1)[0]
      let before = healthy.slice(plane: .axial, position: position, size: size)
      let after = ill.slice(plane: .axial, position: position, size: size)
      let mask = ill.findingMask(plane: .axial, position: position, size: size)
      #expect(before != after)
      let inside = mask.indices.filter { mask[$0] }
      let (rows, columns) = (inside.map { $0 / size.width }, inside.map { $0 % size.width })
      let reach = Int(20 / ill.spacing(plane: .axial, size: size)) + 2
      let changed = before.indices.filter { before[$0] != after[$0] }
      let strays = changed.filter { index in
        let (row, column) = (index / size.width, index % size.width)
        return row < rows.min()! - reach || row > rows.max()! + reach || column < columns.min()! - reach
          || column > columns.max()! + reach
      }
      #expect(strays.isEmpty)
    }
  }
}
