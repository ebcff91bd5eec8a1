import Tracking
import Training

extension RunStore {
  /// Tells of names that no run has: they are no error, since the next run may have them, but find nothing.
  func noteUnknownNames(in query: RunQuery) throws {
    for unknown in try unknownNames(in: query) { Terminal.standardError("note: \(unknown.text)\n") }
  }
}

extension UnknownName {
  /// Such as "no run here has 'acuracy'. Did you mean 'accuracy'?".
  var text: String {
    let word = name.lowercased()
    let advice =
      if let nearest = nearestWord(to: name, among: known) {
        "Did you mean '\(nearest)'?"
      } else if case let similar = known.filter({ $0.lowercased().contains(word) }), !similar.isEmpty, word.count > 1 {
        "These have it in them: \(similar.prefix(8).joined(separator: ", "))."
      } else {
        "'nefro runs show' names what a run has."
      }
    return "no run here has '\(name)'. \(advice)"
  }
}
