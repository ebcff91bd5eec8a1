/// What a person or a program may do; each role may all that the ones before it may.
public enum Role: String, Codable, CaseIterable, Comparable, Sendable {
  /// Asks for answers, sees and judges their own.
  case reader
  /// Sees everybody's results and the server's figures.
  case `operator`
  /// Decides which model answers.
  case administrator

  /// In the order in which they are declared: `reader` is the least.
  public static func < (first: Role, second: Role) -> Bool { first.rank < second.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// Who may use a route. There is no route without one.
public enum Policy: String, CaseIterable, Sendable {
  /// Anybody who can reach the server.
  case `public`
  /// `reader` or more.
  case reader
  /// `operator` or more.
  case `operator`
  /// `administrator` alone.
  case administrator

  /// The least role it takes; nil for none.
  public var leastRole: Role? {
    switch self {
    case .public: nil
    case .reader: .reader
    case .operator: .operator
    case .administrator: .administrator
    }
  }
}

/// Who sends a request, as far as that is proven.
public struct Principal: Equatable, Sendable {
  /// The token's identity: results belong to it.
  public var id: String
  /// What the administrator called it.
  public var name: String
  /// What they may do, as the token says.
  public var role: Role

  /// - Parameters:
  ///   - id: the token's identity.
  ///   - name: what the administrator called it.
  ///   - role: what they may do.
  public init(id: String, name: String, role: Role) {
    self.id = id
    self.name = name
    self.role = role
  }

  /// Whoever uses a public route.
  public static let nobody = Principal(id: "-", name: "without a token", role: .reader)

  /// Whether results of others are shown to them.
  public var seesAll: Bool { role >= .operator }
}
