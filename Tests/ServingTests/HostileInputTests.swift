import Foundation
import MedicalImages
import RandomStreams
import Serving
import TestSupport
import Testing

/// What strangers and broken programs send: it is answered, by the same process, which goes on.
@Suite(.timeLimit(.minutes(15)))
struct HostileInputTests {
  private static let path = "/api/v1/predictions"

  private static let isLong = TestRun.isFull

  private static func stillAnswers(_ server: TestServer) async throws {
    let answer = try await server.send("POST", path, type: "image/png", body: SmallModels.png(1))
    #expect(answer.status == 201)
  }

  @Test func `a length of four gigabytes is refused before a byte of it`() async throws {
    try await TestServer.with { server in
      let answer = try await Wire.talk {
        let wire = try Wire(port: server.port, seconds: 20)
        try wire.send(
          Wire.head("POST", Self.path, port: server.port, token: server.token(.reader), type: "image/png", length: 4 << 30))
        let answer = try wire.answer()
        #expect(wire.isClosed())
        return answer
      }
      #expect(answer.status == 413)
      #expect(try answer.json()["code"] as? String == "too_large")
      try await Self.stillAnswers(server)
    }
  }

  @Test func `a body without an announced end stops at the limit`() async throws {
    var limits = ServingLimits()
    limits.bodyBytes = 1 << 20
    try await TestServer.with(limits: limits) { server in
      let answer = try await Wire.talk {
        let wire = try Wire(port: server.port, seconds: 20)
        try wire.send(
          Wire.head(
            "POST", Self.path, port: server.port, token: server.token(.reader), type: "image/png",
            headers: ["Transfer-Encoding": "chunked"]))
        let chunk = Data("10000\r\n".utf8) + Data(repeating: 7, count: 65_536) + Data("\r\n".utf8)
        do { for _ in 0..<64 { try wire.send(chunk) } } catch Wire.Fault.cannotSend {}
        return try wire.answer()
      }
      #expect(answer.status == 413)
      try await Self.stillAnswers(server)
    }
  }

  @Test func `a hundred thousand headers are refused`() async throws {
    try await TestServer.with { server in
      let status = try await Wire.talk { () -> Int? in
        let wire = try Wire(port: server.port, seconds: 20)
        let headers = (0..<100_000).map { "x-\($0): \($0)" }.joined(separator: "\r\n")
        do {
          try wire.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n\r\n")
        } catch Wire.Fault.cannotSend {}
        return try? wire.answer().status
      }
      #expect(status == nil || status == 400 || status == 431)
      try await Self.stillAnswers(server)
    }
  }

  @Test func `a header that never ends is cut off in time`() async throws {
    var limits = ServingLimits()
    limits.idleSeconds = 1
    try await TestServer.with(limits: limits) { server in
      let seconds = try await Wire.talk { () -> Double in
        let wire = try Wire(port: server.port, seconds: 1)
        let start = ContinuousClock.now
        do {
          try wire.send("GET /healthz HTTP/1.1\r\n")
          for number in 0..<100 {
            try wire.send("x-\(number): 1\r\n")
            Thread.sleep(forTimeInterval: 0.2)
          }
        } catch Wire.Fault.cannotSend {}
        return (ContinuousClock.now - start) / .seconds(1)
      }
      #expect(seconds < 10)
      try await Self.stillAnswers(server)
    }
  }

  @Test func `a body that drips is cut off in time, with a reason`() async throws {
    var limits = ServingLimits()
    limits.bodySeconds = 1
    try await TestServer.with(limits: limits) { server in
      let answer = try await Wire.talk {
        let wire = try Wire(port: server.port, seconds: 20)
        try wire.send(
          Wire.head("POST", Self.path, port: server.port, token: server.token(.reader), type: "image/png", length: 1000))
        do {
          for _ in 0..<30 {
            try wire.send("x")
            Thread.sleep(forTimeInterval: 0.1)
          }
        } catch Wire.Fault.cannotSend {}
        let answer = try wire.answer()
        #expect(wire.isClosed())
        return answer
      }
      #expect(answer.status == 408)
      #expect(try answer.json()["code"] as? String == "too_slow")
      try await Self.stillAnswers(server)
    }
  }

  @Test func `two thousand connections that do nothing are closed, and keep nobody out meanwhile`() async throws {
    // Both ends are in this process, which has too few files for that unless it asks.
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    try #require(getrlimit(files, &limit) == 0)
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 16_384))
    try #require(setrlimit(files, &limit) == 0)
    var limits = ServingLimits()
    limits.idleSeconds = 15
    try await TestServer.with(limits: limits) { server in
      let wires = try await Wire.talk { try (0..<2000).map { _ in try Wire(port: server.port, seconds: 60) } }
      try await Self.stillAnswers(server)
      let closed = await (try? Wire.talk { wires.count { $0.isClosed() } }) ?? 0
      #expect(closed == 2000)
      try await Self.stillAnswers(server)
    }
  }

  @Test func `a client that never reads is cut off, and keeps nobody out meanwhile`() async throws {
    var limits = ServingLimits()
    limits.answerSeconds = 2
    try await TestServer.with(limits: limits) { server in
      let document = try await server.send("GET", "/api/v1/openapi.json", as: nil).body.count
      let requests = 3000
      try #require(document * requests > 64 << 20, "more than any socket keeps")
      let bytes = try await Wire.talk { () -> Int? in
        let wire = try Wire(port: server.port, seconds: 10)
        let one = Data(Wire.head("GET", "/api/v1/openapi.json", port: server.port).utf8)
        do { for _ in 0..<requests { try wire.send(one) } } catch Wire.Fault.cannotSend {}
        // Not reading, for longer than an answer may take.
        Thread.sleep(forTimeInterval: 8)
        return wire.bytesUntilClosed()
      }
      let came = try #require(bytes, "the connection was cut off")
      #expect(came < document * requests / 2, "what was in sockets at most")
      try await Self.stillAnswers(server)
    }
  }

  @Test(arguments: [
    String(repeating: "[", count: 200_000), "{\"image\":" + String(repeating: "[", count: 100_000),
    String(repeating: "{\"images\":", count: 50_000), "{\"images\": [" + String(repeating: "\"\",", count: 100_000) + "\"\"]}",
    "{\"image\": \"\u{0}\"}", "\"\\ud800\"", "1e999999", "{\"image\": \"\\ud800\"}",
    "{\"x\": [" + String(repeating: "0,", count: 1_000_000) + "0]}",
    "{" + (0..<200_000).map { "\"\($0)\":0," }.joined() + "\"image\": \"\"}",
  ])
  func `deep, long and broken JSON is refused`(_ body: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", Self.path, type: "application/json", body: Data(body.utf8))
      #expect([400, 413].contains(answer.status), "\(body.prefix(20))")
      try await Self.stillAnswers(server)
    }
  }

  @Test func `what is no picture is told apart from what is a bad one`() async throws {
    let png = try SmallModels.png(1, side: 200)
    let jpeg = try PictureWriter.jpeg(SmallModels.picture(1, side: 200), quality: 90)
    let cases: [(Data, Int, String)] = [
      (Data("PK\u{3}\u{4}".utf8) + Data(repeating: 0, count: 100), 415, "not_a_picture"),
      (Data("%PDF-1.7".utf8), 415, "not_a_picture"), (Data("<svg/>".utf8), 415, "not_a_picture"),
      (Self.pngHeader(width: 65_535, height: 65_535), 413, "too_large"),
      (png.prefix(png.count / 2), 422, "damaged_picture"), (jpeg.prefix(jpeg.count / 2), 422, "damaged_picture"),
      (png.prefix(10), 422, "damaged_picture"), (jpeg.prefix(4), 422, "damaged_picture"),
    ]
    try await TestServer.with { server in
      for (body, status, code) in cases {
        let answer = try await server.send("POST", Self.path, type: "application/octet-stream", body: body)
        #expect(answer.status == status, "\(code): \(answer.text)")
        #expect(try answer.json()["code"] as? String == code)
        #expect(answer.headers["content-type"] == "application/problem+json")
      }
      try await Self.stillAnswers(server)
    }
  }

  @Test func `whatever is changed in a picture, it is answered or refused`() async throws {
    let files = try [SmallModels.png(1, side: 60), PictureWriter.jpeg(SmallModels.picture(1, side: 60), quality: 80)]
    var stream = RandomStream(seed: 5, RandomStream.number(of: "pictures"))
    var mutants: [Data] = []
    for number in 0..<(Self.isLong ? 20_000 : 400) {
      var file = files[number % 2]
      if number % 4 < 2 {
        file = file.prefix(Int(stream.next() % UInt64(file.count)))
      } else {
        for _ in 0...(stream.next() % 4) {
          file[Int(stream.next() % UInt64(file.count))] = UInt8(truncatingIfNeeded: stream.next())
        }
      }
      mutants.append(file)
    }
    let bodies = mutants.filter { !$0.isEmpty }
    try await TestServer.with { server in
      var statuses: [Int: Int] = [:]
      for body in bodies {
        let answer = try await server.send("POST", Self.path, type: "application/octet-stream", body: body)
        statuses[answer.status, default: 0] += 1
      }
      #expect(Set(statuses.keys).isSubset(of: [201, 413, 415, 422]), "\(statuses)")
      #expect(statuses[422, default: 0] > bodies.count / 8)
      try await Self.stillAnswers(server)
    }
  }

  @Test func `what finds no room is refused at once, and comes in when there is room`() async throws {
    var limits = ServingLimits()
    limits.waitingPictures = 2
    limits.requests = 3
    try await TestServer.with(limits: limits) { server in
      let semaphore = DispatchSemaphore(value: 0)
      async let blocker: Void = server.server.room.queue.run { semaphore.wait() }
      let (statuses, retries) = try await withThrowingTaskGroup(of: Wire.Answer.self) { group in
        for _ in 0..<12 {
          group.addTask { try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1)) }
        }
        var answers: [Wire.Answer] = []
        while let answer = try await group.next() {
          answers.append(answer)
          // All that are refused have come back while the network does nothing.
          if answers.count == 9 { semaphore.signal() }
        }
        return (answers.map(\.status), answers.compactMap { $0.headers["retry-after"] })
      }
      try await blocker
      #expect(statuses.count { $0 == 503 } >= 9 && statuses.count { $0 == 201 } >= 2)
      #expect(statuses.count { $0 == 503 } + statuses.count { $0 == 201 } == 12)
      #expect(retries.count == statuses.count { $0 == 503 } && retries.allSatisfy { (1...60).contains(Int($0) ?? 0) })
      try await Self.stillAnswers(server)
    }
  }

  @Test func `what can never fit is too large, and not busy for ever`() async throws {
    var limits = ServingLimits()
    limits.memoryBytes = 1 << 20
    try await TestServer.with(limits: limits) { server in
      // Ten bytes a pixel while it is decoded.
      let large = try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1, side: 400))
      #expect(large.status == 413 && large.text.contains("too_large") && large.headers["retry-after"] == nil)
      #expect(server.server.room.memoryInUse == 0, "what was taken is given back")
      try await Self.stillAnswers(server)
    }
  }

  @Test(arguments: [
    "GET / HTTP/9.9\r\n\r\n", "NONSENSE\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}", "GET /healthz HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "POST /predict HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /predict HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
  ])
  func `what is no HTTP harms nobody`(_ text: String) async throws {
    var limits = ServingLimits()
    limits.idleSeconds = 2
    try await TestServer.with(limits: limits) { server in
      _ = try await Wire.talk {
        let wire = try Wire(port: server.port, seconds: 20)
        try wire.send(text)
        return wire.isClosed()
      }
      try await Self.stillAnswers(server)
    }
  }

  /// A PNG that says it is of this size and holds nothing of it.
  private static func pngHeader(width: UInt32, height: UInt32) -> Data {
    func bigEndian(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }
    func chunk(_ name: String, _ content: Data) -> Data {
      let body = Data(name.utf8) + content
      return bigEndian(UInt32(content.count)) + body + bigEndian(checksum(body))
    }
    return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      + chunk("IHDR", bigEndian(width) + bigEndian(height) + Data([8, 0, 0, 0, 0])) + chunk("IDAT", Data([0x78, 0x9C]))
      + chunk("IEND", Data())
  }

  /// CRC-32 as PNG uses it.
  private static func checksum(_ data: Data) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }
    return ~sum
  }
}
