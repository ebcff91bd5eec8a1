import Backbones
import Foundation
import KidneyData
import LocalFiles
import Reports

/// Audits a folder of class folders and makes the report and its page.
public struct DataAuditor: Sendable {
  public var store: WeightStore
  public var cache: FeatureCache?
  /// Whether pictures are compared by backbone features, too, where the weights are there.
  public var usesFeatures: Bool
  public var seed: UInt64
  public var version: String

  public init(
    store: WeightStore = WeightStore(), cache: FeatureCache? = FeatureCache(), usesFeatures: Bool = true,
    seed: UInt64 = 1, version: String
  ) {
    self.store = store
    self.cache = cache
    self.usesFeatures = usesFeatures
    self.seed = seed
    self.version = version
  }

  public enum Progress: Sendable {
    case opening(done: Int, total: Int)
    case features(done: Int, total: Int)
    case audit(DataAudit.Progress)
    case shortcuts
    /// Something the person should know, such as that weights are missing.
    case note(String)
  }

  public struct Outcome: Sendable {
    public var audit: DataAudit
    public var report: AuditReport
  }

  /// - Parameter folders: one, or several that are looked at as one data set: classes of one name are one class.
  /// - Throws: `KidneyDataError` for a folder that is no data set, and what reading pictures throws.
  public func audit(_ folders: [URL], progress: @escaping @Sendable (Progress) -> Void) throws -> Outcome {
    let data = try DataSet.joined(
      folders.map { folder in try DataSet.open(folder) { progress(.opening(done: $0, total: $1)) } })
    var features: [[Float]]?
    var comparison = AuditReport.Comparison.pixels
    if usesFeatures, (try? store.open("vgg16")) == nil {
      comparison = .pixelsWithoutWeights
      progress(.note("No VGG-16 weights are stored, so pictures are compared by hash and structure alone. `nefro weights fetch vgg16` fetches them."))
    } else if usesFeatures {
      comparison = .features
      let total = data.count
      features = try AuditFeatures.compute(for: data, store: store, cache: cache) {
        progress(.features(done: $0, total: total))
      }
    }
    let audit = try DataAudit(data, features: features) { progress(.audit($0)) }
    progress(.shortcuts)
    let report = AuditReport(
      audit, comparison: comparison, shortcut: try ShortcutFinding(audit, seed: seed), version: version)
    return Outcome(audit: audit, report: report)
  }

  /// Writes `audit.json` and `audit.html` into a folder.
  ///
  /// - Parameter language: the page's.
  public func write(_ outcome: Outcome, to folder: URL, language: Language = .english) throws {
    try AtomicFile.createFolder(folder)
    try AtomicFile.write(outcome.report.json(), to: folder.appending(path: "audit.json"))
    try AtomicFile.write(
      outcome.report.page(of: outcome.audit, in: language).html, to: folder.appending(path: "audit.html"))
  }
}
