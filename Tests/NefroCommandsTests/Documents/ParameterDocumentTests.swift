import DocumentSupport
import Foundation
import TestSupport
import Testing
import Training

@Suite struct ParameterDocumentTests {
  let document: Document

  init() throws { document = try Document("docs/parameters.md") }

  @Test func `the table of parameters is the program's own`() {
    let defaults = TrainingParameters()
    let expected = ParameterKey.all.map { key in
      "| `\(key.name)` | \(key.expected) | `\(key.text(defaults))` | \(key.meaning) |"
    }
    let rows = document.tables.first { $0.contains { $0.hasPrefix("| `EPOCHS` |") } }?.dropFirst().map { $0 } ?? []
    #expect(rows.count == expected.count)
    for row in expected where !rows.contains(row) { Issue.record("docs/parameters.md lacks the row: \(row)") }
    let isSameOrder = rows == expected
    #expect(isSameOrder)
  }

  @Test func `the table of the configuration has every key with its value in our file`() throws {
    var expected: [String] = []
    var section = ""
    for line in try text("config/config.yaml").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard let key = parts.first else { continue }
      if !line.hasPrefix(" ") { section = "" }
      if parts.count == 1 || parts[1].isEmpty {
        section = key + "."
      } else {
        expected.append("| `\(section)\(key)` | `\(parts[1])` |")
      }
    }
    let rows = document.tables.first { $0.contains { $0.hasPrefix("| `artifacts_root` |") } }?.dropFirst() ?? []
    #expect(expected.count == 14)
    #expect(rows.map { "| " + Document.cells($0).prefix(2).joined(separator: " | ") + " |" } == expected)
  }

  @Test func `the project's own files are accepted, and its parameters are the defaults`() throws {
    #expect(try TrainingParameters(file: packageRoot.appending(path: "params.yaml")) == TrainingParameters())
    let configuration = try ProjectConfiguration(
      file: packageRoot.appending(path: "config/config.yaml"), root: packageRoot)
    #expect(configuration.renamed.count == 6)
  }

  @Test func `report-params is what the report's code does`() throws {
    var report = TrainingParameters()
    report.augmentation = true
    (report.imageHeight, report.imageWidth) = (224, 224)
    report.batchSize = 16
    report.epochs = 5
    report.classCount = 2
    report.weights = .imagenet
    report.learningRate = 0.01
    report.preprocessing = .divide255
    report.kerasCompatible = true
    report.head = .flatten
    report.trainableFrom = nil
    report.decision = .plain
    report.gate = false
    report.optimizer = .sgd
    report.momentum = 0
    report.weightDecay = 0
    report.balancedClasses = false
    report.split = .keras
    report.validationFraction = 0.2
    report.testFraction = 0.3
    #expect(try TrainingParameters(file: packageRoot.appending(path: "config/report-params.yaml")) == report)
  }

  @Test func `the document says in which keys report-params differs from the defaults`() throws {
    let report = try TrainingParameters(file: packageRoot.appending(path: "config/report-params.yaml"))
    let expected = zip(report.record, TrainingParameters().record).filter { $0.value != $1.value }
      .map { "| `\($0.key)` | `\($0.value)` | `\($1.value)` |" }
    let rows = document.tables.first { $0[0] == "| key | the report's | our default |" }?.dropFirst().map { $0 } ?? []
    #expect(rows == expected)
  }

  @Test func `report-params says how to run it, and says it right`() throws {
    let commands = try text("config/report-params.yaml").split(separator: "\n")
      .compactMap { $0.firstMatch(of: /^# +(nefro .+)$/).map { String($0.1) } }
    #expect(commands.count == 2)
    for command in commands {
      let problem = CommandLines.problem(with: command)
      #expect(problem == nil, "\(command)")
    }
  }

  @Test func `the keys that do not go together are refused`() {
    for yaml in [
      "OPTIMIZER: adamw\nMOMENTUM: 0.9", "OPTIMIZER: adamw\nNESTEROV: True", "OPTIMIZER: sgd\nNESTEROV: True",
      "HEAD: flatten\nDROPOUT: 0.5", "WARM_UP_EPOCHS: 5\nEPOCHS: 5", "SCHEDULE_FACTOR: 0.5",
    ] {
      #expect(throws: ConfigurationError.self, "\(yaml)") { try TrainingParameters(yaml: yaml) }
    }
    #expect(throws: Never.self) { try TrainingParameters(yaml: "HEAD: flatten") }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
  }
}
