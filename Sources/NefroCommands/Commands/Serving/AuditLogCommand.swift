import ArgumentParser
import Foundation
import LocalFiles
import Serving

/// Who did what on a server.
struct AuditLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit-log", abstract: "Work with a server's audit trail.",
    subcommands: [AuditLogExportCommand.self, AuditLogVerifyCommand.self])
}

struct AuditLogExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the audit trail as one JSON object a line, each entry checked.",
    discussion: """
      Every entry is sealed with a digest over itself and the seal before it; its seal is in its line. The last seal is \
      printed at the end: kept elsewhere, it tells 'nefro audit-log verify' later whether the end was cut off.
      """)

  @OptionGroup var records: ServerRecords

  @Option(
    name: .long, help: ArgumentHelp("Where it goes; without it to standard output.", valueName: "file"),
    completion: .file())
  var out: String?

  func run() throws {
    let trail = AuditTrail(try ServingRecords.existing(in: records.folder))
    var last: (count: Int64, seal: String) = (0, "")
    if let out {
      try AtomicFile.write(to: URL(filePath: out)) { file in
        last = try trail.forEachSealed { try file.append(try $0.line()) }
      }
    } else {
      last = try trail.forEachSealed { try Terminal.standardOutput(String(decoding: try $0.line(), as: UTF8.self)) }
    }
    Terminal.standardError("\(last.count) entries; the last seal is \(last.seal)\n")
  }
}

struct AuditLogVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that no entry of the audit trail was changed, removed or moved.",
    discussion: """
      Without a file the server's own trail is checked. An exported file is checked from its first line on. That the end \
      is there, and that nobody wrote all seals anew, shows only against a seal that was kept elsewhere.
      """)

  @OptionGroup var records: ServerRecords

  @Argument(help: ArgumentHelp("What 'nefro audit-log export' wrote.", valueName: "file"), completion: .file())
  var file: String?

  @Option(name: .long, help: ArgumentHelp("A last seal that was printed before: some entry must have it.", valueName: "seal"))
  var seal: String?

  func run() throws {
    let known = seal?.lowercased()
    let last =
      if let file {
        try AuditChain.check(exported: URL(filePath: file), knownSeal: known)
      } else {
        try AuditTrail(ServingRecords.existing(in: records.folder)).forEachSealed(knownSeal: known) { _ in }
      }
    try Terminal.standardOutput("\(last.count) entries, each as it was written; the last seal is \(last.seal)\n")
  }
}
