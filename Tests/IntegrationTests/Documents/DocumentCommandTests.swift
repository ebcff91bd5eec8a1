import DocumentSupport
import Foundation
import LoopbackServers
import Synchronization
import TestSupport
import Testing

/// Every command line that a document shows, run with the built program.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct DocumentCommandTests {
  /// Everything is read by one reader, the README first, then what has a project of its own: what was typed once, and what
  /// came of it, is there for the documents behind.
  private static func documents() throws -> [Document] {
    let all = try Document.all()
    let readmes = all.prefix(2)
    let rest = all.dropFirst(2)
    let apart = rest.filter { ReadersThings.projects.keys.contains($0.path) }
    return readmes + apart + rest.filter { !ReadersThings.projects.keys.contains($0.path) }
  }

  @Test func `every command line does what it says, or is run elsewhere`() async throws {
    try await withTemporaryFolder { home in
      try await LoopbackServer.with(Self.answers(in: home)) { server in
        let rehearsal = try Rehearsal(home: home, loopback: server.url("").absoluteString)
        let documents = try Self.documents()
        for document in documents { try rehearsal.read(document) }
        #expect(try rehearsal.program() == NefroProgram.url.path)

        let lines = Set(documents.flatMap(\.commands))
        let elsewhere = Set(
          documents.flatMap { document in
            document.commands.filter { LinesElsewhere.group(of: $0, in: document.path) != nil }
          })
        let left = lines.subtracting(rehearsal.run).subtracting(rehearsal.skipped).subtracting(elsewhere)
        #expect(left == [], "neither run nor listed")
        #expect(rehearsal.run.intersection(elsewhere) == [], "listed, though it was run")
        print(
          "\(lines.count) lines of \(documents.count) documents: \(lines.intersection(rehearsal.run).count) run,",
          "\(rehearsal.skipped.count) skipped, \(elsewhere.count) elsewhere")
        // What `dvc push` sent came with the token, and is there.
        let sent = server.requests.filter { $0.uri.hasPrefix("/remote/") && ["PUT", "POST"].contains($0.method) }
        #expect(PythonTools.named("dvc") == nil || !sent.isEmpty)
      }
    }
  }

  private final class Remote: Sendable {
    let files = Mutex<[String: [UInt8]]>([:])
  }

  /// A link to an archive, and a remote of DVC's that wants a user and a password, as DagsHub's does.
  private static func answers(
    in home: URL
  ) -> @Sendable (LoopbackServer.Request, Int) async -> LoopbackServer.Answer {
    let remote = Remote()
    return { request, _ in
      if request.path == "/slices.tar.gz", let archive = try? Data(contentsOf: home.appending(path: "slices.tar.gz")) {
        return .file([UInt8](archive), for: request)
      }
      guard request.path.hasPrefix("/remote") else { return .init(status: .notFound) }
      let login = "Basic " + Data("TOKEN:TOKEN".utf8).base64EncodedString()
      guard request.header("authorization") == login else {
        return .init(status: .unauthorized, headers: [("www-authenticate", "Basic realm=\"remote\"")])
      }
      if ["PUT", "POST"].contains(request.method) {
        remote.files.withLock { $0[request.path] = request.body }
        return .init(status: .created)
      }
      return remote.files.withLock { $0[request.path] }.map { .init(body: $0) } ?? .init(status: .notFound)
    }
  }

  @Test func `what is run elsewhere is no command of nefro, and the place is there`() throws {
    let documents = try Document.all()
    for group in LinesElsewhere.groups {
      let lines = documents.filter { group.document == nil || $0.path == group.document }.flatMap(\.commands)
        .filter { $0.hasPrefix(group.start) }
      #expect(!lines.isEmpty, "no document has a line that begins with '\(group.start)'")
      #expect(group.document != nil || !lines.contains { $0.contains("nefro ") && !$0.hasPrefix("docker ") }, "\(group.start)")
      for place in group.reason.matches(of: /(?:Tests|Reference|docs|scripts|\.github)\/[\w.\/-]*\w/).map({ String($0.0) }) {
        #expect(FileManager.default.fileExists(atPath: packageRoot.appending(path: place).path), "\(place)")
      }
    }
  }

  @Test func `nothing stands for what no document has`() throws {
    let lines = Set(try Document.all().flatMap(\.commands))
    let whole = Set(ReadersThings.lines.keys).union(ReadersThings.before.keys).union(ReadersThings.refusals.keys)
    #expect(whole.subtracting(lines) == [])
    for (word, _) in ReadersThings.words { #expect(lines.contains { $0.contains(word) }, "\(word)") }
    for (start, _) in ReadersThings.tools { #expect(lines.contains { $0.hasPrefix(start) }, "\(start)") }
  }

  @Test func `a reader's shell goes on from line to line, and tells what failed`() throws {
    try withTemporaryFolder { home in
      let shell = try ReadersShell(home: home, at: home, functions: "say() { echo \"said $1\"; }")
      #expect(try shell.run("mkdir 'a b' && cd 'a b' && export WORD='x \"y\"'").code == 0)
      #expect(try shell.run("say \"$WORD\" && pwd").said == "said x \"y\"\n\(home.path)/a b\n")
      #expect(try shell.run("exit 3").code == 3)
      #expect(try shell.run("no-such-program").code == 127)
      #expect(try shell.run("cd / && false").code == 1)
      #expect(try shell.run("pwd").said == "/\n")
    }
  }
}
