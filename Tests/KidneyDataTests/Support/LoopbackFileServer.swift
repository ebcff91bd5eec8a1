import Foundation

/// Serves one file over HTTP on the loopback interface, each request on its own connection.
final class LoopbackFileServer: Sendable {
  let port: UInt16
  /// The request line of each request so far.
  let requests = Collected<String>()
  private let listener: Int32

  init(content: Data) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    let requests = requests
    Thread.detachNewThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        var head = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while head.range(of: Data("\r\n\r\n".utf8)) == nil {
          let count = read(connection, &buffer, buffer.count)
          guard count > 0 else { break }
          head += buffer[..<count]
        }
        let line = String(decoding: head, as: UTF8.self).prefix { $0 != "\r\n" && $0 != "\r" }
        requests.add(String(line))
        var answer = Data("HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\nConnection: close\r\n\r\n".utf8)
        if !line.hasPrefix("HEAD") { answer += content }
        answer.withUnsafeBytes { bytes in
          var sent = 0
          while sent < bytes.count {
            let count = send(connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            guard count > 0 else { break }
            sent += count
          }
        }
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
}
