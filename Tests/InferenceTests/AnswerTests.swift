import Inference
import Testing

@Suite struct AnswerTests {
  @Test func `the label is the most probable class`() {
    let answer = Answer(probabilities: [0.1, 0.7, 0.2], classes: ["Cyst", "Normal", "Tumor"])
    #expect(answer.label == "Normal")
    #expect(answer.probabilities == [0.1, 0.7, 0.2])
    #expect(answer.classes == ["Cyst", "Normal", "Tumor"])
    #expect(answer.decision == .answered)
    #expect(answer.decision.rawValue == "answered")
    #expect(!answer.reason.isEmpty)
  }

  @Test(arguments: [([0.5, 0.5], "Normal"), ([0.2, 0.4, 0.4], "Tumor")])
  func `of equals the first is the label`(probabilities: [Double], label: String) {
    let classes = Array(["Normal", "Tumor", "Stone"].prefix(probabilities.count))
    #expect(Answer(probabilities: probabilities, classes: classes).label == label)
  }
}
