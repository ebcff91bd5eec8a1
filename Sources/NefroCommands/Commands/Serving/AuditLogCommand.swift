import ArgumentParser
import Foundation
import LocalFiles
import Serving

/// Who did what on a server.
struct AuditLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit-log", abstract: "Work with a server's audit trail.", subcommands: [AuditLogExportCommand.self])
}

struct AuditLogExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the audit trail as one JSON object a line, each entry checked.",
    discussion: """
      Every entry is sealed with a digest over itself and the seal before it. The last seal is printed at the end: kept \
      elsewhere, it tells later whether the end was cut off.
      """)

  @OptionGroup var records: ServerRecords

  @Option(name: .long, help: ArgumentHelp("Where it goes; without it to standard output.", valueName: "file"))
  var out: String?

  func run() throws {
    let trail = AuditTrail(try ServingRecords.existing(in: records.folder))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    var last: (count: Int64, seal: String) = (0, "")
    if let out {
      try AtomicFile.write(to: URL(filePath: out)) { file in
        last = try trail.forEach { try file.append(try encoder.encode($0) + Data("\n".utf8)) }
      }
    } else {
      last = try trail.forEach {
        try Terminal.standardOutput(String(decoding: try encoder.encode($0), as: UTF8.self) + "\n")
      }
    }
    Terminal.standardError("\(last.count) entries; the last seal is \(last.seal)\n")
  }
}
