import Foundation

/// Where a redirect may lead.
package enum RedirectPolicy {
  package static let statuses: Set<UInt> = [301, 302, 303, 307, 308]

  /// The next address.
  ///
  /// - Throws: `TransferError.refusedRedirect` if it is no http(s) address, or leaves https for http.
  package static func next(from url: URL, location: String?) throws -> URL {
    guard let location, !location.isEmpty, let target = URL(string: location, relativeTo: url)?.absoluteURL else {
      throw TransferError.malformedAnswer(
        address: url.withoutSecrets, reason: "a redirect that does not say where to")
    }
    return try check(target, from: url)
  }

  /// The same for an address that was found otherwise, such as the action of a form.
  package static func check(_ target: URL, from url: URL) throws -> URL {
    func refuse(_ reason: String) -> TransferError {
      .refusedRedirect(from: url.withoutSecrets, to: target.withoutSecrets, reason: reason)
    }
    guard let origin = Origin(target) else { throw refuse("it is not an http or https address") }
    if origin.scheme == "http", url.scheme?.lowercased() == "https" {
      throw refuse("it would leave https for http, where anybody on the way can read and change the file")
    }
    // A server does not hand out names and passwords for others.
    guard var parts = URLComponents(url: target, resolvingAgainstBaseURL: true) else {
      throw refuse("its address is malformed")
    }
    parts.user = nil
    parts.password = nil
    parts.fragment = nil
    guard let clean = parts.url else { throw refuse("its address is malformed") }
    return clean
  }
}
