import Foundation

/// A language that pages speak.
enum PageLanguage: String, CaseIterable, Sendable {
  case english = "en"
  case spanish = "es"

  var other: PageLanguage { self == .english ? .spanish : .english }

  /// Its own name for itself.
  var ownName: String { self == .english ? "English" : "Español" }

  /// The language of a visitor: what they chose, else the one that their browser prefers, else English.
  ///
  /// - Parameters:
  ///   - chosen: of the cookie.
  ///   - accepted: the header `Accept-Language`, such as `es-PE, es;q=0.9, en;q=0.5`.
  init(chosen: String?, accepted: String?) {
    if let chosen = chosen.flatMap(Self.init(rawValue:)) {
      self = chosen
      return
    }
    let wishes = (accepted ?? "").split(separator: ",").enumerated().compactMap { place, wish -> (Double, Int, Self)? in
      let parts = wish.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let name = parts.first?.prefix(2).lowercased(), let language = Self(rawValue: name) else { return nil }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      return weight > 0 ? (weight, place, language) : nil
    }
    self = wishes.min { ($1.0, $0.1) < ($0.0, $1.1) }?.2 ?? .english
  }
}
