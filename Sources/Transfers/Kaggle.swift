import Foundation

/// Data sets on Kaggle, through its API: a login there, then a redirect to a storage host that must not see it.
enum Kaggle {
  static let hosts: Set<String> = ["kaggle.com", "www.kaggle.com"]

  /// Reads `OWNER/NAME`.
  static func parse(name text: String) throws -> RemoteSource {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(isSlug) else {
      throw TransferError.invalidAddress("kaggle:\(text.prefix(100))", reason: "write it as kaggle:OWNER/NAME")
    }
    return .kaggle(owner: parts[0], name: parts[1])
  }

  /// Reads the address of a data set's page, `https://www.kaggle.com/datasets/OWNER/NAME`.
  ///
  /// - Returns: nil if it is another page of Kaggle.
  static func parse(page url: URL) throws -> RemoteSource? {
    let path = url.pathComponents.filter { $0 != "/" }
    guard path.count >= 3, path[0] == "datasets" else { return nil }
    return try parse(name: "\(path[1])/\(path[2])")
  }

  private static func isSlug(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }

  static func request(
    owner: String, name: String, endpoints: SourceEndpoints, credentials: OriginCredentials
  ) -> DownloadRequest {
    var request = DownloadRequest(
      url: endpoints.kaggle.appending(components: "datasets", "download", owner, name), credentials: credentials)
    request.explanation = { translate($0, dataSet: "\(owner)/\(name)", endpoints: endpoints) }
    return request
  }

  /// Refusals of Kaggle itself, in its terms; those of the storage host stay as they are.
  private static func translate(_ error: TransferError, dataSet: String, endpoints: SourceEndpoints) -> TransferError {
    func isKaggle(_ address: String) -> Bool {
      URL(string: address).flatMap(Origin.init) == Origin(endpoints.kaggle)
    }
    switch error {
    case .refused(let address, 401) where isKaggle(address): return .kaggleLoginRefused(dataSet: dataSet)
    case .refused(let address, 403) where isKaggle(address): return .kaggleAccessDenied(dataSet: dataSet)
    case .refused(let address, 404) where isKaggle(address): return .kaggleNotFound(dataSet: dataSet)
    // Its login page.
    case .webPage(let address, _) where isKaggle(address): return .kaggleLoginRefused(dataSet: dataSet)
    default: return error
    }
  }
}
