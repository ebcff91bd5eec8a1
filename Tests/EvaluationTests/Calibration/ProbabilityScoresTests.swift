import Evaluation
import Foundation
import Testing

struct ProbabilityScoresTests {
  @Test func `log loss is clipped as in Keras`() {
    #expect(abs(ProbabilityScores.logLoss([0, 1], label: 0) - 16.11809565095832) < 1e-12)
    #expect(abs(ProbabilityScores.logLoss([0, 1], label: 1) - 1.0000000494736474e-07) < 1e-15)
    #expect(abs(ProbabilityScores.logLoss([0.25, 0.75], label: 0) - log(4)) < 1e-15)
  }

  @Test func `log loss divides a row by its sum`() {
    #expect(abs(ProbabilityScores.logLoss([0.25, 0.25], label: 0) - log(2)) < 1e-15)
  }

  @Test func `Brier score is halved for two classes only`() {
    #expect(abs(ProbabilityScores.brier([0.3, 0.7], label: 1) - 0.09) < 1e-15)
    #expect(abs(ProbabilityScores.brier([0.2, 0.3, 0.5], label: 2) - 0.38) < 1e-15)
    #expect(ProbabilityScores.brier([0, 0, 1], label: 0) == 2)
  }
}
