import Foundation
import TestSupport
import Testing

/// The registry as a user works with it, on a model of the built program.
@Suite struct ModelsTests {
  @Test func `a scored model is registered, judged by the gate, and found again by day`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      let nefro = project.program
      #expect(try nefro.run("pipeline", "--source", "hospital", expecting: 0).code == 0)

      let registered = try nefro.run("models", "register", expecting: 0)
      #expect(registered.code == 0 && registered.output.hasPrefix("kidney:1  model "))
      #expect(try nefro.run("models", "register", expecting: 0).output.contains("was registered before"))

      // A bound that no model meets: refused, with exit code 1 and the reason.
      let gate = project.url("config/promotion.yaml")
      try "metrics: {auc: {value_at_least: 1.5}}".write(to: gate, atomically: true, encoding: .utf8)
      let refused = try nefro.run(["models", "promote", "kidney:1"], expecting: 1)
      #expect(refused.code == 1 && refused.error.contains("auc is ") && refused.error.contains("at least 1.5"))
      #expect(try nefro.run(["models", "list"], expecting: 0).output.contains("kidney:1"))

      try "metrics: {auc: {value_at_least: 0}}".write(to: gate, atomically: true, encoding: .utf8)
      let promoted = try nefro.run(["models", "promote", "kidney:1"], expecting: 0)
      #expect(promoted.code == 0 && promoted.output.contains("kidney:1 is 'champion'"))
      let again = try nefro.run(["models", "promote", "kidney:1"], expecting: 0)
      #expect(again.output == "kidney:1 is already 'champion'; no gate was asked\n")
      let other = try nefro.run(["models", "promote", "kidney:1", "--gate", "nothing.yaml", "--alias", "challenger"], expecting: 0)
      #expect(other.output.contains("is 'challenger'"))
      let history = try nefro.run(["models", "history", "kidney"], expecting: 0).output
      #expect(history.ranges(of: "became 'champion'").count == 1)
      #expect(history.contains("was refused as 'champion'") && history.contains("became 'champion'"))
      let today = String(Date().formatted(.iso8601).prefix(10))
      #expect(try nefro.run(["models", "history", "kidney", "--on", today], expecting: 0).output.hasPrefix("kidney:1  model "))
      #expect(try nefro.run(["models", "history", "kidney", "--on", "2020-01-01"], expecting: 0).output.contains("No version"))
      #expect(try nefro.run(["models", "rollback", "kidney"], expecting: 1).error.contains("nothing to go back to"))

      // What the store knows of it stands in the documents of TDSP.
      let written = try nefro.run(["report", "--tdsp", "--no-audit", "--mistakes", "0"], expecting: 0).output
      #expect(written.split(separator: "\n").count == 9 && written.hasSuffix("tdsp/exit_report.md\n"))
      let deployment = String(decoding: try project.bytes("tdsp/deployment.md"), as: UTF8.self)
      for words in ["| `kidney:1` |", "challenger, champion", "was refused as champion by the gate", "became champion"] {
        #expect(deployment.contains(words), "\(words)")
      }
      let runs = try nefro.run(["runs", "list", "--parts", "--filter", "kind = train"], expecting: 0).output
      let training = try #require(runs.split(separator: "\n").dropFirst().first { $0.contains("train") })
      let exit = String(decoding: try project.bytes("tdsp/exit_report.md"), as: UTF8.self)
      #expect(exit.contains("`\(training.prefix(8))`"))
    }
  }

  @Test(arguments: [
    (["models", "promote", "kidney:1"], "There is no run store"),
    (["models", "history", "kidney", "--on", "yesterday"], "YYYY-MM-DD"),
    (["models", "history", "kidney", "--on", "2026-02-30"], "YYYY-MM-DD"),
    (["models", "register", "nothing.safetensors"], "nothing.safetensors"),
  ])
  func `what is not there is named`(arguments: [String], expected: String) throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      let outcome = try project.program.run(arguments)
      #expect(outcome.code != 0 && outcome.error.contains(expected), "\(outcome.error)")
    }
  }
}
