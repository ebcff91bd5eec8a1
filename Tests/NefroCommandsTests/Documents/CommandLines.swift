import ArgumentParser
import Foundation
import NefroCommands
import TestSupport

/// Compares command lines that documents show with what the programs take.
enum CommandLines {
  /// Every command by its words, such as ["weights", "fetch"]; the root has none.
  static let all: [[String]: any ParsableCommand.Type] = {
    func below(_ type: any ParsableCommand.Type, _ words: [String]) -> [[String]: any ParsableCommand.Type] {
      type.configuration.subcommands.reduce(into: [words: type]) { found, child in
        found.merge(below(child, words + [child._commandName])) { first, _ in first }
      }
    }
    return below(NefroCommand.self, [])
  }()

  /// A command's help, each option on one line.
  static func help(_ type: any ParsableCommand.Type) -> String {
    NefroCommand.helpMessage(for: type, columns: 1000)
  }

  /// The long options of a command's help with their defaults; nil for an option without one.
  static func options(of type: any ParsableCommand.Type) -> [String: String?] {
    var options: [String: String?] = [:]
    var last: String?
    for line in help(type).split(separator: "\n") {
      if let option = line.firstMatch(of: /^ +(?:-[a-z], )?(--[a-z0-9-]+)/) {
        last = String(option.1)
        options[String(option.1)] = .some(nil)
      }
      // What a long option means stands on the next line.
      if let last, let value = line.firstMatch(of: /\(default: (.+)\)$/) { options[last] = String(value.1) }
    }
    return options
  }

  /// Programs of others. Their syntax is checked as the shell reads it; which of their lines are run, and where the others
  /// are, is said in `Tests/IntegrationTests/Documents`.
  static let outside: Set = [
    "apt-get", "aws", "cd", "curl", "docker", "dvc", "export", "gh", "git", "install", "mkdir", "mlflow", "printf", "rm",
    "sqlite3", "swift", "systemctl",
  ]

  /// What is wrong with a whole command line; nil if the program, or the script, takes it.
  static func problem(with line: String) -> String? {
    let words = ownWords(of: line)
    switch words.first {
    case "nefro":
      do {
        _ = try NefroCommand.parseAsRoot(Array(words.dropFirst()))
        return nil
      } catch {
        return NefroCommand.exitCode(for: error) == .success ? nil : NefroCommand.message(for: error)
      }
    case let script? where script.hasPrefix("scripts/"): return problem(withScript: script, words.dropFirst())
    case "cp":
      // What a machine has in its own folders is not a file of this repository.
      return words.dropFirst().dropLast().first {
        !$0.hasPrefix("-") && !$0.hasPrefix("/")
          && !FileManager.default.fileExists(atPath: packageRoot.appending(path: $0).path)
      }.map { "there is no \($0)" }
    case "python3", "bash":
      guard let file = words.dropFirst().first else { return "names no file" }
      let isThere = FileManager.default.fileExists(atPath: packageRoot.appending(path: file).path)
      return isThere ? nil : "there is no \(file)"
    case let name?: return outside.contains(name) ? nil : "neither nefro nor a script"
    case nil: return "empty"
    }
  }

  /// A line's words without what only says as whom and with which environment it is run.
  private static func ownWords(of line: String) -> [String] {
    var words = words(of: line)[...]
    if words.first == "sudo" {
      words.removeFirst()
      if words.first == "-u" { words = words.dropFirst(2) }
    }
    if words.first == "env" { words.removeFirst() }
    while words.first?.wholeMatch(of: /[A-Z_]+=.*/) != nil { words.removeFirst() }
    return Array(words)
  }

  /// The same for a mention, which need not be whole: the command must exist and have the options.
  static func problem(withMention text: String) -> String? {
    var words = words(of: text)
    if words.first?.hasPrefix("scripts/") == true { return problem(withScript: words[0], words.dropFirst()) }
    let named = words.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
    guard words.first == "nefro" else {
      let unknown = named.first { option in
        !all.values.contains { options(of: $0).keys.contains(option) } && !scripts.contains { takes(option, $0) }
      }
      return unknown.map { "no command has \($0)" }
    }
    words.removeFirst()
    let path = Array(words.prefix { !$0.hasPrefix("-") })
    let longest = (0...path.count).reversed().lazy.map { Array(path.prefix($0)) }.first { all[$0] != nil }
    guard let longest, let type = all[longest], !longest.isEmpty || path.isEmpty else {
      return "there is no command \(path.first ?? "")"
    }
    return named.first { !options(of: type).keys.contains($0) }.map { "\(longest.joined(separator: " ")) has no \($0)" }
  }

  /// A script names each of its options in its own text.
  private static func problem(withScript script: String, _ words: ArraySlice<String>) -> String? {
    guard let text = try? String(contentsOf: packageRoot.appending(path: script), encoding: .utf8) else {
      return "there is no \(script)"
    }
    return words.first { $0.hasPrefix("--") && !takes($0, text) }.map { "\(script) does not take \($0)" }
  }

  /// Whether a script takes an option: as a pattern of the shell, or as an argument of a parser in Python or Swift.
  private static func takes(_ option: String, _ text: String) -> Bool {
    let name = option.dropFirst(2).split(separator: "-").enumerated().map { $0 == 0 ? String($1) : $1.capitalized }
      .joined()
    return text.contains("\(option))") || text.contains("\(option) |") || text.contains("\"\(option)\"")
      || text.contains("  var \(name)")
  }

  /// The texts of our scripts and of the benchmarks' programs.
  private static let scripts: [String] = ["scripts", "Benchmarks"].flatMap { folder -> [String] in
    let files = FileManager.default.enumerator(atPath: packageRoot.appending(path: folder).path)
    return (files?.compactMap { $0 as? String } ?? []).filter { !$0.contains(".build") }.compactMap {
      try? String(contentsOf: packageRoot.appending(path: "\(folder)/\($0)"), encoding: .utf8)
    }
  }

  /// A line's words; single and double quotes keep spaces.
  static func words(of line: String) -> [String] {
    line.matches(of: /'([^']*)'|"([^"]*)"|[^\s'"]+/).map { match in
      String(match.1 ?? match.2 ?? match.0)
    }
  }
}
