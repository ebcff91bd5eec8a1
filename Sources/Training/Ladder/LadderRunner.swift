import Backbones
import Foundation
import KidneyData
import LocalFiles
import TensorKernels

/// What the ladder tells while it is climbed.
public enum LadderEvent: Sendable {
  case opening(done: Int, total: Int)
  case features(done: Int, total: Int)
  case audit(DataAudit.Progress)
  case fitting(done: Int, total: Int)
  /// Something the person should know.
  case note(String)
}

/// Judges one classifier by three splits of each data set, and by labels that mean nothing.
public struct LadderRunner {
  public var settings: LadderSettings
  public var cache: FeatureCache?
  public var version: String
  private let openBase: () throws -> LadderBase
  private let pool: ThreadPool

  public init(
    settings: LadderSettings = LadderSettings(), store: WeightStore = WeightStore(),
    cache: FeatureCache? = FeatureCache(),
    version: String, pool: ThreadPool = .shared
  ) {
    self.init(settings: settings, cache: cache, version: version, pool: pool) { try LadderBase.stored(in: store) }
  }

  /// The same with another base.
  package init(
    settings: LadderSettings, cache: FeatureCache?, version: String, pool: ThreadPool = .shared,
    base: @escaping () throws -> LadderBase
  ) {
    self.settings = settings
    self.cache = cache
    self.version = version
    self.pool = pool
    openBase = base
  }

  /// - Parameters:
  ///   - folders: folders of class folders, one or more.
  ///   - joins: whether the data sets are climbed joined as well: with all their classes, and where they differ in
  ///     classes with those of all sets alone. Every picture is then made grey and of one size first.
  /// - Throws: `KidneyDataError` for a folder that is no data set, what opening the weights and reading pictures throws.
  public func run(
    _ folders: [URL], joins: Bool = false, progress: @escaping @Sendable (LadderEvent) -> Void
  ) throws -> LadderResult {
    let base = try openBase()
    cache?.trim()
    var layer = ""
    let sets = try folders.map { folder in
      try DataSet.open(folder) { progress(.opening(done: $0, total: $1)) }
    }
    var results = try zip(folders, sets).map { folder, data in
      progress(.note("Data set \(folder.lastPathComponent)"))
      let prepared = try LadderData(data, base: base, cache: cache, pool: pool, progress: progress)
      layer = prepared.layer
      return try LadderClimb(prepared, settings: settings, pool: pool, progress: progress)
        .result(name: folder.lastPathComponent)
    }
    if joins {
      var base = base
      base.preprocessing = base.preprocessing.neutral(for: sets)
      let name = folders.map(\.lastPathComponent).joined(separator: " + ")
      for onlyCommon in [false, true] {
        guard let joined = try JoinedData(sets, onlyCommon: onlyCommon, preprocessing: base.preprocessing),
          !onlyCommon || results.last?.join?.partialClasses.isEmpty == false
        else { continue }
        progress(.note("Joined: \(name)" + (onlyCommon ? ", classes of all sets alone" : "")))
        let prepared = try LadderData(joined.data, base: base, cache: cache, pool: pool, progress: progress)
        results.append(
          try LadderClimb(prepared, settings: settings, pool: pool, progress: progress).result(
            name: name, joined: joined))
      }
    }
    return LadderResult(
      version: version, kernels: KernelPath.current.rawValue, settings: settings, classifier: LadderSettings.classifier,
      baseDigest: base.digest.hex, layer: layer, preprocessing: base.preprocessing.identity, dataSets: results)
  }
}
