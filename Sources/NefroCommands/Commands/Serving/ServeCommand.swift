import ArgumentParser
import Foundation
import Inference
import Logging
import Serving

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer for pictures over HTTP.",
    discussion: """
      The first start makes an administrator token and prints it once; 'nefro tokens' makes others. Without --model \
      the one that predict would use answers. Log lines go to standard error as JSON. SIGTERM ends the server when it has \
      answered what it was asked. See docs/serving.md. Research use only: no answer is a diagnosis.
      """)

  @Option(name: .long, help: "The name or address of this machine to listen on.")
  var host = "127.0.0.1"

  @Option(name: .long, help: "The port; 0 takes a free one.")
  var port = 8080

  @Option(name: .long, help: ArgumentHelp("The model file.", valueName: "file"), completion: .file())
  var model: String?

  @Option(name: .long, help: ArgumentHelp("A registered model, whose champion answers.", valueName: "name"))
  var registered: String?

  @Option(
    name: .long, help: ArgumentHelp("The certificate and its chain, PEM.", valueName: "file"),
    completion: .file())
  var tlsCertificate: String?

  @Option(name: .long, help: ArgumentHelp("The certificate's key, PEM.", valueName: "file"), completion: .file())
  var tlsKey: String?

  @Flag(name: .long, help: "A proxy does TLS: another address than loopback is allowed without it.")
  var behindProxy = false

  @Flag(name: .long, help: "POST /predict needs no token; on loopback only.")
  var legacyOpen = false

  @Option(name: .long, help: ArgumentHelp("The largest body, in MiB.", valueName: "n"))
  var bodyLimit = 64

  @Option(name: .long, help: ArgumentHelp("How many pictures may wait.", valueName: "n"))
  var queue = 1024

  @Option(name: .long, help: ArgumentHelp("For how long answers are finished after SIGTERM, in seconds.", valueName: "n"))
  var drain = 60

  @Option(name: .long, help: "The project's folder.", completion: .directory)
  var project = "."

  @OptionGroup var place: StoreOptions

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port \(port): must be 0 to 65535.") }
    guard (1...256).contains(bodyLimit) else { throw ValidationError("--body-limit \(bodyLimit): must be 1 to 256.") }
    guard (1...10_000).contains(queue) else { throw ValidationError("--queue \(queue): must be 1 to 10000.") }
    guard (1...3600).contains(drain) else { throw ValidationError("--drain \(drain): must be 1 to 3600.") }
    if model != nil, registered != nil { throw ValidationError("Give --model or --registered, not both.") }
  }

  /// This program's file, for trainings and promotions.
  private static var program: URL {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: own ?? CommandLine.arguments[0])
  }

  /// A connection is a file, and systems give a program 1,024 unless it asks.
  private static func allowConnections(_ count: Int) {
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(count + 256)))
    setrlimit(files, &limit)
  }

  func run() async throws {
    let store = place.folder(ofProject: URL(filePath: project, directoryHint: .isDirectory))
    var limits = ServingLimits()
    limits.bodyBytes = bodyLimit << 20
    limits.waitingPictures = queue
    limits.drainSeconds = Int64(drain)
    // The largest body with all of its pictures must fit.
    limits.memoryBytes = max(limits.memoryBytes, 7 * limits.bodyBytes)
    let options = ServingOptions(
      host: host, port: port, certificate: tlsCertificate.map { URL(filePath: $0) },
      key: tlsKey.map { URL(filePath: $0) },
      behindProxy: behindProxy, legacyOpen: legacyOpen, store: store,
      project: URL(filePath: project, directoryHint: .isDirectory), program: Self.program, limits: limits,
      logger: Logger(label: "nefro") { _ in JSONLineLogHandler { Terminal.standardError($0) } })
    // Before the model is loaded, which takes a while.
    try options.validate()
    let source: ModelSource =
      if let registered {
        .registered(name: registered, store: store)
      } else {
        .file(try ModelLocator(explicit: model.map { URL(filePath: $0) }).locate())
      }
    Self.allowConnections(limits.connections)
    let server = try NefroServer(options, model: source, documents: .recorded)
    if let token = server.firstToken {
      try Terminal.standardOutput("Administrator token, shown this once: \(token.secret)\n")
    }
    let identity = server.room.models.current.identity
    let scheme = options.hasTLS ? "https" : "http"
    let authority = host.contains(":") ? "[\(host)]" : host
    try await server.run { port in
      let mark = identity.leakage.map { " Trained on a \($0)." } ?? ""
      try? Terminal.standardOutput(
        "\(identity.version ?? identity.name) (\(identity.digest.short)) answers on \(scheme)://\(authority):\(port)."
          + "\(mark) Research use only.\n")
    }
  }
}
