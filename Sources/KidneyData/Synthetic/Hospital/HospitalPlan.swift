import ParallelWork
import RandomStreams

/// Who lies in a synthetic hospital, and which slices of whom are written.
struct HospitalPlan: Sendable {
  /// By class, in each class by patient, so that the numbers in the files' names follow the patients.
  let slices: [SyntheticSlice]
  private let patients: [Int: SyntheticPatient]

  init(_ options: SyntheticHospitalOptions) {
    let drawn = parallelMap(options.patients) { index in
      let number = index + 1
      var stream = RandomStream(seed: options.seed, patient: number, part: "site")
      let site: SyntheticSite = stream.chance(options.secondSiteFraction) ? .second : .first
      let patient = SyntheticPatient(
        seed: options.seed, number: number, finding: options.classes[index % options.classes.count], site: site)
      return (patient, Self.cuts(of: patient, options: options))
    }
    var slices: [SyntheticSlice] = []
    for finding in options.classes.sorted() {
      var number = 0
      for (patient, cuts) in drawn where patient.finding == finding {
        for cut in cuts {
          number += 1
          slices.append(
            SyntheticSlice(
              path: SyntheticHospital.path(of: finding, number: number), patient: patient.number, finding: finding,
              site: patient.site, plane: cut.plane, position: cut.position, size: options.size(at: patient.site),
              isMarked: cut.isMarked))
        }
      }
    }
    self.slices = slices
    patients = Dictionary(uniqueKeysWithValues: drawn.map { ($0.0.number, $0.0) })
  }

  func patient(of slice: SyntheticSlice) -> SyntheticPatient {
    guard let patient = patients[slice.patient] else { preconditionFailure("a plan's slices show its patients") }
    return patient
  }

  private struct Cut: Sendable {
    let plane: SlicePlane
    let position: Float
    let isMarked: Bool
  }

  /// A patient's slices: axial ones from head to foot, then coronal ones from front to back.
  private static func cuts(of patient: SyntheticPatient, options: SyntheticHospitalOptions) -> [Cut] {
    var stream = RandomStream(seed: options.seed, patient: patient.number, part: "slices")
    let range = options.slicesPerPatient
    let count = range.lowerBound + stream.index(below: range.count)
    let coronal = Int((Double(count) * options.coronalFraction).rounded())
    return [(SlicePlane.axial, count - coronal), (.coronal, coronal)].flatMap { plane, count in
      patient.positions(plane: plane, count: count).map { position in
        Cut(plane: plane, position: position, isMarked: stream.chance(options.markedFraction))
      }
    }
  }
}
