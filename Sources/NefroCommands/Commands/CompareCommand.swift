import ArgumentParser
import Foundation
import Training

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two evaluated models on the same pictures.",
    discussion: """
      Paired tests that take series as whole: DeLong's and Obuchowski's for the AUC, Obuchowski's and McNemar's for \
      accuracy. One is called better only where the interval of the difference leaves out 0.
      """)

  @Argument(help: "A predictions.json, or a project's folder that holds one.", completion: .file())
  var a: String

  @Argument(help: "The other one.", completion: .file())
  var b: String

  @Flag(name: .long, help: "Compare on the pictures both have, where the two were not scored on the same ones.")
  var common = false

  @Flag(name: .long, help: "Print the comparison as JSON.")
  var json = false

  mutating func run() throws {
    let records = try [a, b].map { try PredictionRecord.load(from: URL(filePath: $0)) }
    let comparison = try RecordComparison(records[0], records[1], names: (a, b), common: common)
    try Terminal.standardOutput(json ? comparison.json() : comparison.summary)
  }
}
