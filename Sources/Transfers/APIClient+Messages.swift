import AsyncHTTPClient
import Foundation
import LocalFiles
import NIOCore
import NIOHTTP1

extension APIClient {
  func message(for request: APIRequest) throws -> HTTPClientRequest {
    guard let origin = Origin(request.url), request.url.user == nil else {
      throw TransferError.invalidAddress(
        request.url.withoutSecrets, reason: "it is not an absolute http or https address without a name in it")
    }
    var message = HTTPClientRequest(url: request.url.absoluteString)
    message.method = HTTPMethod(rawValue: request.method.rawValue)
    message.headers.add(name: "user-agent", value: settings.userAgent)
    message.headers.add(name: "accept", value: "application/json, */*")
    if let credentials = settings.credentials, credentials.origin == origin {
      guard credentials.authorization.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        throw TransferError.invalidAddress(
          request.url.withoutSecrets, reason: "the credentials for it hold characters that HTTP forbids")
      }
      message.headers.add(name: "authorization", value: credentials.authorization)
    }
    switch request.body {
    case .none: break
    case .data(let data, let type):
      message.headers.add(name: "content-type", value: type)
      // A piece at a time: how long a connection may be silent is meant for a piece, not for megabytes as a whole.
      message.body =
        data.count > DataPieces.length
        ? .stream(DataPieces(data: data), length: .known(Int64(data.count))) : .bytes(ByteBuffer(bytes: data))
    case .file(let file, let type):
      message.headers.add(name: "content-type", value: type)
      let pieces = try FilePieces(file)
      message.body = .stream(pieces, length: .known(pieces.byteCount))
    }
    return message
  }

  /// What an error of the HTTP client means here.
  func failure(_ error: any Error, _ address: String) -> any Error {
    if error is CancellationError || Task.isCancelled { return CancellationError() }
    return switch ClientFailure(error) {
    case .untrusted: TransferError.untrustedCertificate(address: address)
    case .silent: TransferError.stalled(address: address, seconds: settings.idleTimeout / .seconds(1), received: 0)
    case .closed:
      TransferError.connectionLost(address: address, received: 0, expected: nil, reason: "the server closed it")
    case .noConnectionInTime:
      TransferError.cannotConnect(address: address, reason: "no connection within \(settings.connectTimeout)")
    case .other(let reason, isUnconnected: true): TransferError.cannotConnect(address: address, reason: reason)
    case .other(let reason, isUnconnected: false):
      TransferError.connectionLost(address: address, received: 0, expected: nil, reason: reason)
    }
  }
}

/// Bytes in pieces of 256 KiB.
private struct DataPieces: AsyncSequence, Sendable {
  typealias Element = ByteBuffer
  static let length = 256 << 10
  let data: Data

  struct Iterator: AsyncIteratorProtocol {
    var rest: Data

    mutating func next() async throws -> ByteBuffer? {
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(length) }
      return ByteBuffer(bytes: rest.prefix(length))
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(rest: data) }
}

/// A file's bytes in pieces of 256 KiB, as many as it had when this was made.
private struct FilePieces: AsyncSequence, Sendable {
  typealias Element = ByteBuffer
  let file: URL
  let byteCount: Int64

  init(_ file: URL) throws {
    self.file = file
    guard let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? NSNumber else {
      throw LocalFileError.cannotRead(path: file.path, reason: "it is gone or has become shorter")
    }
    byteCount = size.int64Value
  }

  struct Iterator: AsyncIteratorProtocol {
    let file: URL
    var rest: Int64
    var handle: FileHandle?

    mutating func next() async throws -> ByteBuffer? {
      guard rest > 0 else { return nil }
      let handle = try self.handle ?? FileHandle(forReadingFrom: file)
      self.handle = handle
      guard let piece = try handle.read(upToCount: Int(Swift.min(rest, 256 << 10))), !piece.isEmpty else {
        throw LocalFileError.cannotRead(path: file.path, reason: "it is gone or has become shorter")
      }
      rest -= Int64(piece.count)
      return ByteBuffer(bytes: piece)
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(file: file, rest: byteCount) }
}
