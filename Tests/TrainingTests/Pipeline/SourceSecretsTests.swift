import Foundation
import KidneyData
import LocalFiles
import Synchronization
import TestSupport
import Testing
import Training
import Transfers

/// A link with a password and a token goes into the pipeline; nothing that is kept or told may hold them.
@Suite(.timeLimit(.minutes(2))) struct SourceSecretsTests {
  private static let secret = "MARKEDSECRET"
  private static let link = "http://ana:\(secret)@127.0.0.1:1/kidney.zip?token=\(secret)"
  private static let other = "http://ana:\(secret)@127.0.0.1:1/b.zip?token=\(secret)2"

  /// A project whose data are there; it asks for more classes than they have, so that a pipeline ends after ingestion.
  private func withProject(
    statedSource: String? = nil, _ body: (Project, URL) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
      if let statedSource {
        let line = try #require(text.split(separator: "\n").first { $0.contains("source_URL:") })
        text = text.replacingOccurrences(of: line, with: "  source_URL: \(statedSource)")
      }
      try AtomicFile.write(text, to: folder.appending(path: "config/config.yaml"))
      let project = Project(
        configuration: try ProjectConfiguration(
          yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
        parameters: try DrawnData.parameters("CLASSES: 3"), cache: nil, version: "test")
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 1, slices: 1)
      try AtomicFile.write("sheet", to: folder.appending(path: "artifacts/data_ingestion/contact-sheet.png"))
      try await body(project, folder.appending(path: "artifacts/pipeline.json"))
    }
  }

  private static let options = IngestionOptions(downloader: Downloader(retries: .none))

  /// - Returns: what was told, and the error it ended with.
  private func run(_ project: Project, source: String?) async -> (events: [String], error: (any Error)?) {
    let events = Mutex<[String]>([])
    do {
      _ = try await project.runPipeline(source: source, options: Self.options, force: false) { event in
        events.withLock { $0.append("\(event)") }
      }
      return (events.withLock { $0 }, nil)
    } catch {
      return (events.withLock { $0 }, error)
    }
  }

  @Test(arguments: [nil, link]) func `neither the pipeline's memory nor its reasons show a link's secrets`(
    statedSource: String?
  ) async throws {
    try await withProject(statedSource: statedSource) { project, file in
      try project.remember(.dataIngestion, source: statedSource == nil ? Self.link : nil, options: Self.options)
      let kept = try String(contentsOf: file, encoding: .utf8)
      #expect(kept.contains("http://127.0.0.1:1/kidney.zip?") && !kept.contains(Self.secret), "\(kept)")

      // The same link again is the same source, and so is none.
      for source in [Self.link, nil] {
        let same = await run(project, source: source)
        #expect(same.events.contains { $0.hasPrefix("fresh") }, "\(same.events)")
      }
      let other = await run(project, source: Self.other)
      #expect(other.events.contains { $0.contains("the source changed\"") }, "\(other.events)")
      #expect(other.error is TransferError)
      let told = other.events.joined() + "\(String(describing: other.error))"
      #expect(!told.contains(Self.secret))
      #expect(!(try String(contentsOf: file, encoding: .utf8)).contains(Self.secret))
    }
  }

  @Test func `a link that must be fetched again is asked for each time, and no other is taken`() async throws {
    try await withProject { project, file in
      try project.remember(.dataIngestion, source: Self.link, options: Self.options)
      try FileManager.default.removeItem(at: project.configuration.dataFolder)
      for _ in 0..<2 {
        let outcome = await run(project, source: nil)
        let error = try #require(outcome.error as? TrainingError)
        guard case .sourceNotKept(let source) = error else { return #expect(Bool(false), "\(error)") }
        #expect(source.hasPrefix("http://127.0.0.1:1/kidney.zip?") && !source.contains(Self.secret))
        #expect("\(error)".contains("--source"))
      }
    }
  }

  @Test func `what an earlier version kept word for word is cleaned when it is read`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "pipeline.json")
      var state = PipelineState()
      state.stages["data_ingestion"] = StageRecord(
        inputs: [
          "the source": Self.link, "the selection": "all",
          "data_ingestion of config/config.yaml": "source_URL: \(Self.link)\n", "EPOCHS of other.yaml": "5",
        ], outputs: ["data": "d"])
      try state.save(to: file)
      let cleaned = PipelineState.load(from: file)
      let inputs = try #require(cleaned.stages["data_ingestion"]?.inputs)
      #expect(inputs["the source"] == Ingestion.label(of: Self.link))
      #expect(inputs["EPOCHS of other.yaml"] == "5" && inputs["the selection"] == "all")
      #expect(!(try String(contentsOf: file, encoding: .utf8)).contains(Self.secret))
      #expect(PipelineState.load(from: file) == cleaned)
    }
  }
}
