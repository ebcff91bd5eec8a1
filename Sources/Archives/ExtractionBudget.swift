/// Counts what an archive has declared, or has really unpacked to, against the limits.
struct ExtractionBudget {
  let archive: String
  let limits: ArchiveLimits
  /// The archive file's size in bytes.
  let packedBytes: Int64
  private(set) var entries = 0
  private(set) var bytes: Int64 = 0

  init(archive: String, limits: ArchiveLimits, packedBytes: Int64) {
    self.archive = archive
    self.limits = limits
    self.packedBytes = packedBytes
  }

  mutating func countEntry() throws {
    entries += 1
    guard entries <= limits.maximumEntries else {
      throw ArchiveError.tooManyEntries(archive: archive, limit: limits.maximumEntries)
    }
  }

  mutating func count(bytes more: Int64) throws {
    let (sum, overflow) = bytes.addingReportingOverflow(more)
    guard !overflow, sum <= limits.maximumBytes else {
      throw ArchiveError.tooManyBytes(archive: archive, limit: limits.maximumBytes)
    }
    bytes = sum
    try Self.checkRatio(archive: archive, entry: nil, unpacked: sum, packed: packedBytes, limits: limits)
  }

  static func checkRatio(
    archive: String, entry: String?, unpacked: Int64, packed: Int64, limits: ArchiveLimits
  ) throws {
    guard unpacked > ArchiveLimits.ratioFloor else { return }
    let ratio = Double(unpacked) / Double(max(packed, 1))
    guard ratio <= limits.maximumRatio else {
      throw ArchiveError.ratioTooHigh(archive: archive, entry: entry, ratio: ratio, limit: limits.maximumRatio)
    }
  }
}
