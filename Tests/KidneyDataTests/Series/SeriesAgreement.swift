import KidneyData

/// How well series found by look agree with patients that are known.
struct SeriesAgreement {
  /// Series that hold several patients: safe, but fewer independent series are left than there could be.
  let overMerged: [[String]]
  /// Patients who are spread over several series: a split may put them on two sides.
  let overCut: [String]
  let patients: Int
  let series: Int

  /// - Parameters:
  ///   - patients: of each picture; pictures without one are left out.
  init(of assignment: SeriesAssignment, patients: [String?]) {
    precondition(patients.count == assignment.seriesOf.count, "one entry a picture")
    var patientsOf: [Int: Set<String>] = [:]
    var seriesOf: [String: Set<Int>] = [:]
    for (patient, series) in zip(patients, assignment.seriesOf) {
      guard let patient else { continue }
      patientsOf[series, default: []].insert(patient)
      seriesOf[patient, default: []].insert(series)
    }
    overMerged = patientsOf.sorted { $0.key < $1.key }.filter { $0.value.count > 1 }.map { $0.value.sorted() }
    overCut = seriesOf.filter { $0.value.count > 1 }.keys.sorted()
    self.patients = seriesOf.count
    series = patientsOf.count
  }
}
