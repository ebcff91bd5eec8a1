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
    guard let server = try MLflowServer.configured(environment: environment) else { return nil }
    if let warning = server.warning { warn("WARNING: \(warning)") }
    return BackgroundMirror(
      store: store, server: server, packager: try .exporting(bases: bases, environment: environment))
  }
}

extension MLflowServer {
  /// The server that the environment names, with the credentials of the home folder that it names, as MLflow's own
  /// client takes them; nil if it names none.
  ///
  /// - Throws: `MLflowError` for variables that make no sense.
  static func configured(environment: [String: String]) throws -> MLflowServer? {
    let named = environment["HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0, directoryHint: .isDirectory) : nil }
    return try configured(environment: environment, home: named ?? FileManager.default.homeDirectoryForCurrentUser)
  }
}
