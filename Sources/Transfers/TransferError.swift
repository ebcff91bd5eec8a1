import Foundation

/// What can go wrong between this machine and a server.
///
/// No case carries credentials, and addresses are without their query, since signed ones hold tokens there.
public enum TransferError: Error, Equatable, CustomStringConvertible {
  case invalidAddress(String, reason: String)
  /// No connection could be made within the connect timeout.
  case cannotConnect(address: String, reason: String)
  /// The connection was silent for the idle timeout.
  case stalled(address: String, seconds: Double, received: Int64)
  case connectionLost(address: String, received: Int64, expected: Int64?, reason: String)
  case refused(address: String, status: Int)
  /// 408, 429 or 5xx to the last attempt.
  case unavailable(address: String, status: Int, attempts: Int)
  /// The server asks to wait longer than is waited for.
  case askedToWait(address: String, status: Int, seconds: Double)
  case tooManyRedirects(address: String, limit: Int)
  case refusedRedirect(from: String, to: String, reason: String)
  case malformedAnswer(address: String, reason: String)
  case tooLarge(address: String, maximumBytes: Int64, announced: Int64?)
  case wrongSize(address: String, expected: Int64, actual: Int64)
  case wrongDigest(address: String, algorithm: String, expected: String, actual: String)
  /// The server's certificate is signed by nobody this machine trusts, has expired or is for another host.
  case untrustedCertificate(address: String)
  case certificatesUnreadable(path: String, reason: String)
  case invalidProxy(variable: String)
  /// A web page where a file was expected.
  case webPage(address: String, title: String?)

  case unknownSource(String)
  case driveFolder(String)
  case driveQuota(id: String)
  case drivePrivate(id: String)
  case driveNotFound(id: String)
  case driveRefused(id: String, title: String?)

  case kaggleCredentialsMissing(searched: [String])
  case kaggleCredentialsUnreadable(path: String, reason: String)
  case kaggleCredentialsExposed(path: String, mode: String)
  case kaggleLoginRefused(dataSet: String)
  case kaggleAccessDenied(dataSet: String)
  case kaggleNotFound(dataSet: String)

  public var description: String {
    switch self {
    case .invalidAddress(let address, let reason):
      "'\(address)' cannot be fetched: \(reason)."
    case .cannotConnect(let address, let reason):
      "Cannot reach \(address): \(reason). Check the address and the network, "
        + "or fetch the file elsewhere and give its path."
    case .stalled(let address, let seconds, let received):
      "\(address) sent nothing for \(Self.text(seconds)) s (\(received) bytes are kept). "
        + "Run the command again to go on from there."
    case .connectionLost(let address, let received, let expected, let reason):
      "The connection to \(address) was lost after \(received)\(expected.map { " of \($0)" } ?? "") bytes (\(reason)). "
        + "They are kept: run the command again to go on from there."
    case .refused(let address, let status):
      "\(address) answered \(status): \(Self.advice(status))"
    case .unavailable(let address, let status, let attempts):
      "\(address) answered \(status) (\(attempts) \(attempts == 1 ? "attempt" : "attempts")). "
        + "The server is overloaded or broken; try again later."
    case .askedToWait(let address, let status, let seconds):
      "\(address) answered \(status) and asks to wait \(Self.text(seconds)) s. Run the command again after that."
    case .tooManyRedirects(let address, let limit):
      "\(address) redirects more than \(limit) times, probably in a circle. Check the address in a browser."
    case .refusedRedirect(let from, let to, let reason):
      "\(from) redirects to \(to), which is not followed: \(reason)."
    case .malformedAnswer(let address, let reason):
      "\(address) does not answer as HTTP asks: \(reason)."
    case .tooLarge(let address, let maximumBytes, let announced):
      "\(address) \(announced.map { "has \($0) bytes" } ?? "sends more bytes than allowed"), "
        + "the limit is \(maximumBytes). Check that it is the right file; nothing of it was kept."
    case .wrongSize(let address, let expected, let actual):
      "\(address) has \(actual) bytes where \(expected) were expected. "
        + "It is another file than the one asked for; it was removed."
    case .wrongDigest(let address, let algorithm, let expected, let actual):
      "\(address) has \(algorithm) \(actual) where \(expected) was expected. "
        + "It was damaged or exchanged, and was removed. "
        + "Run the command again; if it stays so, do not trust the source."
    case .webPage(let address, let title):
      "\(address) answered with a web page\(title.map { " ('\($0)')" } ?? "") where a file was expected. "
        + "Open it in a browser and copy the address of the file itself."
    case .untrustedCertificate(let address):
      "The certificate of \(address) is not trusted: nobody this machine trusts has signed it, it has expired or it is for "
        + "another host. Check the address and this machine's clock, and that the system trusts the host's authority."
    case .certificatesUnreadable(let path, let reason):
      "Cannot use the certificates in '\(path)': \(reason). Name a PEM file of the authority that signed the server's."
    case .invalidProxy(let variable):
      "\(variable) is no proxy's address. Set it to one such as http://proxy.example.org:3128, or unset it."
    case .unknownSource(let text):
      "'\(text)' is not a source that can be downloaded. "
        + "Give an http(s) address, a Google Drive share link or kaggle:OWNER/NAME."
    case .driveFolder(let id):
      "The Google Drive link names a folder (\(id)). Share one zip or tar file and give its link."
    case .driveQuota(let id):
      "Google Drive refuses file \(id) for now: too many people downloaded it, its quota is used up. "
        + "Try again in 24 hours, or download it in a browser and give the path."
    case .drivePrivate(let id):
      "Google Drive file \(id) is not public. Set its sharing to 'Anyone with the link', "
        + "or download it in a browser and give the path."
    case .driveNotFound(let id):
      "Google Drive has no file \(id). Check the share link."
    case .driveRefused(let id, let title):
      "Google Drive answered with a page\(title.map { " ('\($0)')" } ?? "") instead of file \(id). "
        + "Download it in a browser and give the path."
    case .kaggleCredentialsMissing(let searched):
      "Kaggle wants a login. Create a token at kaggle.com, Settings, API, then set KAGGLE_USERNAME and KAGGLE_KEY, "
        + "or save it as kaggle.json (looked for: \(searched.joined(separator: ", ")))."
    case .kaggleCredentialsUnreadable(let path, let reason):
      "Cannot use the Kaggle credentials in '\(path)': \(reason). Create a new token at kaggle.com, Settings, API."
    case .kaggleCredentialsExposed(let path, let mode):
      "'\(path)' can be read by other users (mode \(mode)). Run: chmod 600 '\(path)'"
    case .kaggleLoginRefused(let dataSet):
      "Kaggle does not accept the credentials (data set \(dataSet)). Create a new token at kaggle.com, Settings, API."
    case .kaggleAccessDenied(let dataSet):
      "Kaggle denies access to \(dataSet). Open its page, accept its conditions, and run the command again."
    case .kaggleNotFound(let dataSet):
      "Kaggle has no data set \(dataSet), or it is private to others. Check OWNER/NAME in the address of its page."
    }
  }

  private static func advice(_ status: Int) -> String {
    switch status {
    case 401: "it wants a login, or does not accept the one it got. Check the credentials."
    case 403: "access is forbidden. Check the credentials and that this account may read the file."
    case 404, 410: "the file is not there. Check the address."
    case 407: "a proxy on the way wants a login."
    default: "the request was refused. Check the address in a browser."
    }
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int64(seconds)) : String(seconds)
  }
}
