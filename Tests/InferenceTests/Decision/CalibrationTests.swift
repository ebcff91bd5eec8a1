import Foundation
import Inference
import Testing

@Suite struct CalibrationTests {
  private let classes = ["Cyst", "Normal", "Tumor"]

  private func calibration(_ map: Calibration.Map) -> Calibration {
    Calibration(map: map, images: 10, series: 5, note: "")
  }

  @Test func `none changes no bit`() {
    let row = [0.1, 0.2, 0.7]
    #expect(calibration(.none).applied(to: row, classes: classes) == row)
  }

  @Test func `a temperature divides the logits`() {
    let logits = [2.0, -1, 0.5]
    func softmax(_ logits: [Double]) -> [Double] {
      let powers = logits.map(exp)
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let row = calibration(.temperature(value: 2.5)).applied(to: softmax(logits), classes: classes)
    for (value, expected) in zip(row, softmax(logits.map { $0 / 2.5 })) { #expect(abs(value - expected) < 1e-12) }
    #expect(abs(row.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `probabilities of 0 and 1 stay probabilities`() {
    for map in [Calibration.Map.temperature(value: 0.5), .temperature(value: 5)] {
      let row = calibration(map).applied(to: [0, 0, 1], classes: classes)
      #expect(row.allSatisfy { (0...1).contains($0) })
      #expect(abs(row.reduce(0, +) - 1) < 1e-12)
    }
    let platt = calibration(.platt(positiveClass: "Tumor", intercept: 1, slope: 2))
    let row = platt.applied(to: [1, 0], classes: ["Normal", "Tumor"])
    #expect(row[1] >= 0 && row[1] < 1e-9 && row[0] + row[1] == 1)
  }

  @Test func `Platt's map moves the positive class's log odds, wherever it stands`() {
    let map = calibration(.platt(positiveClass: "Tumor", intercept: -0.5, slope: 0.8))
    let expected = 1 / (1 + exp(-(-0.5 + 0.8 * log(0.9 / 0.1))))
    #expect(abs(map.applied(to: [0.1, 0.9], classes: ["Normal", "Tumor"])[1] - expected) < 1e-12)
    #expect(abs(map.applied(to: [0.9, 0.1], classes: ["Tumor", "Zyst"])[0] - expected) < 1e-12)
  }
}
