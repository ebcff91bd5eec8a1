import AsyncHTTPClient
import Foundation
import NIOSSL

/// Whom encrypted connections trust.
public struct TransportSecurity: Sendable, Equatable {
  /// A PEM file with certificates that are trusted beside the system's, such as a hospital's own authority.
  public var additionalCertificates: URL?
  /// Off only where a person asked for it by name: then anybody on the way can read and change what is sent.
  public var verifiesCertificates: Bool

  public init(additionalCertificates: URL? = nil, verifiesCertificates: Bool = true) {
    self.additionalCertificates = additionalCertificates
    self.verifiesCertificates = verifiesCertificates
  }

  /// - Throws: `TransferError.certificatesUnreadable`.
  func tlsConfiguration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if !verifiesCertificates { configuration.certificateVerification = .none }
    if let file = additionalCertificates {
      do {
        let certificates = try NIOSSLCertificate.fromPEMFile(file.path)
        guard !certificates.isEmpty else {
          throw TransferError.certificatesUnreadable(path: file.path, reason: "it holds no certificate")
        }
        configuration.additionalTrustRoots = [.certificates(certificates)]
      } catch let error as TransferError {
        throw error
      } catch {
        throw TransferError.certificatesUnreadable(path: file.path, reason: "it is no readable PEM file")
      }
    }
    return configuration
  }
}
