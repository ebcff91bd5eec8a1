import Foundation
import NIOCore
import NIOPosix

/// A client that sends what a test wants, byte by byte if need be, over a plain connection.
final class Wire: @unchecked Sendable {
  struct Answer: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
  }

  enum Fault: Error, Equatable {
    case cannotConnect(Int32)
    case cannotSend(Int32)
    /// The server closed the connection without an answer.
    case closed
    case timeout
    case noAnswer(String)
  }

  private let descriptor: Int32

  /// - Parameters:
  ///   - seconds: for each read.
  ///   - room: bytes that the system takes in for a client that does not read; nil for as many as it likes.
  init(port: Int, seconds: Int = 60, room: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size)) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Fault.cannotConnect(errno) }
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ bytes: Data) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL)) }
      if sent < 0 {
        if errno == EINTR { continue }
        throw Fault.cannotSend(errno)
      }
      rest = rest.dropFirst(sent)
    }
  }

  func send(_ text: String) throws { try send(Data(text.utf8)) }

  /// Reads one answer with a length.
  func answer() throws -> Answer {
    var data = Data()
    let separator = Data("\r\n\r\n".utf8)
    var end: Range<Data.Index>?
    while end == nil {
      data += try read()
      end = data.range(of: separator)
    }
    let head = String(decoding: data[..<end!.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = head[0].split(separator: " ")
    guard words.count >= 2, let status = Int(words[1]) else { throw Fault.noAnswer(head[0]) }
    var headers: [String: String] = [:]
    for line in head.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
    }
    var body = Data(data[end!.upperBound...])
    if headers["transfer-encoding"] == "chunked" {
      return Answer(status: status, headers: headers, body: try chunks(after: body))
    }
    let length = Int(headers["content-length"] ?? "0") ?? 0
    while body.count < length { body += try read() }
    return Answer(status: status, headers: headers, body: body)
  }

  /// A body in pieces, each behind its length, of which some has come.
  private func chunks(after begun: Data) throws -> Data {
    var (rest, body) = (begun, Data())
    let lineEnd = Data("\r\n".utf8)
    while true {
      guard let end = rest.range(of: lineEnd) else {
        rest += try read()
        continue
      }
      guard let length = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) else {
        throw Fault.noAnswer("a piece without a length")
      }
      while rest.distance(from: end.upperBound, to: rest.endIndex) < length + 2 { rest += try read() }
      body += rest[end.upperBound..<end.upperBound + length]
      rest = Data(rest[(end.upperBound + length + 2)...])
      if length == 0 { return body }
    }
  }

  /// Reads all that comes until the server ends the connection.
  ///
  /// - Returns: how many bytes came; nil if it is still open after the time of a read.
  func bytesUntilClosed() -> Int? {
    var count = 0
    while true {
      do {
        count += try read().count
      } catch Fault.timeout {
        return nil
      } catch {
        return count
      }
    }
  }

  /// All that comes until the server ends the connection.
  func rest() throws -> String {
    var data = Data()
    while true {
      do {
        data += try read()
      } catch Fault.closed {
        return String(decoding: data, as: UTF8.self)
      }
    }
  }

  /// Reads until a text has come.
  func text(until mark: String) throws -> String {
    var data = Data()
    let wanted = Data(mark.utf8)
    while data.range(of: wanted) == nil { data += try read() }
    return String(decoding: data, as: UTF8.self)
  }

  /// Whether the connection is open at the server's end, as the system tells: a client that does not read is not told of
  /// an end that comes behind what it has not read.
  func isOpenAtServer(port: Int) throws -> Bool {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard status == 0 else { throw Fault.closed }
    func ending(_ port: Int) -> String { ":" + String(65_536 + port, radix: 16, uppercase: true).dropFirst() }
    let (server, client) = (ending(port), ending(Int(in_port_t(bigEndian: address.sin_port))))
    // Read to its end: in one go the system gives a page of it.
    guard let table = FileHandle(forReadingAtPath: "/proc/net/tcp") else { throw Fault.closed }
    return String(decoding: table.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      // 01 is ESTABLISHED.
      return fields.count > 3 && fields[1].hasSuffix(server) && fields[2].hasSuffix(client) && fields[3] == "01"
    }
  }

  /// Whether the server ends the connection, or has ended it, within the time of a read.
  func isClosed() -> Bool {
    while true {
      do {
        _ = try read()
      } catch Fault.timeout {
        return false
      } catch {
        return true
      }
    }
  }

  private func read() throws -> Data {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 { return Data(buffer[..<count]) }
      if count == 0 { throw Fault.closed }
      if errno == EINTR { continue }
      if errno == EAGAIN || errno == EWOULDBLOCK { throw Fault.timeout }
      throw Fault.closed
    }
  }

  /// Runs a blocking conversation away from the threads that the server needs.
  static func talk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result(catching: body)) }
      thread.start()
    }
  }

  /// One request on a connection of its own.
  static func send(
    _ method: String, _ path: String, port: Int, token: String? = nil, type: String? = nil, body: Data = Data(),
    headers: [String: String] = [:]
  ) async throws -> Answer {
    try await talk {
      let wire = try Wire(port: port)
      try wire.send(head(method, path, port: port, token: token, type: type, length: body.count, headers: headers))
      // A server that refuses at once may close before all of a body is sent; its answer counts.
      do { try wire.send(body) } catch Fault.cannotSend {}
      return try wire.answer()
    }
  }

  static func head(
    _ method: String, _ path: String, port: Int, token: String? = nil, type: String? = nil, length: Int? = nil,
    headers: [String: String] = [:]
  ) -> String {
    var lines = ["\(method) \(path) HTTP/1.1"]
    if headers["Host"] == nil { lines.append("Host: 127.0.0.1:\(port)") }
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let type { lines.append("Content-Type: \(type)") }
    if let length { lines.append("Content-Length: \(length)") }
    lines += headers.map { "\($0): \($1)" }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }
}
