import ArgumentParser
import Foundation
import Reports
import Serving
import Tracking

struct TokensListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tokens, without their secrets.")

  @OptionGroup var records: ServerRecords

  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() throws {
    let tokens = try TokenStore(ServingRecords.existing(in: records.folder)).list()
    if json { return try Terminal.standardOutput(RunExport.json(tokens)) }
    let now = Date()
    try Terminal.standardOutput(
      TextTable(
        columns: [.init("token"), .init("role"), .init("name"), .init("created (UTC)"), .init("state")],
        rows: tokens.map { token in
          [token.id, token.role.rawValue, token.name, RunText.time(token.created), Self.state(of: token, at: now)]
        }
      ).text)
  }

  private static func state(of token: TokenRecord, at now: Date) -> String {
    if let revoked = token.revoked { return "revoked \(RunText.time(revoked))" }
    guard let expires = token.expires else { return "valid" }
    return (expires > now ? "valid until " : "expired ") + RunText.time(expires)
  }
}

struct TokensRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a token at once, also for a server that runs.")

  @OptionGroup var records: ServerRecords

  @Argument(help: "Its identity, the beginning of it, or its name.")
  var token: String

  func run() throws {
    let record = try TokenStore(ServingRecords.existing(in: records.folder)).revoke(token, by: "command line")
    try Terminal.standardOutput("\(record.id) (\(record.name)) is revoked\n")
  }
}
