import Foundation
import Inference
import MedicalImages
import Serving
import Testing

@Suite(.timeLimit(.minutes(3)))
struct PredictionRouteTests {
  private static let path = "/api/v1/predictions"

  /// The probabilities' bits by position.
  private static func bits(_ answer: Wire.Answer) throws -> [[String: UInt64]] {
    let response = try JSONDecoder().decode(Response.self, from: answer.body)
    return response.predictions.sorted { $0.position < $1.position }.map { $0.probabilities.mapValues(\.bitPattern) }
  }

  struct Response: Decodable {
    struct Item: Decodable {
      var id: String
      var position: Int
      var label: String
      var probabilities: [String: Double]
      var decision: String
    }
    var predictions: [Item]
  }

  private static func expected(_ files: [Data]) throws -> [[String: UInt64]] {
    let classifier = try SmallModels.classifier()
    return try files.map { file in
      // One by one: whatever shared a pass on the server.
      let answer = try classifier.answers(for: [PictureReader.decode(file, name: "x").picture])[0]
      return Dictionary(uniqueKeysWithValues: zip(answer.classes, answer.probabilities.map(\.bitPattern)))
    }
  }

  @Test func `every way of asking gives the bits of the classifier alone`() async throws {
    let files = try (0..<50).map {
      try $0 % 5 == 0 ? PictureWriter.jpeg(SmallModels.picture($0), quality: 90) : SmallModels.png($0)
    }
    let expected = try Self.expected(files)
    #expect(Set(expected.map { $0["Tumor"]! }).count > 40)
    try await TestServer.with { server in
      let form = try await server.send("POST", Self.path, type: Bodies.formType, body: Bodies.form(files))
      #expect(form.status == 201)
      #expect(try Self.bits(form) == expected)
      let body = try Bodies.json(["images": files.map { $0.base64EncodedString() }])
      let json = try await server.send("POST", Self.path, type: "application/json", body: body)
      #expect(try Self.bits(json) == expected)
      for (file, row) in zip(files, expected) {
        let type = file.starts(with: [0xFF, 0xD8]) ? "image/jpeg" : "image/png"
        let raw = try await server.send("POST", Self.path, type: type, body: file)
        #expect(try Self.bits(raw) == [row])
      }
      // Sixteen at a time, each in its own way.
      try await withThrowingTaskGroup(of: (Int, [[String: UInt64]]).self) { group in
        for number in 0..<16 {
          group.addTask {
            let file = files[number]
            func ask(_ type: String, _ body: Data) async throws -> (Int, [[String: UInt64]]) {
              (number, try Self.bits(try await server.send("POST", Self.path, type: type, body: body)))
            }
            switch number % 4 {
            case 0: return try await ask("application/octet-stream", file)
            case 1: return try await ask(Bodies.formType, Bodies.form([file]))
            case 2:
              let body = try Bodies.json(["image": "data:image/png;base64," + file.base64EncodedString()])
              return try await ask("application/json", body)
            default:
              let body = try Bodies.json(["image": file.base64EncodedString()])
              let legacy = try await server.send("POST", "/predict", type: "application/json", body: body)
              let id = try #require(legacy.headers["x-prediction-id"])
              let stored = try await server.send("GET", Self.path + "/" + id)
              let item = try JSONDecoder().decode(Response.Item.self, from: stored.body)
              return (number, [item.probabilities.mapValues(\.bitPattern)])
            }
          }
        }
        for try await (number, bits) in group { #expect(bits == [expected[number]]) }
      }
    }
  }

  @Test func `an answer says what is needed to judge it later, and is kept as it was given`() async throws {
    let file = try SmallModels.png(3)
    try await TestServer.with { server in
      let answer = try await server.send("POST", Self.path, type: "image/png", body: file)
      let item = try #require((try answer.json()["predictions"] as? [[String: Any]])?.first)
      let id = try #require(item["id"] as? String)
      #expect(answer.headers["location"] == "\(Self.path)/\(id)")
      #expect(answer.headers["cache-control"] == "no-store")
      let model = try #require(item["model"] as? [String: Any])
      #expect(model["name"] as? String == "small")
      #expect((model["digest"] as? String)?.count == 64)
      let point = try #require(item["operating_point"] as? [String: Any])
      #expect(point["positive_class"] as? String == "Tumor" && point["probability"] as? Double == 0.4)
      let picture = try #require(item["picture"] as? [String: Any])
      #expect(picture["width"] as? Int == 24 && picture["format"] as? String == "png")
      #expect((item["notice"] as? String)?.contains("Research use only") == true)
      #expect(item["study"] == nil)
      let stored = try await server.send("GET", "\(Self.path)/\(id)")
      #expect(stored.status == 200)
      #expect(answer.text == "{\"failures\":[],\"predictions\":[\(stored.text)]}")
      let listed = try await server.send("GET", Self.path)
      #expect(listed.text == "{\"predictions\":[\(stored.text)]}")
    }
  }

  @Test func `a result of somebody else is not found, and an operator sees all`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", Self.path, as: .administrator, type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(Response.self, from: answer.body).predictions[0].id
      for path in ["\(Self.path)/\(id)", "\(Self.path)/\(id)/explanation"] {
        #expect(try await server.send("GET", path, as: .reader).status == 404)
        #expect(try await server.send("GET", path, as: .operator).status == 200)
      }
      let feedback = try await server.send(
        "POST", "\(Self.path)/\(id)/feedback", as: .reader, type: "application/json",
        body: Data("{\"verdict\":\"agree\"}".utf8))
      #expect(feedback.status == 404)
      #expect(try await server.send("GET", "\(Self.path)/\(id)/feedback", as: .reader).status == 404)
      #expect(try await server.send("GET", Self.path, as: .reader).text == "{\"predictions\":[]}")
      #expect(try await server.send("GET", Self.path, as: .operator).text.contains(id))
    }
  }

  @Test func `results are searched among all that one may see, page by page`() async throws {
    try await TestServer.with { server in
      func ask(_ role: Role, _ number: Int) async throws -> String {
        let answer = try await server.send("POST", Self.path, as: role, type: "image/png", body: SmallModels.png(number))
        return try #require(try JSONDecoder().decode(Response.self, from: answer.body).predictions.first?.id)
      }
      func judge(_ id: String, _ body: [String: Any]) async throws {
        let answer = try await server.send(
          "POST", "\(Self.path)/\(id)/feedback", type: "application/json", body: Bodies.json(body))
        #expect(answer.status == 201)
      }
      var own: [String] = []
      for number in 0..<7 { own.append(try await ask(.reader, number)) }
      let foreign = try await ask(.administrator, 8)
      try await judge(own[1], ["verdict": "disagree", "note": "Riñón izquierdo, CÁLCULO"])
      try await judge(own[2], ["verdict": "disagree"])
      try await judge(own[2], ["verdict": "agree", "note": "a second look"])
      func found(_ query: String, as role: Role = .reader) async throws -> [String] {
        let answer = try await server.send("GET", Self.path + "?" + query, as: role)
        #expect(answer.status == 200, "\(query)")
        return try JSONDecoder().decode(Response.self, from: answer.body).predictions.map(\.id)
      }
      #expect(try await found("search=c%C3%A1lculo+ri%C3%91%C3%B3n") == [own[1]])
      #expect(try await found("search=look") == [own[2]])
      #expect(try await found("search=look+nothing") == [])
      #expect(try await found("search=" + own[5].prefix(12)) == [own[5]])
      #expect(try await found("search=" + foreign) == [])
      #expect(try await found("search=" + foreign, as: .operator) == [foreign])
      #expect(try await found("search=SMALL").count == 7)
      #expect(try await found("search=%25") == [])
      #expect(try await found("verdict=agree") == [own[2]])
      #expect(try await found("verdict=disagree") == [own[1]])
      #expect(try await found("verdict=none") == [own[6], own[5], own[4], own[3], own[0]])
      #expect(try await found("decision=answered").count == 7)
      #expect(try await found("decision=uncertain") == [])
      // Older pages go on with the search.
      let first = try await server.send("GET", Self.path + "?verdict=none&limit=2").json()
      let next = try #require(first["next"] as? Int)
      #expect(try await found("verdict=none&limit=2&before=\(next)") == [own[4], own[3]])
      let long = "search=" + String(repeating: "a", count: 200)
      for (query, status) in [
        ("decision=maybe", 400), ("verdict=never", 400), ("verdict=", 400), (long, 200), (long + "a", 400),
        ("search=" + String(repeating: "a+", count: 100), 200),
      ] {
        #expect(try await server.send("GET", Self.path + "?" + query).status == status, "\(query)")
      }
      // What a search left out is not said to have been seen.
      var listed: [String] = []
      try server.server.room.audit.forEach { if $0.action == .predictionsListed { listed.append($0.detail ?? "") } }
      #expect(listed.contains("their own from 2 to 2, 1 of them: 2"))
    }
  }

  @Test func `pictures of one study are ordered, and the summary says what it is not`() async throws {
    let files = try (0..<6).map { try SmallModels.png($0) } + [Data("no picture".utf8)]
    try await TestServer.with { server in
      let answer = try await server.send(
        "POST", Self.path, type: Bodies.formType, body: Bodies.form(files, fields: [("study", "true")]))
      #expect(answer.status == 201)
      let study = try #require(try answer.json()["study"] as? [String: Any])
      #expect(study["pictures"] as? Int == 7 && study["failed"] as? Int == 1)
      #expect(study["finding"] as? String == "Tumor")
      #expect((study["notice"] as? String)?.contains("Not calibrated for studies") == true)
      let slices = try #require(study["suspicious"] as? [[String: Any]])
      let probabilities = slices.compactMap { $0["probability"] as? Double }
      #expect(probabilities.count == 6 && probabilities == probabilities.sorted(by: >))
      #expect(Set(probabilities).count > 1)
      let failures = try #require(try answer.json()["failures"] as? [[String: Any]])
      #expect(failures.count == 1 && failures[0]["position"] as? Int == 6)
      #expect((failures[0]["problem"] as? [String: Any])?["code"] as? String == "not_a_picture")
      let id = try #require(study["id"] as? String)
      let listed = try await server.send("GET", "\(Self.path)?study=\(id)&limit=4")
      #expect((try listed.json()["predictions"] as? [Any])?.count == 4)
      let next = try #require(try listed.json()["next"] as? Int)
      let rest = try await server.send("GET", "\(Self.path)?study=\(id)&before=\(next)")
      #expect((try rest.json()["predictions"] as? [Any])?.count == 2)
      #expect(try rest.json()["next"] == nil)
    }
  }

  @Test func `who waits to be asked for the body is asked once it is let in, and not before`() async throws {
    let file = try SmallModels.png(1)
    try await TestServer.with { server in
      @Sendable func head(_ token: String?, length: Int) -> String {
        Wire.head(
          "POST", Self.path, port: server.port, token: token, type: "image/png", length: length,
          headers: ["Expect": "100-continue"])
      }
      let statuses = try await Wire.talk {
        let wire = try Wire(port: server.port)
        // Twice on one connection.
        return try (0..<2).map { _ in
          try wire.send(head(server.token(.reader), length: file.count))
          let asked = try wire.text(until: "\r\n\r\n")
          #expect(asked == "HTTP/1.1 100 Continue\r\n\r\n")
          try wire.send(file)
          return try wire.answer().status
        }
      }
      #expect(statuses == [201, 201])
      let refused: [(token: String?, length: Int, status: Int)] = [
        (nil, file.count, 401), (server.token(.reader), 1 << 40, 413),
      ]
      for (token, length, status) in refused {
        let answer = try await Wire.talk {
          let wire = try Wire(port: server.port)
          try wire.send(head(token, length: length))
          let answer = try wire.answer()
          #expect(wire.isClosed(), "a body that nobody asked for may never come")
          return answer
        }
        #expect(answer.status == status)
      }
    }
  }

  @Test func `an explanation is a picture of the picture's size, for the class that is named`() async throws {
    try await TestServer.with { server in
      let answer = try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(2, side: 40))
      let id = try JSONDecoder().decode(Response.self, from: answer.body).predictions[0].id
      let drawn = try await server.send("GET", "\(Self.path)/\(id)/explanation")
      #expect(drawn.status == 200 && drawn.headers["content-type"] == "image/png")
      #expect(drawn.headers["x-explanation-method"] == "gradcam")
      let picture = try PictureReader.decode(drawn.body, name: "explanation").picture
      #expect(picture.width == 40 && picture.height == 40 && picture.channels == 3)
      let plain = try await server.send("GET", "\(Self.path)/\(id)/explanation?opacity=0")
      #expect(try PictureReader.decode(plain.body, name: "plain").picture == SmallModels.picture(2, side: 40))
      let other = try await server.send("GET", "\(Self.path)/\(id)/explanation?class=Cyst")
      #expect(other.status == 400)
      #expect(try await server.send("GET", "\(Self.path)/\(id)/explanation?opacity=2").status == 400)
    }
  }

  @Test func `a picture that made room for newer ones can no longer be explained`() async throws {
    var limits = ServingLimits()
    limits.keptPictureBytes = try SmallModels.png(1).count + 10
    try await TestServer.with(limits: limits) { server in
      let first = try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(1))
      let id = try JSONDecoder().decode(Response.self, from: first.body).predictions[0].id
      #expect(try await server.send("GET", "\(Self.path)/\(id)/explanation").status == 200)
      _ = try await server.send("POST", Self.path, type: "image/png", body: SmallModels.png(4))
      let gone = try await server.send("GET", "\(Self.path)/\(id)/explanation")
      #expect(gone.status == 410)
      #expect(try gone.json()["code"] as? String == "gone")
    }
  }
}
