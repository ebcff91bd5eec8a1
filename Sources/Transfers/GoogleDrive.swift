import Foundation

/// Files shared on Google Drive by link, fetched as a browser without login would.
enum GoogleDrive {
  static let hosts: Set<String> = ["drive.google.com", "docs.google.com", "drive.usercontent.google.com"]

  /// Reads `file/d/ID/view`, `open?id=ID`, `uc?id=ID`, `download?id=ID` and their variants with accounts and domains.
  static func parse(_ url: URL) throws -> RemoteSource {
    let items = URLComponents(url: url, resolvingAgainstBaseURL: true)?.queryItems ?? []
    func item(_ name: String) -> String? { items.first { $0.name == name }?.value }
    let path = url.pathComponents
    if let folders = path.firstIndex(of: "folders") {
      throw TransferError.driveFolder(folders + 1 < path.count ? path[folders + 1] : "without a name")
    }
    var id = item("id")
    if let start = path.firstIndex(of: "file"), let d = path[start...].firstIndex(of: "d"), d + 1 < path.count {
      id = path[d + 1]
    }
    guard let id, id.utf8.count >= 10, isIdentifier(id) else {
      throw TransferError.invalidAddress(
        url.withoutSecrets,
        reason: "it names no file of Google Drive; a share link looks like https://drive.google.com/file/d/ID/view")
    }
    return .googleDrive(id: id, resourceKey: item("resourcekey").flatMap { isIdentifier($0) ? $0 : nil })
  }

  private static func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }

  static func request(id: String, resourceKey: String?, endpoints: SourceEndpoints) -> DownloadRequest {
    var items = [URLQueryItem(name: "export", value: "download"), URLQueryItem(name: "id", value: id)]
    if let resourceKey { items.append(URLQueryItem(name: "resourcekey", value: resourceKey)) }
    var request = DownloadRequest(url: endpoints.googleDrive.appending(path: "uc").appending(queryItems: items))
    // The confirmed address has a new number each time.
    request.identity = "google-drive:\(id)"
    let trusted = Set([endpoints.googleDrive, endpoints.googleDriveContent].compactMap(Origin.init))
    request.continuation = { page in try address(after: page, id: id, trusted: trusted) }
    request.explanation = { translate($0, id: id) }
    return request
  }

  /// What a page that came instead of the file means: where its form leads, if it is the one that large files have
  /// ("can't scan this file for viruses"), else an error.
  static func address(after page: WebPage, id: String, trusted: Set<Origin>) throws -> URL {
    if let address = page.formAddress(id: "download-form") {
      guard let origin = Origin(address), trusted.contains(origin) else {
        throw TransferError.refusedRedirect(
          from: page.url.withoutSecrets, to: address.withoutSecrets,
          reason: "the confirmation form leads away from Google Drive")
      }
      return address
    }
    let title = page.title ?? ""
    if title.localizedCaseInsensitiveContains("quota exceeded")
      || page.html.localizedCaseInsensitiveContains("too many users have viewed or downloaded")
      || page.html.localizedCaseInsensitiveContains("download quota")
    {
      throw TransferError.driveQuota(id: id)
    }
    let path = page.url.path.lowercased()
    if page.url.host() == "accounts.google.com" || path.contains("servicelogin") || path.contains("/signin")
      || title.localizedCaseInsensitiveContains("sign in") || title.localizedCaseInsensitiveContains("access denied")
      || page.status == 401 || page.status == 403
    {
      throw TransferError.drivePrivate(id: id)
    }
    if page.status == 404 || page.status == 410 { throw TransferError.driveNotFound(id: id) }
    throw TransferError.driveRefused(id: id, title: page.title)
  }

  /// Answers without a page, in Google Drive's terms.
  private static func translate(_ error: TransferError, id: String) -> TransferError {
    switch error {
    case .refused(_, 401), .refused(_, 403): .drivePrivate(id: id)
    case .refused(_, 404), .refused(_, 410): .driveNotFound(id: id)
    default: error
    }
  }
}
