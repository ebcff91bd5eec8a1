import Reports
import Testing

struct TrainingCurvesTests {
  private func curves(_ epochs: Int, validation: Double? = 0.6) -> TrainingCurves {
    let falling = (1...epochs).map { Double?(1 / Double($0)) }
    let same = [Double?](repeating: validation, count: epochs)
    return TrainingCurves(
      epochs: Array(1...epochs), trainingLoss: falling, validationLoss: same,
      trainingAccuracy: falling.map { $0.map { 1 - $0 } }, validationAccuracy: same)
  }

  @Test(arguments: [1, 2, 5, 60, 80, 200])
  func `loss stands above accuracy in one document`(epochs: Int) throws {
    let document = try SVGDocument(curves(epochs).svg())
    #expect(document.title == "Loss by epoch; Accuracy by epoch")
    #expect(document.labels.filter { $0 == "training" }.count == 2)
    #expect(document.labels.filter { $0 == "validation" }.count == 2)
    #expect(document.polylines.map(\.count) == (epochs == 1 ? [] : Array(repeating: epochs, count: 4)))
    #expect(document.labels.contains("\(epochs)"))
  }

  @Test func `accuracy spans 0 to 1`() throws {
    let labels = try SVGDocument(curves(5).accuracyChart().svg()).labels
    #expect(labels.contains("0.0") && labels.contains("1.0"))
  }

  @Test func `a validation never measured is left out of lines and legend`() throws {
    let document = try SVGDocument(curves(5, validation: nil).svg())
    #expect(!document.labels.contains("validation") && document.polylines.count == 2)
  }

  @Test func `an array of another length is refused by name`() {
    var wrong = curves(5)
    wrong.validationLoss = [nil, nil]
    #expect(throws: ReportError.differentLengths(array: "validation", expected: 5, actual: 2)) { try wrong.svg() }
    #expect(
      ReportError.differentLengths(array: "validation", expected: 5, actual: 2).description.contains(
        "2 entries where 5"))
  }
}
