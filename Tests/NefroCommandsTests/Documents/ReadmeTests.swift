import ArgumentParser
import DocumentSupport
import Foundation
import NefroCommands
import TestSupport
import Testing

@Suite struct ReadmeTests {
  static let readmes = ["README.md", "README.es.md"]
  static let documents =
    readmes
    + [
      "parameters", "data", "dvc", "runs", "models", "tracking-servers", "export", "sweeps", "serving", "deployment",
      "operation", "contributing", "benchmarks", "es/uso",
    ].map { "docs/\($0).md" }
  /// Those that show no command to type.
  static let withoutCommands = [
    "architecture", "engine", "validation", "serving-benchmarks", "security", "privacy", "es/privacidad",
  ].map { "docs/\($0).md" }
  /// Files that a document tells its reader to make.
  static let readersOwn: Set = ["config/promotion.yaml"]

  @Test func `every document is looked at`() throws {
    let folder = packageRoot.appending(path: "docs").path
    let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    let expected = files.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
    #expect(Set(Self.documents + Self.withoutCommands) == Set(expected + Self.readmes))
  }

  @Test(arguments: documents + withoutCommands) func `every path and link leads somewhere`(path: String) throws {
    let document = try Document(path)
    #expect(document.brokenPaths.filter { !Self.readersOwn.contains($0) } == [])
  }

  @Test(arguments: readmes) func `the table of places names files that are there`(path: String) throws {
    let document = try Document(path)
    let table = try #require(document.tables.first { $0.contains { $0.contains("`scripts/setup.sh`") } })
    #expect(table.count > 15)
    for row in table.dropFirst() {
      let places = Document(path: path, text: Document.cells(row)[1]).codeSpans
      #expect(!places.isEmpty, "\(row)")
      for place in places {
        #expect(FileManager.default.fileExists(atPath: packageRoot.appending(path: place).path), "\(place)")
      }
    }
  }

  @Test(arguments: documents) func `every command line is accepted`(path: String) throws {
    let commands = try Document(path).commands
    #expect(!commands.isEmpty)
    for command in commands {
      let problem = CommandLines.problem(with: command)
      #expect(problem == nil, "\(command)")
    }
  }

  @Test(arguments: documents + withoutCommands)
  func `every command and option that is mentioned exists`(path: String) throws {
    let mentions = try Document(path).codeSpans.filter {
      $0.hasPrefix("nefro ") || $0.hasPrefix("--") || $0.hasPrefix("scripts/")
    }
    for mention in mentions where !mention.hasSuffix(".sh") {
      let problem = CommandLines.problem(withMention: mention)
      #expect(problem == nil, "\(mention)")
    }
  }

  @Test(arguments: readmes) func `every command of the program is shown`(path: String) throws {
    let shown = try Document(path).commands.map { CommandLines.words(of: $0) }
    for words in CommandLines.all.keys where !words.isEmpty {
      let isShown = shown.contains { $0.first == "nefro" && Array($0.dropFirst().prefix(words.count)) == words }
      #expect(isShown, "nefro \(words.joined(separator: " "))")
    }
  }

  @Test func `both languages say the same`() throws {
    let (english, spanish) = (try Document("README.md"), try Document("README.es.md"))
    #expect(Set(english.commands).symmetricDifference(spanish.commands) == [])
    let isSameOrder = english.commands == spanish.commands
    #expect(isSameOrder)
    #expect(Set(english.codeSpans).symmetricDifference(spanish.codeSpans) == [])
    #expect(english.headings == spanish.headings)
    #expect(english.tables.map(\.count) == spanish.tables.map(\.count))
    #expect(english.placeholders == spanish.placeholders)
    #expect(english.links.filter { $0 != "README.es.md" } == spanish.links.filter { $0 != "README.md" })
  }

  @Test(arguments: documents) func `a shell reads every command, also those that no test can run`(path: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-n", "-c", try Document(path).commands.joined(separator: "\n")]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
  }

  @Test(arguments: ["deploy", "rollback", "token", "package"])
  func `scripts that documents name say how they are used`(name: String) throws {
    let process = Process()
    process.executableURL = packageRoot.appending(path: "scripts/\(name)")
    process.arguments = ["--help"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && said.contains("Usage: scripts/\(name)"), "\(said)")
  }

  @Test(arguments: documents + withoutCommands) func `every figure has been measured`(path: String) throws {
    #expect(try Document(path).placeholders == [])
  }

  @Test(arguments: readmes) func `exit codes are those of the help`(path: String) throws {
    let help = try #require(CommandLines.help(NefroCommand.self).firstMatch(of: /Exit codes: (.+)/))
    let stated = help.1.matches(of: #/(?:^|; )(\d+) /#).map { String($0.1) }
    let table = try #require(try Document(path).tables.first { $0.contains { $0.hasPrefix("| 64 |") } })
    #expect(stated.count > 3)
    #expect(table.dropFirst().map { Document.cells($0)[0] } == stated)
  }

  @Test(arguments: readmes) func `every variable of ours is read somewhere`(path: String) throws {
    let names = Set(try Document(path).codeSpans.filter { $0.wholeMatch(of: /NEFRO_[A-Z_]+/) != nil })
    #expect(!names.isEmpty)
    var unread = names
    for folder in ["Sources", "Tests/TestSupport"] {
      let files = FileManager.default.enumerator(atPath: packageRoot.appending(path: folder).path)
      while let file = files?.nextObject() as? String {
        guard file.hasSuffix(".swift") else { continue }
        let text = try String(contentsOf: packageRoot.appending(path: "\(folder)/\(file)"), encoding: .utf8)
        unread = unread.filter { !text.contains("\"\($0)\"") }
      }
    }
    #expect(unread == [])
  }

  @Test func `the options of the synthetic hospital stand in the data document with their defaults`() throws {
    var options = CommandLines.options(of: try #require(CommandLines.all[["synthesize"]]))
    for common in ["--help", "--version"] { options[common] = nil }
    let expected = Dictionary(uniqueKeysWithValues: options.map { ("`\($0.key)`", $0.value.map { "`\($0)`" } ?? "-") })
    let rows = try Document("docs/data.md").table("option").dropFirst().map(Document.cells)
    #expect(Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first } == expected)
  }
}
