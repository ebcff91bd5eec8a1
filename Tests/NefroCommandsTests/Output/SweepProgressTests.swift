import Foundation
import NefroCommands
import Testing
import Training

@Suite struct SweepProgressTests {
  private final class Screen: @unchecked Sendable {
    var time = 0.0
    var text = ""
  }

  private func ended(_ number: Int) throws -> SweepEvent {
    let json = #"{"number": \#(number), "settings": [{"key": "EPOCHS", "value": "\#(number)"}], "digest": "", "failure": "it broke", "folds": []}"#
    return .ended(try JSONDecoder().decode(TrialResult.self, from: Data(json.utf8)))
  }

  private func progress(_ screen: Screen, trials: Int) -> SweepProgress {
    let line = ProgressLine(isTerminal: false, now: { screen.time }, write: { screen.text += $0 })
    return SweepProgress(line, trials: trials, metric: .auc, now: { screen.time })
  }

  @Test func `the time left goes by the trials after the first, which may have computed features for all`() throws {
    let screen = Screen()
    let progress = progress(screen, trials: 4)
    for (number, seconds) in [(1, 60.0), (2, 2), (3, 4), (4, 3)] {
      progress.show(.started(SweepTrial(number: number, settings: [])))
      screen.time += seconds
      progress.show(try ended(number))
    }
    #expect(
      screen.text == """
        Trial 1 failed (EPOCHS 1): it broke; 3 left, at most about 3 min 00 s
        Trial 2 failed (EPOCHS 2): it broke; 2 left, about 4 s
        Trial 3 failed (EPOCHS 3): it broke; 1 left, about 3 s
        Trial 4 failed (EPOCHS 4): it broke

        """)
  }

  @Test func `a trial that takes its time has a bar`() throws {
    let screen = Screen()
    let progress = progress(screen, trials: 2)
    progress.show(.started(SweepTrial(number: 2, settings: [])))
    for (time, done) in [(0.5, 10), (1.5, 30), (12.5, 250)] {
      screen.time = time
      progress.show(.progress(done: done, total: 1000))
    }
    #expect(screen.text == "Trial 2 of 2  [#####...............] 250/1000 images  20 images/s  38 s left\n")
  }
}
