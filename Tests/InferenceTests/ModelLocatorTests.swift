import Foundation
import Inference
import TestSupport
import Testing

@Suite struct ModelLocatorTests {
  /// A working folder, and an installed program elsewhere.
  private struct Place {
    let root: URL
    var working: URL { root.appending(path: "work", directoryHint: .isDirectory) }
    var trained: URL { working.appending(path: "artifacts/training/model.safetensors") }
    var installed: URL { root.appending(path: "usr/bin/nefro") }
    var installedModel: URL { root.appending(path: "usr/share/nefro/models/\(ModelLocator.shippedName)") }
    var built: URL { root.appending(path: "checkout/.build/x86_64/release/nefro") }
    var checkoutModel: URL { root.appending(path: "checkout/Models/\(ModelLocator.shippedName)") }
    var named: URL { working.appending(path: "named.safetensors") }
    var other: URL { working.appending(path: "other.safetensors") }

    func make(_ files: URL...) throws {
      try FileManager.default.createDirectory(at: working, withIntermediateDirectories: true)
      for url in files {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(url.lastPathComponent.utf8).write(to: url)
      }
    }

    func locate(
      explicit: URL? = nil, environment: [String: String] = [:], executable: URL? = nil
    ) throws -> String {
      try ModelLocator(
        explicit: explicit, environment: environment, workingFolder: working, executable: executable
      ).locate().standardizedFileURL.path
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { try body(Place(root: $0.resolvingSymlinksInPath())) }
  }

  @Test func `what is named comes first, then the environment, what was trained here, what was shipped`() throws {
    try withPlace { place in
      try place.make(place.named, place.other, place.trained, place.installed, place.installedModel)
      let environment = ["NEFRO_MODEL": place.other.path]
      func located(explicit: URL? = nil, _ environment: [String: String] = [:]) throws -> String {
        try place.locate(explicit: explicit, environment: environment, executable: place.installed)
      }
      #expect(try located(explicit: place.named, environment) == place.named.path)
      #expect(try located(environment) == place.other.path)
      #expect(try located() == place.trained.path)
      try FileManager.default.removeItem(at: place.trained)
      #expect(try located() == place.installedModel.path)
    }
  }

  @Test func `a model that is named and not there is an error, whatever else could answer`() throws {
    try withPlace { place in
      try place.make(place.other, place.trained, place.installed, place.installedModel)
      #expect(throws: InferenceError.missingModel(path: place.named.path)) {
        try place.locate(
          explicit: place.named, environment: ["NEFRO_MODEL": place.other.path], executable: place.installed)
      }
      #expect(throws: InferenceError.missingModel(path: place.named.path)) {
        try place.locate(environment: ["NEFRO_MODEL": place.named.path], executable: place.installed)
      }
    }
  }

  @Test func `a relative path in the environment is taken from the working folder`() throws {
    try withPlace { place in
      try place.make(place.other)
      #expect(try place.locate(environment: ["NEFRO_MODEL": "other.safetensors"]) == place.other.path)
    }
  }

  @Test func `the shipped model is found from a program that is reached through a link`() throws {
    try withPlace { place in
      try place.make(place.installed, place.installedModel)
      let link = place.root.appending(path: "link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: place.installed)
      #expect(try place.locate(executable: link) == place.installedModel.path)
    }
  }

  @Test(arguments: [".build", ".build-debug"])
  func `the shipped model is found from a build folder in a checkout`(build: String) throws {
    try withPlace { place in
      let program = place.root.appending(path: "checkout/\(build)/x86_64/release/nefro")
      try place.make(program, place.checkoutModel)
      #expect(try place.locate(executable: program) == place.checkoutModel.path)
    }
  }

  @Test(arguments: ["kidney-four-class", "kidney-four-class.safetensors"])
  func `a shipped model may be named without its path, but a file here goes before`(name: String) throws {
    try withPlace { place in
      let four = place.root.appending(path: "usr/share/nefro/models/kidney-four-class.safetensors")
      try place.make(place.installed, place.installedModel, four)
      func located() throws -> String { try place.locate(environment: ["NEFRO_MODEL": name], executable: place.installed) }
      #expect(try located() == four.path)
      let here = place.working.appending(path: name)
      try place.make(here)
      #expect(try located() == here.path)
    }
    #expect(throws: InferenceError.self) {
      try ModelLocator(
        explicit: nil, environment: ["NEFRO_MODEL": "kidney-five-class"], workingFolder: URL(filePath: "/nowhere"),
        executable: nil
      ).locate()
    }
  }

  @Test func `without any model the error names every place and what to do`() throws {
    try withPlace { place in
      try place.make()
      let error = #expect(throws: InferenceError.self) { try place.locate(executable: place.built) }
      guard case .noModel(let tried) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(tried.first == place.trained.path)
      #expect(tried.contains(place.checkoutModel.path))
      let text = error?.description ?? ""
      #expect(tried.allSatisfy(text.contains))
      #expect(text.contains("--model") && text.contains("NEFRO_MODEL") && text.contains("nefro pipeline"))
    }
  }
}
