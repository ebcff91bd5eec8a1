import Foundation

/// Makes of a model's file a folder that MLflow loads. Who mirrors gives it: this room knows nothing of networks.
///
/// The folder is made when it is sent and is not kept: with the base's weights in it, it is a thousand times as large
/// as the model's own file.
public struct ModelPackager: Sendable {
  /// Whose models are sent in that form.
  public enum Scope: String, Sendable, CaseIterable {
    /// Of every training that finished, and every registered one.
    case trained
    /// Registered ones only.
    case registered

    /// What `NEFRO_MLFLOW_MODEL` says; `trained` where it says nothing.
    ///
    /// - Throws: `MLflowError.badModelScope`.
    public static func configured(environment: [String: String]) throws -> Scope {
      guard let text = environment["NEFRO_MLFLOW_MODEL"], !text.isEmpty else { return .trained }
      guard let scope = Scope(rawValue: text) else { throw MLflowError.badModelScope(text) }
      return scope
    }
  }

  /// A file of a packed model; `name` is its path within the folder, `/` between parts.
  public typealias File = (name: String, content: Data)

  let scope: Scope
  let flavors: [String]
  package let files: @Sendable (URL) throws -> [File]

  /// - Parameters:
  ///   - flavors: what the folder's `MLmodel` names.
  ///   - files: makes the folder's files of a model's file; `MLmodel` is the last of them, so that a folder that has it
  ///     is whole.
  public init(scope: Scope = .trained, flavors: [String], files: @escaping @Sendable (_ model: URL) throws -> [File]) {
    self.scope = scope
    self.flavors = flavors
    self.files = files
  }
}
