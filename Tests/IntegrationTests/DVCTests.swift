import Foundation
import TestSupport
import Testing

/// The real DVC on a small synthetic hospital, in a git repository of its own.
@Suite(.serialized) struct DVCTests {
  struct Workplace {
    let project: SmallProject
    let python: PythonTools

    /// Runs a program to its end; its output and errors are one text.
    @discardableResult
    func run(_ program: URL, _ arguments: [String]) throws -> String {
      let process = Process()
      process.executableURL = program
      process.arguments = arguments
      process.currentDirectoryURL = project.folder
      var environment = ProcessInfo.processInfo.environment
      let programs = [bin, python.program("dvc").deletingLastPathComponent()].map(\.path)
      environment["PATH"] = programs.joined(separator: ":") + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
      environment.merge([
        "DVC_NO_ANALYTICS": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "A", "GIT_COMMITTER_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@localhost", "GIT_COMMITTER_EMAIL": "a@localhost",
        "DVC_SITE_CACHE_DIR": project.url("../site").path, "DVC_GLOBAL_CONFIG_DIR": project.url("../global").path,
      ]) { $1 }
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      let file = project.folder.appending(path: "../said.txt")
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      let handle = try FileHandle(forWritingTo: file)
      process.standardOutput = handle
      process.standardError = handle
      try process.run()
      process.waitUntilExit()
      try handle.close()
      let said = try String(contentsOf: file, encoding: .utf8)
      #expect(process.terminationStatus == 0, "\(program.lastPathComponent) \(arguments): \(said.suffix(2000))")
      return said
    }

    /// Where `nefro` is found: a folder that a test may put another program into.
    var bin: URL { project.folder.appending(path: "../bin") }

    @discardableResult func dvc(_ arguments: String...) throws -> String { try run(python.program("dvc"), arguments) }
    @discardableResult func git(_ arguments: String...) throws -> String { try run(URL(filePath: "/usr/bin/git"), arguments) }

    /// The stages of the report that `dvc repro` or `dvc exp run` ran.
    func ran(_ said: String) -> [String] {
      said.matches(of: /Running stage '(\w+)'/).map { String($0.1) }.filter { $0 != "program" && $0 != "settings" }
    }

    /// A second `dvc repro`, which has nothing to do: no stage at all.
    func expectSilent() throws {
      let said = try dvc("repro")
      #expect(!said.contains("Running stage") && said.contains("Data and pipelines are up to date."), "\(said)")
      #expect(try dvc("status").contains("Data and pipelines are up to date."))
    }

    func commit() throws {
      try git("add", "--all")
      try git("commit", "--quiet", "--message", "State")
    }

    func set(_ old: String, _ new: String, in path: String = "params.yaml") throws {
      let url = project.url(path)
      let text = try String(contentsOf: url, encoding: .utf8)
      #expect(text.contains(old))
      try text.replacingOccurrences(of: old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    /// What `nefro pipeline` says of its stages. It is the program that DVC finds: one of another place would be another
    /// program to it.
    func pipeline(_ more: String...) throws -> [String] {
      try run(bin.appending(path: "nefro"), ["pipeline"] + more).split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("Stage") }
    }
  }

  /// - Returns: nil where DVC or git is missing, which is said.
  func workplace(in folder: URL) throws -> Workplace? {
    guard let python = PythonTools.named("dvc") else { return nil }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/git") else {
      print("SKIPPED: DVC's tests need /usr/bin/git")
      return nil
    }
    let project = try SmallProject(in: folder)
    let place = Workplace(project: project, python: python)
    try FileManager.default.createDirectory(at: place.bin, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: place.bin.appending(path: "nefro"), withDestinationURL: NefroProgram.url)
    try project.synthesize()
    let link = "https://drive.google.com/file/d/1vlhZ5c7abUKF8xXERIw6m9Te8fW7ohw3/view?usp=sharing"
    try place.set(link, "hospital", in: "config/config.yaml")
    try "artifacts/\nmodel/\nhospital/\ndvc_plots/\n.nefro/\n/predictions.json\n/test-set-ledger.jsonl\n".write(
      to: project.url(".gitignore"), atomically: true, encoding: .utf8)
    try project.program.run("pipeline", "--write-dvc-yaml", expecting: 0)
    try place.git("init", "--quiet")
    try place.dvc("init", "--quiet")
    try place.commit()
    return place
  }

  static let all = ["data_ingestion", "prepare_base_model", "training", "evaluation"]
  static let fresh = all.map { "Stage \($0) is up to date." }

  @Test func `dvc repro runs four stages once, and after a change those that depend on it`() throws {
    try withTemporaryFolder { folder in
      guard let place = try workplace(in: folder) else { return }
      #expect(Set(place.ran(try place.dvc("repro"))) == Set(Self.all))
      try place.expectSilent()
      #expect(try place.pipeline() == Self.fresh)
      try place.expectSilent()
      try place.commit()

      let graph = try place.dvc("dag", "--dot")
      for (from, to) in [
        ("program", "settings"), ("settings", "prepare_base_model"), ("data_ingestion", "training"), ("prepare_base_model", "training"),
        ("training", "evaluation"),
      ] {
        #expect(graph.contains("\"\(from)\" -> \"\(to)\""), "\(graph)")
      }
      let metrics = try place.dvc("metrics", "show", "--json")
      let scores = try #require(
        try JSONSerialization.jsonObject(with: place.project.bytes("scores.json")) as? [String: Any])
      #expect(metrics.contains("\"accuracy\": \(try #require(scores["accuracy"] as? Double))"))

      try place.dvc("plots", "show")
      let page = try String(contentsOf: place.project.url("dvc_plots/index.html"), encoding: .utf8)
      for name in ["val_loss", "val_accuracy", "actual", "predicted", "false_positive_rate", "true_positive_rate"] { #expect(page.contains(name), "\(name)") }

      // Its own parameter re-runs a stage and what follows.
      try place.set("EPOCHS: 4", "EPOCHS: 2")
      let difference = try place.dvc("params", "diff")
      #expect(difference.contains("EPOCHS") && !difference.contains("BATCH_SIZE"))
      #expect(place.ran(try place.dvc("repro")) == ["training", "evaluation"])
      // One that the file had left to its default.
      try place.set("SEED: 7", "SEED: 7\nFOLDS: 3")
      #expect(place.ran(try place.dvc("repro")) == ["evaluation"])
      try place.set("SEED: 7", "SEED: 7\nDROPOUT: 0.25")
      #expect(place.ran(try place.dvc("repro")) == ["prepare_base_model", "training", "evaluation"])
      // The default itself, written out, changes nothing.
      try place.set("SEED: 7", "SEED: 7\nMOMENTUM: 0")
      #expect(place.ran(try place.dvc("repro")) == [])
      #expect(try place.pipeline() == Self.fresh)

      // A link that leads to another file with the same bytes is the same program.
      let program = place.bin.appending(path: "nefro")
      let copy = place.bin.appending(path: "copy")
      try FileManager.default.copyItem(at: NefroProgram.url, to: copy)
      try FileManager.default.removeItem(at: program)
      try FileManager.default.createSymbolicLink(at: program, withDestinationURL: copy)
      #expect(place.ran(try place.dvc("repro")) == [])
      // Another program: bytes behind its end do not matter to the system that starts it.
      let handle = try FileHandle(forWritingTo: copy)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("another".utf8))
      try handle.close()
      let said = try place.dvc("repro")
      #expect(place.ran(said) == ["prepare_base_model", "training", "evaluation"], "\(said)")
      try place.expectSilent()
    }
  }

  @Test func `an experiment runs with its own epochs, and both programs know what the other did`() throws {
    try withTemporaryFolder { folder in
      guard let place = try workplace(in: folder) else { return }
      // Without DVC first.
      #expect(try place.pipeline().allSatisfy { $0.hasSuffix("it has not run here yet.") })
      try place.dvc("commit", "--force")
      try place.expectSilent()
      try place.commit()
      let before = try place.project.bytes("scores.json")

      let said = try place.dvc("exp", "run", "--set-param", "params.yaml:EPOCHS=3", "--name", "three")
      #expect(place.ran(said) == ["training", "evaluation"])
      #expect(said.contains("three"))
      let rows = try String(contentsOf: place.project.url("artifacts/training/history.csv"), encoding: .utf8)
      #expect(rows.split(separator: "\n").count == 1 + 3)
      #expect(try place.project.bytes("scores.json") != before)
      #expect(try place.pipeline() == Self.fresh)

      // DVC brings the first state back from its cache, without running anything.
      try place.git("checkout", "--", ".")
      try place.dvc("checkout")
      #expect(try place.project.bytes("scores.json") == before)
      #expect(try place.pipeline() == Self.fresh)
      try FileManager.default.removeItem(at: place.project.url("artifacts/pipeline.json"))
      #expect(try place.pipeline() == Self.fresh)
      #expect(
        try place.pipeline("--set", "EPOCHS=2")[2...] == [
          "Stage training runs: EPOCHS changed from 4 to 2.",
          "Stage evaluation runs: EPOCHS changed from 4 to 2; artifacts/training/model.safetensors changed.",
        ])
    }
  }
}
