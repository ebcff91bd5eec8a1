import Digests

/// What a server takes in one call, and in one value: MLflow's own limits, kept beforehand, since a batch that breaks
/// one is refused as a whole.
package struct MLflowLimits: Equatable, Sendable {
  /// Characters (Unicode scalars, as Python counts them) of a parameter's value.
  package var parameterLength: Int
  package var tagLength: Int

  package static let metricsPerBatch = 1000
  package static let parametersPerBatch = 100
  package static let tagsPerBatch = 100
  /// The least of what servers take, minus what goes around the entries.
  package static let bytesPerBatch = 990_000
  package static let keyLength = 250
  package static let datasetDigestLength = 36
  package static let datasetNameLength = 500

  /// - Parameter version: nil for services that do not tell, which get the strictest limits.
  package init(version: MLflowVersion?) {
    let isRecent = version.map { $0 >= MLflowVersion(major: 3, minor: 0) } ?? false
    parameterLength = isRecent ? 6000 : 500
    tagLength = isRecent ? 8000 : 5000
  }

  /// A name as every server takes it: letters, digits, `_`, `-`, `.`, space and `/` between names, at most 250.
  ///
  /// A name that must change for it gets the first six digits of its digest, so that two names never become one.
  package static func key(_ text: String) -> String {
    let characters = text.unicodeScalars.map { scalar -> Character in
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar))
          || "_/.- ".unicodeScalars.contains(scalar))
      return isPlain ? Character(scalar) : "_"
    }
    // Servers that keep names as files refuse those that are no clean path.
    let names = String(characters).split(separator: "/").map { name in
      name.allSatisfy { $0 == "." } ? Substring(String(repeating: "_", count: name.count)) : name
    }
    let clean = names.joined(separator: "/")
    guard clean != text || clean.isEmpty || clean.count > keyLength else { return clean }
    let mark = "-" + ContentDigest(of: text).hex.prefix(6)
    return String(clean.prefix(keyLength - mark.count)) + mark
  }

  /// A value that fits: cut where it is too long, with a note where the whole of it is.
  package static func cut(_ text: String, to length: Int, whole path: String) -> String {
    guard isLonger(text, than: length) else { return text }
    let note = " … (cut; whole in \(path))"
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text.unicodeScalars.prefix(length - note.unicodeScalars.count))
    return String(scalars) + note
  }

  package static func isLonger(_ text: String, than length: Int) -> Bool {
    // Bytes are at least as many as scalars, and cheap to count.
    text.utf8.count > length && text.unicodeScalars.count > length
  }

  /// Divides entries into groups that one call takes.
  ///
  /// - Parameter bytes: of an entry as it is sent.
  package static func batches<Entry>(_ entries: [Entry], atMost count: Int, bytes: (Entry) -> Int) -> [[Entry]] {
    var batches: [[Entry]] = []
    var size = 0
    for entry in entries {
      let own = bytes(entry)
      if let last = batches.last, last.count < count, size + own <= bytesPerBatch {
        batches[batches.count - 1].append(entry)
        size += own
      } else {
        batches.append([entry])
        size = own
      }
    }
    return batches
  }
}
