import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// A server, ready to run: its store is open and its model has answered.
public struct NefroServer: Sendable {
  /// What the routes share: stores, model, queue and measurements.
  public let room: ServingRoom
  /// Every route it answers, pages and the OpenAPI document included.
  public let routes: RouteRegistry
  /// The administrator's token of a store that had none; nil for any other. It is kept nowhere else.
  public let firstToken: AccessToken?
  private let gatekeeper: Gatekeeper

  /// - Parameter documents: what pages show of the project and its models beside records; without it they show none.
  /// - Throws: `ServingError` for settings that would let strangers in; what opening the store and the model throws.
  public init(
    _ options: ServingOptions, model source: ModelSource, documents: ProjectDocuments = ProjectDocuments()
  ) throws {
    try options.validate()
    let records = try ServingRecords(in: options.store, clock: options.clock)
    let room = try ServingRoom(options, records: records, source: source)
    self.room = room
    var routes = RouteRegistry()
    routes.add(HealthRoutes(room: room).routes)
    routes.add(PredictionRoutes(room: room).routes)
    routes.add(FeedbackRoutes(room: room).routes)
    routes.add(ModelRoutes(room: room).routes)
    routes.add(PromotionRoutes(room: room).routes)
    routes.add(RunRoutes(room: room).routes)
    routes.add(TrainingRoutes(room: room).routes)
    routes.add(LegacyRoutes(room: room).routes)
    let cookies = SessionCookies(
      sessions: SessionStore(clock: options.clock, random: options.random), tokens: room.tokens,
      isSecure: options.hasTLS || options.behindProxy)
    let pages = try PageRoutes(room: room, cookies: cookies, documents: documents)
    routes.add(pages.routes)
    routes.nowhere = pages.nowhere
    routes.add(try OpenAPIDocument.route(describing: routes.routes))
    self.routes = routes
    gatekeeper = Gatekeeper(
      sources: [BearerTokens(room.tokens, recent: room.recent), cookies], audit: room.audit, clock: options.clock,
      acceptsOnlyLoopbackNames: options.isLoopback && !options.behindProxy)
    var generator = FunctionGenerator(draw: options.random)
    firstToken = try room.tokens.createFirst(using: &generator)
    try room.audit.add(
      AuditEntry(
        time: options.clock(), actor: "server", action: .serverStarted, subject: room.models.current.identity.version,
        model: room.models.current.identity.digest.hex))
  }

  /// Serves until the process is told to stop (SIGTERM, SIGINT) or the task is cancelled; answers that are under way
  /// are finished.
  ///
  /// - Parameter onReady: gets the port as soon as connections are taken.
  /// - Throws: `ServingError.cannotListen`, `cannotRead` for the certificate.
  public func run(
    signals: [UnixSignal] = [.sigterm, .sigint], onReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws {
    let options = room.options
    let application = Application(
      router: routes.router(gatekeeper: gatekeeper, measurements: room.measurements), server: try channel(),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), serverName: nil,
        availableConnectionsDelegate: .maximum(options.limits.connections, logger: options.logger)),
      onServerRunning: { channel in await onReady(channel.localAddress?.port ?? options.port) },
      logger: options.logger)
    defer { room.training.stop() }
    var configuration = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: signals, logger: options.logger)
    configuration.maximumGracefulShutdownDuration = .seconds(options.limits.drainSeconds)
    configuration.maximumCancellationDuration = .seconds(options.limits.cancellationSeconds)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      throw ServingError.cannotListen(
        host: options.host, port: options.port, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  private func channel() throws -> HTTPServerBuilder {
    let (limits, room) = (room.limits, room)
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [ClientWatch(), ConnectionDeadlines(limits: limits), BusyRefusal(room: room)],
        idleTimeout: .seconds(limits.idleSeconds),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
          maxHeaderFieldCount: limits.headerFields)))
    guard let certificate = room.options.certificate, let key = room.options.key else { return plain }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate.path).map { NIOSSLCertificateSource.certificate($0) }
      var tls = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key.path, format: .pem)))
      tls.minimumTLSVersion = .tlsv12
      return try .tls(plain, tlsConfiguration: tls)
    } catch {
      throw ServingError.cannotRead(path: "\(certificate.path)' or '\(key.path)", reason: "\(error)")
    }
  }
}

/// A function as a generator.
struct FunctionGenerator: RandomNumberGenerator {
  let draw: @Sendable () -> UInt64

  mutating func next() -> UInt64 { draw() }
}
