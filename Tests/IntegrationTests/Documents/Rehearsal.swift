import DocumentSupport
import Foundation
import LoopbackServers
import TestSupport
import Testing

/// Reads documents as a reader does who types every line, and judges each by its exit code.
final class Rehearsal {
  private let shell: ReadersShell
  private var servers: [(line: String, running: ReadersShell.Running)] = []
  /// The lines that were run, and those that had to be left out for want of a tool.
  private(set) var run: Set<String> = []
  private(set) var skipped: Set<String> = []

  /// - Parameters:
  ///   - home: the reader's.
  ///   - loopback: the address of the server that has `slices.tar.gz` and takes what `dvc push` sends.
  init(home: URL, loopback: String) throws {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let ownHome = FileManager.default.homeDirectoryForCurrentUser
    // Programs of others come last: their folders have a Python of their own.
    let programs =
      [home.appending(path: "bin").path, environment["PATH"] ?? "/usr/bin:/bin"]
      + Set(ReadersThings.tools.map(\.1)).sorted().compactMap { PythonTools.named($0)?.program("").path }
    try Self.writeBuilder(to: home.appending(path: "bin/swift"))
    shell = try ReadersShell(
      home: home, at: packageRoot,
      environment: [
        "PATH": programs.joined(separator: ":"), "CHECKOUT": packageRoot.path, "LOOPBACK": loopback,
        "XDG_CACHE_HOME": cache ?? ownHome.appending(path: ".cache").path,
        "DVC_NO_ANALYTICS": "1", "DVC_SITE_CACHE_DIR": home.appending(path: "site").path,
        "DVC_GLOBAL_CONFIG_DIR": home.appending(path: "global").path, "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@localhost", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@localhost", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "NEFRO_STORE": "", "MLFLOW_TRACKING_URI": "",
      ], functions: ReadersThings.functions)
  }

  /// What a script finds as `swift`: the build that has made these tests is the one that it asks for.
  private static func writeBuilder(to file: URL) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try """
    #!/bin/bash
    case "$*" in
      --version) PATH="${PATH#*:}" exec swift --version ;;
      "build -c release --product nefro") ;;
      "build -c release --show-bin-path") echo '\(NefroProgram.url.deletingLastPathComponent().path)' ;;
      *) echo "these tests do not run: swift $*" >&2; exit 64 ;;
    esac
    """.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  /// Types the lines of a document that no earlier one had; all of them where it has a project of its own.
  func read(_ document: Document) throws {
    defer {
      for server in servers { end(server.running, of: server.line) }
      servers = []
    }
    let place = try shell.run("pwd").said
    let project = ReadersThings.projects[document.path]
    if let project { try prepare(project) }
    for line in document.commands where project != nil || !run.contains(line) {
      if LinesElsewhere.group(of: line, in: document.path) != nil { continue }
      let tool = ReadersThings.tools.first { line.hasPrefix($0.0) }?.1
      if let tool, PythonTools.named(tool) == nil {
        skipped.insert(line)
      } else {
        try type(line, of: document.path)
      }
    }
    if project != nil { try prepare("cd '\(place.trimmingCharacters(in: .newlines))'") }
  }

  /// Where the reader's `nefro` really lies.
  func program() throws -> String {
    try shell.run("realpath \"$(command -v nefro)\"").said.trimmingCharacters(in: .newlines)
  }

  private func type(_ line: String, of document: String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    for earlier in ReadersThings.before[line] ?? [] {
      if kind(earlier) != nil {
        servers.append((earlier, try serve(earlier)))
        run.insert(earlier)
      } else {
        try prepare(earlier)
      }
    }
    if kind(line) != nil {
      end(try serve(line), of: line)
    } else {
      let outcome = try shell.run(ReadersThings.filled(line))
      let refusal = ReadersThings.refusals[line]
      let isRight = outcome.code == refusal?.code ?? 0 && refusal.map { outcome.said.contains($0.says) } ?? true
      #expect(isRight, "\(document): \(line)\nended with \(outcome.code): \(outcome.said.suffix(2000))")
    }
    run.insert(line)
    print("\(document), \((clock.now - start).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))): \(line)")
  }

  private func prepare(_ line: String) throws {
    let outcome = try shell.run(line)
    try #require(outcome.code == 0, "before a line: \(line)\n\(outcome.said.suffix(2000))")
  }

  // MARK: - Servers

  private func kind(_ line: String) -> (start: String, health: String, variable: String)? {
    ReadersThings.servers.first { line.hasPrefix($0.start) }
  }

  /// Starts a server, and waits until it says that it is ready.
  private func serve(_ line: String) throws -> ReadersShell.Running {
    let server = try #require(kind(line))
    try prepare("export PORT=$(free_port); export \(server.variable)=http://127.0.0.1:$PORT")
    let running = try shell.start(ReadersThings.filled(line))
    let wait = "--retry 120 --retry-delay 1 --retry-all-errors --retry-max-time 180"
    let answer = try shell.run("curl --silent --show-error --fail \(wait) $\(server.variable)\(server.health)")
    #expect(answer.code == 0, "\(line): \(answer.said.suffix(500))\n\(running.said.suffix(2000))")
    return running
  }

  /// Ends a server of ours as a service manager does, and judges how it ends; one of others with all that it started.
  private func end(_ server: ReadersShell.Running, of line: String) {
    guard line.hasPrefix("nefro ") else {
      // It leads a group of its own, with its workers in it.
      kill(-server.process.processIdentifier, SIGKILL)
      server.process.terminate()
      return server.process.waitUntilExit()
    }
    server.process.terminate()
    server.process.waitUntilExit()
    #expect(server.process.terminationStatus == 0, "\(line): \(server.said.suffix(2000))")
  }
}
