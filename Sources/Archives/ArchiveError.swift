/// Why an archive was not unpacked. Nothing of it remains on the disk.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
  /// The file's first bytes are those of no format that is read here.
  case notAnArchive(archive: String)
  /// The file cannot be read to its end; `reason` is libarchive's or the zip directory's.
  case damaged(archive: String, reason: String)
  case encrypted(archive: String, entry: String)
  case unsafePath(archive: String, entry: String, reason: String)
  /// A link, device, socket or pipe.
  case forbiddenKind(archive: String, entry: String, kind: ArchiveEntry.Kind)
  case duplicatePath(archive: String, entry: String)
  case tooManyEntries(archive: String, limit: Int)
  case tooManyBytes(archive: String, limit: Int64)
  /// `entry` is nil where the archive as a whole is meant.
  case ratioTooHigh(archive: String, entry: String?, ratio: Double, limit: Double)
  /// What the archive declares and what it holds differ.
  case forged(archive: String, entry: String, reason: String)
  case destinationExists(path: String)

  public var description: String {
    switch self {
    case .notAnArchive(let archive):
      "'\(archive)' is not a zip or tar archive (tar may be packed by gzip, bzip2 or xz). Give one of those, or the unpacked folder."
    case .damaged(let archive, let reason):
      "The archive '\(archive)' is damaged or cut short: \(reason). Fetch it again."
    case .encrypted(let archive, let entry):
      "The archive '\(archive)' is encrypted (at '\(shown(entry))'). Unpack it yourself and give the folder."
    case .unsafePath(let archive, let entry, let reason):
      "The archive '\(archive)' was refused: the path '\(shown(entry))' \(reason). \(Self.distrust)"
    case .forbiddenKind(let archive, let entry, let kind):
      "The archive '\(archive)' was refused: '\(shown(entry))' is a \(kind == .link ? "link" : "device, socket or pipe"), and only files and folders are unpacked. \(Self.distrust)"
    case .duplicatePath(let archive, let entry):
      "The archive '\(archive)' was refused: it holds '\(shown(entry))' twice. \(Self.distrust)"
    case .tooManyEntries(let archive, let limit):
      "The archive '\(archive)' was refused: it holds more than \(limit) files and folders. \(Self.distrust)"
    case .tooManyBytes(let archive, let limit):
      "The archive '\(archive)' was refused: unpacked it is larger than \(limit) bytes. \(Self.distrust)"
    case .ratioTooHigh(let archive, let entry, let ratio, let limit):
      "The archive '\(archive)' was refused: \(entry.map { "'\(shown($0))'" } ?? "it") unpacks to \(Int(ratio)) times its packed size or more, and the limit is \(Int(limit)). \(Self.distrust)"
    case .forged(let archive, let entry, let reason):
      "The archive '\(archive)' was refused: \(reason) (at '\(shown(entry))'). It is damaged or forged; fetch it again from a source you trust."
    case .destinationExists(let path):
      "'\(path)' exists already. Choose a new folder, or remove that one first."
    }
  }

  private static let distrust =
    "Nothing was unpacked. If you trust it, unpack it yourself and give the folder."
}

/// An entry's name fit for a message: a hostile name must not move a terminal's cursor.
private func shown(_ entry: String) -> String {
  let safe = entry.unicodeScalars.map { scalar in
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : String(scalar)
  }
  return safe.count > 200 ? safe.prefix(200).joined() + "…" : safe.joined()
}
