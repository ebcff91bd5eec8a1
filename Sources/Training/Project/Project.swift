import Backbones
import Digests
import Foundation
import KidneyData
import LocalFiles

/// One project folder: its configuration and parameters, and the stages that work in it.
///
/// Each stage is a method in a file of its own: `ingest`, `prepare`, `train`, `evaluate`; `runPipeline` runs those
/// that are stale.
public struct Project: Sendable {
  /// Where things lie.
  public let configuration: ProjectConfiguration
  /// How a model is trained and judged.
  public let parameters: TrainingParameters
  /// Where the base's weights are.
  public let store: WeightStore
  /// Where features are kept; nil computes them anew each time.
  public let cache: FeatureCache?
  /// The program's version, which goes into what it makes.
  public let version: String
  /// Whether a split that does not keep series together may be trained on: `--accept-leakage`.
  public let acceptsLeakage: Bool
  /// Whether a model may be scored on a test set that was opened before it was made: `--accept-opened-test-set`.
  public let acceptsOpenedTestSet: Bool
  /// What the ledger's entries are dated by.
  public let clock: @Sendable () -> Date

  /// - Parameter cache: nil computes base features anew each time.
  public init(
    configuration: ProjectConfiguration, parameters: TrainingParameters, store: WeightStore = WeightStore(),
    cache: FeatureCache? = FeatureCache(), version: String, acceptsLeakage: Bool = false,
    acceptsOpenedTestSet: Bool = false, clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.configuration = configuration
    self.parameters = parameters
    self.store = store
    self.cache = cache
    self.version = version
    self.acceptsLeakage = acceptsLeakage
    self.acceptsOpenedTestSet = acceptsOpenedTestSet
    self.clock = clock
  }

  /// What a stage tells while it runs.
  public typealias Report = (TrainingEvent) -> Void

  /// The right to write among the artifacts; a second run in the same folder gets `LocalFileError.locked`.
  public func lock() throws -> FolderLock {
    try FolderLock(configuration.artifactsRoot)
  }

  /// The ingested data set, with as many classes as the parameters say.
  ///
  /// - Throws: `TrainingError.noIngestedData` or `classCount`.
  public func openData() throws -> DataSet {
    let folder = configuration.dataFolder
    guard FileManager.default.fileExists(atPath: folder.appending(path: DataManifest.fileName).path) else {
      throw TrainingError.noIngestedData(folder: folder.path)
    }
    let data = DataSet(root: folder, manifest: try DataManifest.load(from: folder))
    guard data.classes.count == parameters.classCount else {
      throw TrainingError.classCount(parameters: parameters.classCount, data: data.classes.count, names: data.classes)
    }
    return data
  }

  /// - Throws: `TrainingError.leakageNotAccepted` for a split that does not keep series together, unless that was accepted.
  func requireVouchedSplit() throws {
    guard parameters.split.keepsSeries || acceptsLeakage else {
      throw TrainingError.leakageNotAccepted(method: parameters.split.rawValue)
    }
  }

  /// A path as the user knows it: relative to the project where it lies there.
  public func shown(_ url: URL) -> String {
    let root = configuration.root.path.hasSuffix("/") ? configuration.root.path : configuration.root.path + "/"
    return url.path.hasPrefix(root) ? String(url.path.dropFirst(root.count)) : url.path
  }
}
