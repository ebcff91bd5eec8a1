import Foundation
import Synchronization

/// A web server on 127.0.0.1 that answers every request for a path with the same bytes, and others with 404.
final class LoopbackServer: Sendable {
  private let listener: Int32
  private let files: [String: Data]
  private let requests = Mutex<[String]>([])
  let address: URL

  init(_ files: [String: Data]) throws {
    self.files = files
    let (listener, port) = try Self.listen()
    self.listener = listener
    address = URL(string: "http://127.0.0.1:\(port)/")!
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        serve(connection)
        close(connection)
      }
    }
  }

  /// The paths asked for so far.
  var requestedPaths: [String] { requests.withLock { $0 } }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// A port of this machine on which nobody listens.
  static func closedPort() throws -> UInt16 {
    let (listener, port) = try listen()
    close(listener)
    return port
  }

  private static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && Foundation.listen(descriptor, 16) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard status else { throw POSIXError(.EADDRNOTAVAIL) }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ connection: Int32) {
    var head = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while head.range(of: Data("\r\n\r\n".utf8)) == nil {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += buffer[..<count]
    }
    let path = String(decoding: head, as: UTF8.self).split(separator: " ").dropFirst().first.map(String.init) ?? ""
    requests.withLock { $0.append(path) }
    let content = files[path]
    let status = content == nil ? "404 Not Found" : "200 OK"
    var answer = Data("HTTP/1.1 \(status)\r\nContent-Length: \(content?.count ?? 0)\r\nConnection: close\r\n\r\n".utf8)
    answer += content ?? Data()
    answer.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = send(connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count <= 0 { return }
        sent += count
      }
    }
  }
}
