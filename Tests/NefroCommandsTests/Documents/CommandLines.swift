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

  /// What is wrong with a whole command line; nil if the program, or the script, takes it.
  static func problem(with line: String) -> String? {
    let words = words(of: line)
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
      return words.dropFirst().dropLast().first {
        !FileManager.default.fileExists(atPath: packageRoot.appending(path: $0).path)
      }.map { "there is no \($0)" }
    case "cd", "export", "mkdir", "git", "dvc", "mlflow": return nil
    default: return "neither nefro nor a script"
    }
  }

  /// The same for a mention, which need not be whole: the command must exist and have the options.
  static func problem(withMention text: String) -> String? {
    var words = words(of: text)
    if words.first?.hasPrefix("scripts/") == true { return problem(withScript: words[0], words.dropFirst()) }
    let named = words.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
    guard words.first == "nefro" else {
      let unknown = named.first { option in !all.values.contains { options(of: $0).keys.contains(option) } }
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
    return words.first { $0.hasPrefix("--") && !text.contains("\($0))") }.map { "\(script) does not take \($0)" }
  }

  /// A line's words; single and double quotes keep spaces.
  static func words(of line: String) -> [String] {
    line.matches(of: /'([^']*)'|"([^"]*)"|[^\s'"]+/).map { match in
      String(match.1 ?? match.2 ?? match.0)
    }
  }
}
