import Backbones
import Foundation
import TestSupport
import Testing

extension OutsideProgramTests {
  private static let parameters = """
    AUGMENTATION: True
    IMAGE_SIZE: [64, 64, 3]
    BATCH_SIZE: 16
    INCLUDE_TOP: False
    EPOCHS: 3
    CLASSES: 2
    WEIGHTS: imagenet
    LEARNING_RATE: 0.01
    SEED: 7

    """

  /// A project of a small synthetic hospital, with a ladder and two registered versions.
  private static func makeProject(in folder: URL) throws {
    let files = FileManager.default
    try files.createDirectory(at: folder.appending(path: "config"), withIntermediateDirectories: true)
    try files.copyItem(
      at: packageRoot.appending(path: "config/config.yaml"), to: folder.appending(path: "config/config.yaml"))
    try parameters.write(to: folder.appending(path: "params.yaml"), atomically: true, encoding: .utf8)
    for command in [
      "synthesize --out hospital --patients 14 --seed 4 --slices 3-4 --size 96", "pipeline --source hospital",
      "models register --note first", "train --set LEARNING_RATE=0.02", "evaluate --set LEARNING_RATE=0.02",
      "models register --note second",
      "reproduce hospital --repeats 1 --shuffles 2",
    ] {
      _ = try Program.run(ServeProgram.program, command.split(separator: " ").map(String.init), in: folder)
    }
  }

  @Test(
    .enabled(if: hasBrowser, "SKIPPED: no chromium and chromium-driver of Debian"),
    .enabled(if: PythonTools.named("browser") != nil, "SKIPPED: no Python environment 'browser'"),
    .enabled(
      if: (try? WeightStore().open("vgg16")) != nil,
      "SKIPPED, VGG-16's weights are not here: run `nefro weights fetch vgg16`"))
  func `runs, models, promotion, the ladder and trainings are walked through in a browser`() async throws {
    let tools = try #require(PythonTools.named("browser"))
    try await withTemporaryFolder { folder in
      let project = folder.resolvingSymlinksInPath()
      try await Wire.talk { try Self.makeProject(in: project) }
      let server = try await ServeProgram.start(in: project)
      let token = try #require(server.token)
      let output = try await Wire.talk {
        try Program.run(
          tools.program("python"),
          [
            packageRoot.appending(path: "Tests/tools/project_walk.py").path, "--url", "http://127.0.0.1:\(server.port)",
            "--token", token, "--project", project.path,
          ])
      }
      #expect(output.contains("the walk is done"))
      #expect(try await server.end(SIGTERM) == 0)
    }
  }
}
