import BuildInformation
import Foundation
import Inference
import Tracking

extension ModelPackager {
  /// Makes what `nefro export --to mlflow` makes.
  ///
  /// - Parameter bases: files that may hold the base's weights, tried before the user's cache.
  /// - Throws: `MLflowError.badModelScope`.
  static func exporting(bases: [URL], environment: [String: String]) throws -> ModelPackager {
    ModelPackager(
      scope: try .configured(environment: environment), flavors: ModelExport.mlflowFlavors
    ) { model in
      let classifier = try Classifier(model: model, locator: BaseLocator(candidates: bases), kernelUse: .single)
      return try ModelExport(classifier, version: BuildInformation.current.version).mlflow()
    }
  }

  /// Where a project's pipeline puts its base, unless its configuration names other places.
  static func bases(ofProject root: URL) -> [URL] {
    ["artifacts/prepare_base_model", "model"].map { root.appending(path: $0).appending(path: "base_model.safetensors") }
  }
}

extension BackgroundMirror {
  /// A mirror to the server that the environment names; nil if it names none.
  ///
  /// - Parameter warn: is told what a person must know before anything is sent.
  /// - Throws: `MLflowError` for variables that make no sense.
  static func configured(
    store: RunStore, bases: [URL], environment: [String: String], warn: (String) -> Void
  ) throws -> BackgroundMirror? {
    let home = FileManager.default.homeDirectoryForCurrentUser
    guard let server = try MLflowServer.configured(environment: environment, home: home) else { return nil }
    if let warning = server.warning { warn("WARNING: \(warning)") }
    return BackgroundMirror(
      store: store, server: server, packager: try .exporting(bases: bases, environment: environment))
  }
}
