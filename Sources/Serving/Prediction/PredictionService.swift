import Digests
import Foundation
import HTTPTypes
import Hummingbird
import Inference
import MedicalImages

/// From a request's body to answers that are on the disk.
struct PredictionService: Sendable {
  let room: ServingRoom

  /// What came of a request.
  struct Outcome: Sendable {
    var predictions: [Prediction]
    /// The predictions' JSON, as it is kept.
    var documents: [String]
    var failures: [Failure]
    var study: StudySummary?
  }

  /// A picture that could not be read.
  struct Failure: Encodable, Sendable {
    var position: Int
    var problem: Problem.Document
  }

  /// - Parameters:
  ///   - isStudy: whether the pictures belong together, if the upload does not say so.
  ///   - parse: gets the body and its content type.
  /// - Throws: `Problem`; the first picture's where none can be read. `CancellationError` if the client goes before its
  ///   answers are being written: what waits for the network is taken out, and nothing is kept. Of a client that goes
  ///   later all is kept, as of one that got its answers: from here it cannot be told whether they arrived.
  func predict(
    _ request: Request, context: ServingContext, isStudy: Bool = false,
    parse: @escaping @Sendable (Data, String?) throws -> Upload
  ) async throws -> Outcome {
    let client = try await context.client()
    return try await client.whileHere {
      try await predict(request, context: context, isStudy: isStudy, client: client, parse: parse)
    }
  }

  private func predict(
    _ request: Request, context: ServingContext, isStudy: Bool, client: ClientPresence,
    parse: @escaping @Sendable (Data, String?) throws -> Upload
  ) async throws -> Outcome {
    let start = ContinuousClock.now
    let admission = try room.admit()
    let contentType = request.headers[.contentType]
    let body = try await BodyReader(limit: room.limits.bodyBytes, context: context).read(request) { count in
      try room.take(count, for: admission.memory)
    }
    let (isOneStudy, decoded) = try await offload(on: room.worker) {
      let upload = try parse(body, contentType)
      try room.take(pictures: upload.pictures.count, for: admission)
      let decoded = try upload.pictures.indices.map { position in
        if client.hasLeft { throw CancellationError() }
        let picture = upload.pictures[position]
        try room.take(picture.bytesToTakeOut, for: admission.memory)
        let file = try upload.takeOut(position)
        admission.memory.shrink(by: picture.bytesOfCopy)
        return try decode(file, position: position, share: admission.memory)
      }
      return (isStudy || upload.isStudy, decoded)
    }
    let study = isOneStudy ? room.newIdentity() : nil
    let pictures = decoded.compactMap { try? $0.get() }
    let failures = decoded.enumerated().compactMap { position, result -> (Int, Problem)? in
      if case .failure(let problem) = result { (position, problem) } else { nil }
    }
    guard !pictures.isEmpty else { throw failures[0].1 }
    let model = room.models.current
    let answers = try await room.queue.answers(for: pictures.map(\.picture), by: model, in: admission.places)
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    let now = room.clock()
    let predictions = zip(pictures, answers).map { picture, answer in
      Prediction(
        id: room.newIdentity(), position: picture.position, answer: answer, model: model, picture: picture.facts,
        study: study, time: now, milliseconds: milliseconds)
    }
    let documents = try await room.results.records.writing { [room] in
      // It may have waited for its turn.
      if client.hasLeft { throw CancellationError() }
      return try room.results.add(predictions, of: context.principal, request: context.id, at: now)
    }
    for ((prediction, answer), picture) in zip(zip(predictions, answers), pictures) {
      room.measurements.count(answer, model: model.identity)
      room.kept.keep(picture.file, for: prediction.id)
    }
    withExtendedLifetime(admission) {}
    return Outcome(
      predictions: predictions, documents: documents,
      failures: failures.map { Failure(position: $0.0, problem: $0.1.document(request: context.id)) },
      study: study.map {
        StudySummary(id: $0, predictions: predictions, failed: failures.count, classes: model.classifier.classes)
      })
  }

  /// Bytes a pixel while a picture is decoded, as a progressive JPEG needs them (`PictureLimits`); three of them stay.
  private static let bytesOfDecoding = 10

  private struct Decoded: Sendable {
    var position: Int
    var file: Data
    var picture: Picture
    var facts: Prediction.PictureFacts
  }

  /// - Returns: the picture, or what is wrong with it.
  /// - Throws: `Problem` for the whole request where there is no memory.
  private func decode(
    _ file: Data, position: Int, share: MemoryBudget.Share
  ) throws(Problem) -> Result<Decoded, Problem> {
    let name = "picture \(position + 1)"
    // The reader works on a copy of the file.
    try room.take(file.count, for: share)
    var temporary = file.count
    defer { share.shrink(by: temporary) }
    do {
      // The header first: what it says must fit before anything is allocated for pixels.
      let header = try PictureReader.information(of: file, name: name, limits: room.limits.pictures)
      let pixels = header.width * header.height
      do {
        try room.take(Self.bytesOfDecoding * pixels, for: share)
      } catch {
        throw Full(problem: error)
      }
      temporary += (Self.bytesOfDecoding - 3) * pixels
      let picture = try PictureReader.decode(file, name: name, limits: room.limits.pictures).picture
      let facts = Prediction.PictureFacts(
        format: header.format, width: header.width, height: header.height, sha256: ContentDigest(of: file))
      return .success(Decoded(position: position, file: file, picture: picture, facts: facts))
    } catch let full as Full {
      throw full.problem
    } catch {
      return .failure(Problem(error))
    }
  }

  /// There is no memory for a picture: not its own fault.
  private struct Full: Error { var problem: Problem }
}
