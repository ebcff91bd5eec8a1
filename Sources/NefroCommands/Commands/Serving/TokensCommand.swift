import ArgumentParser
import Foundation
import Serving

/// Who may ask a server.
struct TokensCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens",
    abstract: "Make, list and end the tokens that a server's users prove themselves with.",
    subcommands: [TokensCreateCommand.self, TokensListCommand.self, TokensRevokeCommand.self])
}

extension Role: ExpressibleByArgument {}

/// Where a server keeps its records.
struct ServerRecords: ParsableArguments {
  @Option(name: .long, help: "The project's folder.", completion: .directory)
  var project = "."

  @OptionGroup var place: StoreOptions

  var folder: URL { place.folder(ofProject: URL(filePath: project, directoryHint: .isDirectory)) }
}

struct TokensCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a token and print it, this once.",
    discussion: "Its digest alone is kept. The name stands in the audit trail: name the person or program that gets it.")

  @OptionGroup var records: ServerRecords

  @Argument(help: "Whose it is, such as \"reading room\".")
  var name: String

  @Option(name: .long, help: "What it may: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
  var role: Role

  @Option(name: .long, help: ArgumentHelp("For how many days; without it until it is revoked.", valueName: "n"))
  var days: Int?

  func validate() throws {
    if let days, !(1...36_500).contains(days) { throw ValidationError("--days \(days): must be 1 to 36500.") }
  }

  func run() throws {
    let store = TokenStore(try ServingRecords(in: records.folder))
    var generator = SystemRandomNumberGenerator()
    let token = try store.create(
      name: name, role: role, expires: days.map { Date().addingTimeInterval(Double($0) * 86_400) }, by: "command line",
      using: &generator)
    try Terminal.standardOutput(token.secret + "\n")
  }
}
